"""How long a platform waits for our 200, beside Rasa's own connectors in the same run: ``make bench-webhooks``.

Our side is the web process with a migrated SQLite database and Valkey; its work for a webhook ends with the stored event, and
the answer comes later from other processes. Rasa's side is ``rasa run`` with the same model and its Telegram and Messenger
connectors, which answer the webhook when the whole turn is over; its platforms are a stand-in that answers at once. Every
level is measured in turn, with the load in a process of its own. The last line is JSON; ``worst_p99_ratio`` is the largest of
our channels' p99 by that of Rasa's connector: Messenger's for Instagram too, and for LINE, which Rasa does not speak, the
faster of the two.
"""

import argparse
import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from load import GRAM, LINE_SECRET, META_SECRET, PAGE, TELEGRAM_SECRET
from pydantic import SecretStr
from rich.console import Console

from core import valkey
from core.settings import ROOT, Settings
from pracha import model
from pracha.run import prepare_database
from tests.ports import free_port

HERE = Path(__file__).resolve().parent
LEVELS = (1, 50, 200)
OURS = ("line", "telegram", "messenger", "instagram")
START_SECONDS = 180
Result = dict[str, float]


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--seconds", type=float, default=6, help="of every level on our side")
    reader.add_argument("--rasa-seconds", type=float, default=12, help="of every level on Rasa's side")
    reader.add_argument("--ours", action="store_true", help="only our side")
    asked = reader.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-webhooks-")))
        pracha = stack.enter_context(our_side(folder))
        rasa = {} if asked.ours else stack.enter_context(rasa_side(folder))
        results = run(pracha, rasa, asked.seconds, asked.rasa_seconds)
    show(results)
    print(json.dumps(summary(results)))


def run(pracha: Mapping[str, str], rasa: Mapping[str, str], seconds: float, rasa_seconds: float) -> dict[str, dict[int, Result]]:
    """{"pracha line": {1: {...}, 50: {...}, 200: {...}}, ..., "rasa telegram": ...}."""
    results: dict[str, dict[int, Result]] = {}
    sides = [("pracha", pracha, seconds), ("rasa", rasa, rasa_seconds)]
    for side, addresses, _ in sides:
        for channel, url in addresses.items():
            print(f"[warm-up] {side} {channel}", file=sys.stderr)
            load(channel, url, 10, 4)
    for connections in LEVELS:
        for side, addresses, length in sides:
            for channel, url in addresses.items():
                print(f"[{connections} connections] {side} {channel}", file=sys.stderr)
                results.setdefault(f"{side} {channel}", {})[connections] = load(channel, url, connections, length)
    return results


def load(channel: str, url: str, connections: int, seconds: float) -> Result:
    command = [sys.executable, str(HERE / "load.py"), channel, url]
    command += ["--connections", str(connections), "--seconds", str(seconds)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    result: Result = json.loads(done.stdout)
    if result["failed"] or not result["count"]:
        raise RuntimeError(f"{channel}: not every webhook was accepted: {result}")
    return result


def show(results: Mapping[str, Mapping[int, Result]]) -> None:
    print(f"{'':20}" + "".join(f"{f'{level} connections':>36}" for level in LEVELS))
    print(f"{'':20}" + f"{'p50 ms':>12}{'p99 ms':>12}{'a second':>12}" * len(LEVELS))
    for name, levels in results.items():
        print(f"{name:20}" + "".join(f"{one['p50']:12.2f}{one['p99']:12.2f}{one['per_second']:12.0f}" for one in levels.values()))


def summary(results: Mapping[str, Mapping[int, Result]]) -> dict[str, Any]:
    ratios = {
        f"{channel} at {level}": round(results[f"pracha {channel}"][level]["p99"] / beside(results, channel, level), 4)
        for channel in OURS
        for level in LEVELS
        if "rasa telegram" in results
    }
    return {"worst_p99_ratio": max(ratios.values(), default=None), "p99_ratios": ratios, "results": results}


def beside(results: Mapping[str, Mapping[int, Result]], channel: str, level: int) -> float:
    """The p99 that our channel is held against."""
    theirs = {name: results[f"rasa {name}"][level]["p99"] for name in ("telegram", "messenger")}
    return {"telegram": theirs["telegram"], "line": min(theirs.values())}.get(channel, theirs["messenger"])


@contextlib.contextmanager
def our_side(folder: Path) -> Iterator[dict[str, str]]:
    """Valkey and the web process in a folder of their own; gives the webhooks' addresses."""
    settings = Settings(
        var=folder / "var", port=free_port(), valkey_port=free_port(), valkey_password=SecretStr("bench"), redis_url=SecretStr("")
    )
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PRACHA_", "DATABASE_URL", "REDIS_URL"))},
        "PRACHA_VAR": str(settings.var),
        "PRACHA_PORT": str(settings.port),
        "PRACHA_VALKEY_PORT": str(settings.valkey_port),
        "PRACHA_VALKEY_PASSWORD": "bench",
        "PRACHA_LINE__MAIN__CHANNEL_SECRET": LINE_SECRET,
        "PRACHA_LINE__MAIN__ACCESS_TOKEN": "bench",
        "PRACHA_TELEGRAM__MAIN__TOKEN": "123456:bench",
        "PRACHA_TELEGRAM__MAIN__WEBHOOK_SECRET": TELEGRAM_SECRET,
        **_meta("MESSENGER", PAGE),
        **_meta("INSTAGRAM", GRAM),
    }
    asyncio.run(prepare_database(settings, Console(file=sys.stderr)))
    with (
        process(valkey.server_command(settings), environment, folder / "valkey.log"),
        process([sys.executable, "-m", "web.server"], environment, folder / "web.log", f"{settings.base_url}/healthz"),
    ):
        yield {channel: f"{settings.base_url}/webhooks/{channel}/main" for channel in OURS}


