"""Rasa's own server and ours, with the same model, action server and kind of tracker store, one after the other.

``make bench-engine`` (or ``python benchmarks/engine.py --model var/models/….tar.gz``). Stock is `rasa run` as shipped: its REST
channel, Redis tracker store and lock in memory. Both get a fresh Valkey and a fresh action server (the assistant's own, over a
fresh SQLite database), and the same 32 citizens say the same 30 things each, all at once. Everything runs on this machine and
shares its processors. The last line is JSON.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import statistics
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from talk import CYCLE, Asked, Heard, Line, converse, cycle, flood

from core.settings import ROOT
from pracha import model as trained
from tests.engine.processes import Valkey
from tests.engine.real_actions import RealActions, real_actions
from tests.ports import free_port

CITIZENS, TURNS = 32, 30
LONG, EARLY, LATE = 20, 5, 300  # conversations that go on and on, and the turns that are compared
PARSED = 300
FLOOD_SECONDS = 6.0
PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
_CASE = re.compile(r"P\d\d-\d{6}-\d(?:\?k=[\w-]+)?")  # cases are numbered in the order in which they come, keys are drawn
_MINUTE = re.compile(r"\d\d\.\d\d น\.")  # of a case's history: one server runs after the other


@dataclass
class Running:
    """A server that answers, and what its start took."""

    port: int
    pid: int
    start_seconds: float

    def memory(self) -> float:
        """Megabytes in memory of the process and its children, what they share counted once."""
        pids = [self.pid, *map(int, Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split())]
        lines = [line for pid in pids for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextlib.contextmanager
def server(command: list[str], port: int, health: str, folder: Path, **environment: str) -> Iterator[Running]:
    """Start a server, wait until it answers, and end it."""
    known = {**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", **environment}
    known["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"
    with (folder / f"server-{port}.log").open("wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=known, stdout=log, stderr=log)
    try:
        asyncio.run(answering(port, health, process))
        yield Running(port, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(30)


async def answering(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            if b" 200 " in await reader.readline():
                return
        await asyncio.sleep(0.05)
    raise RuntimeError(f"the server on {port} ended")


@contextlib.contextmanager
def stock(model: Path, valkey: Valkey, actions: RealActions, folder: Path) -> Iterator[Running]:
    port = free_port()
    store = f"tracker_store:\n  type: redis\n  url: 127.0.0.1\n  port: {valkey.port}\n  db: 0\n"
    (folder / "endpoints.yml").write_text(f"{store}action_endpoint:\n  url: {actions.url}\n", encoding="utf-8")
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    command = [
        str(PYTHON.parent / "rasa"), "run", "--model", str(model), "--interface", "127.0.0.1", "--port", str(port),
        "--endpoints", str(folder / "endpoints.yml"), "--credentials", str(folder / "credentials.yml"),
    ]  # fmt: skip
    with server(command, port, "/webhooks/rest/", folder) as running:
        yield running


@contextlib.contextmanager
def ours(model: Path, valkey: Valkey, actions: RealActions, folder: Path, workers: int = 1) -> Iterator[Running]:
    port = free_port()
    command = [
        str(PYTHON), "-m", "bot.runtime.server", "--model", str(model), "--endpoints", str(ROOT / "endpoints.yml"),
        "--port", str(port), "--workers", str(workers),
    ]  # fmt: skip
    with server(command, port, "/webhooks/pracha/", folder, TRACKER_URL=valkey.url, ACTIONS_URL=actions.url) as running:
        yield running


def ask_stock(conversation: str, number: int, said: str, citizen: dict[str, str]) -> tuple[str, dict[str, Any]]:
    return "/webhooks/rest/webhook", {"sender": conversation, "message": said, "metadata": metadata(citizen)}


def ask_ours(conversation: str, number: int, said: str, citizen: dict[str, str]) -> tuple[str, dict[str, Any]]:
    kind = "payload" if said.startswith("/") else "text"
    body = {"conversation": conversation, "event_id": str(number), kind: said, "metadata": metadata(citizen)}
    return "/webhooks/pracha/webhook", body


def metadata(citizen: dict[str, str]) -> dict[str, str]:
    return {**citizen, "channel": "web", "account": "default", "language": "th"}


@contextlib.contextmanager
def neighbours(citizens: int) -> Iterator[tuple[Valkey, RealActions, Path]]:
    """A fresh Valkey and a fresh action server."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        for room in ("valkey", "actions"):
            (folder / room).mkdir()
        valkey = Valkey(folder / "valkey")
        valkey.start()
        try:
            with real_actions(folder / "actions", citizens) as actions:
                yield valkey, actions, folder
        finally:
            valkey.kill()


