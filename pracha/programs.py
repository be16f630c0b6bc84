"""The programs of one installation, and how one sees that each works."""

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
from redis.exceptions import RedisError

from core import heartbeat, valkey
from core.settings import ROOT, Settings
from pracha import model
from pracha.process import Program


def valkey_program(settings: Settings) -> Program:
    """The bundled Valkey."""

    async def ready() -> bool:
        client = valkey.connect(settings.valkey_url)
        try:
            return bool(await client.ping())
        except (RedisError, OSError):
            return False
        finally:
            await client.aclose()

    return Program("valkey", valkey.server_command(settings), ready, settings.valkey_port)


def actions_program(settings: Settings) -> Program:
    """The custom actions, called by the engine."""
    command = [sys.executable, "-m", "actions.server", "--port", str(settings.actions_port)]
    return Program(
        "actions", command, _answers(f"http://127.0.0.1:{settings.actions_port}/health"), settings.actions_port, _environment()
    )


def engine_program(settings: Settings, trained: Path) -> Program:
    """The dialogue engine with a model, in its own environment, on loopback; it works when it answers with this model."""
    command = [
        str(model.ENGINE_PYTHON), "-m", "bot.runtime.server",
        "--model", str(trained),
        "--endpoints", str(ROOT / "endpoints.yml"),
        "--port", str(settings.engine_port),
        "--workers", str(settings.engine_workers),
    ]  # fmt: skip
    ready = _answers(f"{settings.engine_url}/webhooks/pracha/", file=trained.name)
    return Program("engine", command, ready, settings.engine_port, model.engine_environment(settings))


def web_program(settings: Settings) -> Program:
    """The web application: pages, widget, API, webhooks."""
    command = [sys.executable, "-m", "web.server", "--host", settings.host, "--port", str(settings.port)]
    return Program("web", command, _answers(f"http://127.0.0.1:{settings.port}/healthz"), settings.port, _environment())


def worker_program(settings: Settings, kind: str, number: int = 1) -> Program:
    """A dispatcher, sender or desk. Its name stays the same over restarts: it takes back what it held when it was killed."""
    name = f"{kind}-{number}"
    command = [sys.executable, "-m", "pracha", "process", kind, "--name", name]

    async def ready() -> bool:
        client = valkey.connect(settings.valkey_url)
        try:
            return bool(await client.exists(heartbeat.key(name)))
        except (RedisError, OSError):
            return False
        finally:
            await client.aclose()

    return Program(name, command, ready, None, _environment())


def _environment() -> dict[str, str]:
    # Threads of one small multiplication wait in a loop for each other, on processors that the other programs need.
    return {"OPENBLAS_NUM_THREADS": "1", **os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}


def _answers(url: str, **said: str) -> Callable[[], Awaitable[bool]]:
    """Whether the address answers, with JSON that says this."""

    async def ready() -> bool:
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session, session.get(url) as answer:
                return answer.status == 200 and (not said or said.items() <= (await answer.json()).items())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return False

    return ready