def _meta(platform: str, page: str) -> dict[str, str]:
    values = {"PAGE_ID": page, "ACCESS_TOKEN": "bench", "APP_SECRET": META_SECRET}
    return {f"PRACHA_{platform}__MAIN__{name}": value for name, value in values.items()}


@contextlib.contextmanager
def rasa_side(folder: Path) -> Iterator[dict[str, str]]:
    """``rasa run`` with the newest model, its action server and the platforms' stand-in; gives the webhooks' addresses."""
    settings = Settings(var=folder / "var", actions_port=free_port())
    port, platform = free_port(), free_port()
    trained = model.ensure(Settings())
    (folder / "credentials.yml").write_text(
        json.dumps(
            {
                "telegram": {"access_token": "123456:bench", "verify": "pracha_bot", "webhook_url": "https://city.example/hook"},
                "facebook": {"verify": "bench", "secret": META_SECRET, "page-access-token": "bench"},
            }
        )
    )
    # Trackers stay in memory, which is the quickest that Rasa has.
    (folder / "endpoints.yml").write_text(f"action_endpoint:\n  url: http://127.0.0.1:{settings.actions_port}/webhook\n")
    ours = {**os.environ, "PRACHA_VAR": str(settings.var)}
    engine = {**model.engine_environment(settings), "PLATFORM": f"http://127.0.0.1:{platform}"}
    rasa = [str(model.ENGINE_PYTHON), str(HERE / "connectors.py"), "run", "--model", str(trained), "--port", str(port)]
    rasa += ["--interface", "127.0.0.1", "--endpoints", str(folder / "endpoints.yml")]
    rasa += ["--credentials", str(folder / "credentials.yml")]
    answering = [sys.executable, str(HERE / "answering.py"), str(platform)]
    actions = [sys.executable, "-m", "actions.server", "--port", str(settings.actions_port)]
    url = f"http://127.0.0.1:{port}/webhooks"
    with (
        process(answering, ours, folder / "platform.log", f"http://127.0.0.1:{platform}/"),
        process(actions, ours, folder / "actions.log", f"http://127.0.0.1:{settings.actions_port}/health"),
        process(rasa, engine, folder / "rasa.log", f"{url}/telegram/"),
    ):
        yield {"telegram": f"{url}/telegram/webhook", "messenger": f"{url}/facebook/webhook"}


@contextlib.contextmanager
def process(command: list[str], environment: Mapping[str, str], log: Path, ready: str = "") -> Iterator[None]:
    """A program that runs for as long as the context; entered when ``ready`` answers."""
    with log.open("wb") as file:
        started = subprocess.Popen(command, cwd=ROOT, env={**environment}, stdout=file, stderr=file)
    try:
        begun = time.monotonic()
        while ready and not _answers(ready):
            if started.poll() is not None or time.monotonic() - begun > START_SECONDS:
                raise RuntimeError(f"{command[1:3]} did not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.2)
        yield
    finally:
        started.terminate()
        try:
            started.wait(20)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status < 500
    except OSError:
        return False


if __name__ == "__main__":
    main()
