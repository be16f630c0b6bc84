"""Health: ``/healthz`` (the process answers), ``/readyz`` (everything behind it works), ``/metrics`` (Prometheus)."""

import asyncio
from collections.abc import Awaitable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core import heartbeat
from core.database import Database
from core.settings import Settings
from web import address, answer, parts
from web.api.operation import holds_key
from web.failures import Failure

PATIENCE = 3.0  # seconds one check may take
WORKERS = ("dispatcher", "sender", "desk")


def routes() -> list[web.RouteDef]:
    """The three addresses."""
    return [web.get("/healthz", alive), web.get("/readyz", ready), web.get("/metrics", metrics)]


async def alive(_request: web.Request) -> web.Response:
    """Says that this process answers, and nothing about others."""
    return answer.json({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def ready(request: web.Request) -> web.Response:
    """200 when all parts work; 503 naming those that do not."""
    known = parts.of(request)
    checks: dict[str, Awaitable[bool]] = {
        "database": database_works(known.database),
        "valkey": valkey_works(known.valkey),
        "engine": known.engine.healthy(),
        "model": asyncio.to_thread(has_model, known.settings),
        **{worker: worker_lives(known.valkey, worker) for worker in WORKERS},
    }
    answers = await asyncio.gather(*(_in_time(check) for check in checks.values()))
    states = {name: "ok" if good else "broken" for name, good in zip(checks, answers, strict=True)}
    broken = [name for name, state in states.items() if state == "broken"]
    words = {"status": "broken" if broken else "ok", "broken": broken, "parts": states}
    return answer.json(words, status=503 if broken else 200, headers={"Cache-Control": "no-store"})


async def metrics(request: web.Request) -> web.Response:
    """For this machine itself and holders of an API key: numbers of use are not for everybody."""
    if not address.is_local(request) and not holds_key(request, parts.of(request).settings):
        raise Failure(401)
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})


async def database_works(database: Database) -> bool:
    """Whether it answers a question."""
    async with database.read() as rows:
        number: int | None = await rows.scalar(text("SELECT 1"))
    return number == 1


async def valkey_works(valkey: Redis) -> bool:
    """Whether it answers a ping."""
    return bool(await valkey.ping())


async def worker_lives(valkey: Redis, kind: str) -> bool:
    """Whether any process of this kind has said within ten seconds that it lives."""
    async for _ in valkey.scan_iter(match=f"{heartbeat.key(kind)}*", count=1000):
        return True
    return False


def has_model(settings: Settings) -> bool:
    """Whether a trained model lies where the engine looks for it."""
    return any(settings.models.glob("*.tar.gz"))


async def _in_time(check: Awaitable[bool]) -> bool:
    try:
        return await asyncio.wait_for(check, PATIENCE)
    except (TimeoutError, OSError, RedisError, SQLAlchemyError):
        return False