def said_by_stock(answer: list[dict[str, Any]]) -> list[Any]:
    """Stock's messages in the form of ours."""
    messages: list[Any] = []
    for one in answer:
        if "custom" in one:
            messages.append(one["custom"])
        choices = [choice(button) for button in one.get("buttons", [])]
        if one.get("text"):
            messages.append({"type": "text", "text": one["text"], "choices": choices})
        if one.get("image"):
            messages.append({"type": "image", "url": one["image"]})
    return messages


def choice(button: dict[str, Any]) -> dict[str, Any]:
    kind = button.get("kind") or ("link" if button.get("url") else "reply")
    return {"title": button.get("title", ""), "payload": button.get("payload") or button.get("url") or "", "kind": kind}


def equal_share(theirs: Heard, mine: Heard) -> tuple[float, list[str]]:
    """The share of turns with the same messages, and what differs."""
    differing, total = [], 0
    pairs = zip(theirs.answers.values(), mine.answers.values(), strict=True)  # the citizens are others, in the same order
    for citizen, (answers, our_answers) in enumerate(pairs):
        for number, (stock_answer, our_answer) in enumerate(zip(answers, our_answers, strict=True)):
            total += 1
            wanted, got = plain(said_by_stock(stock_answer)), plain(our_answer["messages"])
            if wanted != got:
                same = next((place for place, (one, other) in enumerate(zip(wanted, got, strict=False)) if one != other), 0)
                start = max(0, same - 60)
                shown = f"\n    stock …{wanted[start : start + 160]}\n    ours  …{got[start : start + 160]}"
                differing.append(f"citizen {citizen} turn {number}:{shown}")
    return 1 - len(differing) / total, differing


def plain(messages: list[Any]) -> str:
    return _MINUTE.sub("", _CASE.sub("P", json.dumps(messages, ensure_ascii=False, sort_keys=True)))


async def growth(port: int, citizens: list[dict[str, str]]) -> float:
    """The median cost of the 300th turn over that of the 5th, asked by turns while nothing else runs."""
    line = Line(port)
    early, late = citizens[:LONG], citizens[LONG : 2 * LONG]

    async def up_to(citizen: dict[str, str], last: int) -> None:
        own = Line(port)
        for number, said in zip(range(1, last), cycle(), strict=False):
            await own.post(*ask_ours(citizen["conversation_id"], number, said, citizen))
        own.close()

    async def cost(citizen: dict[str, str], number: int) -> float:
        began = time.perf_counter()
        await line.post(*ask_ours(citizen["conversation_id"], number, CYCLE[(number - 1) % len(CYCLE)], citizen))
        return time.perf_counter() - began

    await asyncio.gather(*(up_to(citizen, LATE) for citizen in late), *(up_to(citizen, EARLY) for citizen in early))
    costs = [(await cost(new, EARLY), await cost(old, LATE)) for new, old in zip(early, late, strict=True)]
    before, after = (1000 * statistics.median(column) for column in zip(*costs, strict=True))
    print(f"turn {EARLY}: {before:.2f} ms, turn {LATE}: {after:.2f} ms")
    return after / before


