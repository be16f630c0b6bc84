"""The assistant's own action server for the engine's tests, over a database of its own.

Run in the root environment (`.venv/bin/python tests/engine/real_actions.py FOLDER COUNT`) it makes the database, brings
the curated answers in, prints as many citizens as asked ({"conversation_id", "person_id", "photo"}, one a line), and becomes the
action server.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.engine.processes import ROOT, wait_for_port
from tests.ports import free_port

READY_SECONDS = 240  # on a machine with much else to do
PYTHON = ROOT / ".venv" / "bin" / "python"


@dataclass(frozen=True)
class RealActions:
    """A running action server and the citizens that its database knows."""

    url: str
    citizens: list[dict[str, str]]


@contextlib.contextmanager
def real_actions(folder: Path, count: int) -> Iterator[RealActions]:
    """Run the assistant's action server with so many citizens."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")},
        "PRACHA_VAR": str(folder),
        "PRACHA_ACTIONS_PORT": str(port),
        "PRACHA_DENSE": "false",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    with (folder / "actions.log").open("wb") as log, (folder / "citizens.jsonl").open("wb") as out:
        command = [str(PYTHON), "-m", "tests.engine.real_actions", str(folder), str(count)]
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=log)
    try:
        lines = _citizens(folder / "citizens.jsonl", count, running)
        wait_for_port(port, READY_SECONDS)
        yield RealActions(f"http://127.0.0.1:{port}/webhook", [json.loads(line) for line in lines[:count]])
    finally:
        running.terminate()
        running.wait(20)


def _citizens(path: Path, count: int, running: subprocess.Popen[bytes]) -> list[str]:
    end = time.monotonic() + READY_SECONDS
    while len(lines := path.read_text(encoding="utf-8").splitlines()) < count:
        if running.poll() is not None or time.monotonic() > end:
            raise RuntimeError((path.parent / "actions.log").read_text(encoding="utf-8", errors="replace"))
        time.sleep(0.05)
    return lines


async def prepare(count: int) -> None:
    """Make the database and print the citizens."""
    from rich.console import Console

    from conversations.attachment import Attachment
    from conversations.conversation import find_or_open
    from core.database import Database
    from core.settings import settings
    from pracha.run import prepare_database

    await prepare_database(settings(), Console(file=sys.stderr))
    database = Database(settings().database)
    async with database.write() as session:
        for number in range(count):
            citizen = await find_or_open(session, "web", "default", f"citizen-{number}")
            photo = Attachment(conversation_id=citizen.id, media_type="image/jpeg", name="a.jpg", size=1, sha256="0")
            session.add(photo)
            await session.flush()
            print(json.dumps({"conversation_id": citizen.id, "person_id": citizen.person_id, "photo": photo.id}))
    await database.close()


if __name__ == "__main__":
    asyncio.run(prepare(int(sys.argv[2])))
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "actions.server"])