async def parse_milliseconds(port: int) -> float:
    """The median of reading one message, over HTTP, nothing else running."""
    lines = (ROOT / "tests/data/intents_unseen.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(one)["text"] for one in lines]
    line, seconds = Line(port), []
    for text in (texts * (PARSED // len(texts) + 1))[:PARSED]:
        began = time.perf_counter()
        await line.post("/webhooks/pracha/parse", {"text": text})
        seconds.append(time.perf_counter() - began)
    return 1000 * statistics.median(seconds)


def beside_stock(model: Path, found: dict[str, Any]) -> None:
    """The 32 conversations by both."""
    measured: list[tuple[Running, Heard, float]] = []
    kinds: list[tuple[str, Any, Asked]] = [("stock", stock, ask_stock), ("ours", ours, ask_ours)]
    for name, start, ask in kinds:
        with neighbours(CITIZENS + 2 * LONG) as (valkey, actions, folder), start(model, valkey, actions, folder) as running:
            heard = uvloop.run(converse(running.port, ask, actions.citizens[:CITIZENS], TURNS))
            measured.append((running, heard, running.memory()))
            print(
                f"{name}: {heard.per_second:.1f} messages/s, p50 {heard.at(0.5):.0f} ms, p95 {heard.at(0.95):.0f} ms,"
                f" {measured[-1][2]:.0f} MB, ready after {running.start_seconds:.1f} s"
            )
            if name == "ours":
                found["growth_300_5"] = round(uvloop.run(growth(running.port, actions.citizens[CITIZENS:])), 3)
                found["parse_p50_ms"] = round(uvloop.run(parse_milliseconds(running.port)), 2)
    (slow, theirs, much), (fast, mine, little) = measured
    share, differing = equal_share(theirs, mine)
    print(*differing[:5], sep="\n")
    found |= {
        "speedup": round(mine.per_second / theirs.per_second, 2),
        "p95_ratio": round(mine.at(0.95) / theirs.at(0.95), 3),
        "memory_ratio": round(little / much, 3),
        "startup_ratio": round(fast.start_seconds / slow.start_seconds, 3),
        "equal_messages": round(share, 4),
        "messages_per_second": round(mine.per_second, 1),
        "stock_messages_per_second": round(theirs.per_second, 1),
    }


def workers(model: Path, found: dict[str, Any]) -> None:
    """Small talk, which takes no custom action, with one worker and with two, by turns."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    with neighbours(CITIZENS * 4) as (valkey, actions, folder):
        groups = [actions.citizens[start : start + CITIZENS] for start in range(0, 4 * CITIZENS, CITIZENS)]
        for count, group in zip((1, 2, 1, 2), groups, strict=True):
            with ours(model, valkey, actions, folder, count) as running:
                rates[count].append(uvloop.run(flood(running.port, ask_ours, group, FLOOD_SECONDS)))
                print(f"{count} worker(s): {rates[count][-1]:.1f} messages/s, {running.memory():.0f} MB in all")
    found["two_workers"] = round(statistics.mean(rates[2]) / statistics.mean(rates[1]), 2)


def has_vectors(model: Path) -> bool:
    with tarfile.open(model) as archive:
        about = archive.extractfile(next(one for one in archive if one.name.endswith("metadata.json")))
        assert about is not None
        return "vector" in about.read().decode().lower()


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--model", type=Path, default=None, help="a trained model; without it, that of the present inputs")
    reader.add_argument("--only", choices=("stock", "workers"), help="one half of it")
    asked = reader.parse_args()
    model = asked.model or trained.ensure(trained_settings())
    found: dict[str, Any] = {"dense_vectors": has_vectors(model)}
    if asked.only != "workers":
        beside_stock(model.resolve(), found)
    if asked.only != "stock":
        workers(model.resolve(), found)
    print(json.dumps(found))


def trained_settings() -> Any:
    from core.settings import settings

    return settings()


if __name__ == "__main__":
    main()
