"""A model that was trained while the system runs: a fresh engine takes over, and no message is lost meanwhile."""

import asyncio
import json
import shutil
import sqlite3
import time
import urllib.request
from itertools import pairwise
from pathlib import Path

import pytest

from channels.handler import APOLOGY
from core.settings import ROOT, Settings
from pracha import model
from tests.system import RunningSystem

CITIZENS = 6
LINES = ("สวัสดีค่ะ", "เทศบาลเปิดกี่โมงคะ", "บัตรประชาชนหายต้องทำยังไง", "ขอบคุณค่ะ")


@pytest.mark.timeout(240)
async def test_a_fresh_engine_takes_over_without_losing_a_message(tmp_path: Path) -> None:
    trained = await asyncio.to_thread(model.ensure, Settings(models=ROOT / "var" / "models"))
    models = tmp_path / "models"
    models.mkdir()
    shutil.copy(trained, models / trained.name)
    system = RunningSystem(tmp_path / "var", PRACHA_MODELS=str(models))
    (tmp_path / "var").mkdir()
    await asyncio.to_thread(system.start)
    try:
        await system.until_ready()
        taken_over = asyncio.Event()
        talks = [asyncio.create_task(_talk(system, f"swap-{number}", taken_over)) for number in range(CITIZENS)]
        await asyncio.sleep(2)
        before = system.children()["engine"]
        shutil.copy(trained, models / "half.copy")
        (models / "half.copy").rename(models / "pracha-fresh.tar.gz")
        await asyncio.to_thread(_until_served, system, "pracha-fresh.tar.gz")
        async with asyncio.timeout(20):
            while system.children().get("engine") == before or Path(f"/proc/{before}").exists():
                await asyncio.sleep(0.1)
        taken_over.set()
        said = await asyncio.gather(*talks)
    finally:
        await asyncio.to_thread(system.stop)
    assert min(said) >= 4, "too little was said to prove anything"
    rows = sqlite3.connect(tmp_path / "var" / "pracha.sqlite3").execute(
        "select c.external_id, m.author, m.content from message m join conversation c on c.id = m.conversation_id"
        " where c.external_id like 'swap-%' order by c.external_id, m.sequence"
    )
    authors: dict[str, list[str]] = {}
    for name, author, content in rows:
        assert json.loads(content).get("text") != APOLOGY.text
        authors.setdefault(name, []).append(author)
    for number, count in enumerate(said):
        talked = authors[f"swap-{number}"]
        assert talked.count("citizen") == count
        assert all(first != second or first == "bot" for first, second in pairwise(talked)), talked


async def _talk(system: RunningSystem, name: str, taken_over: asyncio.Event) -> int:
    """Say one thing after the other until the fresh engine has taken over, and a few more; gives how many."""
    count, after = 0, 0
    while after < 3:
        event = {"event_id": f"{name}-{count:04d}"}
        answer = await asyncio.to_thread(system.chat, name, LINES[count % len(LINES)], **event)
        assert answer["messages"]
        count, after = count + 1, after + taken_over.is_set()
        await asyncio.sleep(0.2)
    return count


def _until_served(system: RunningSystem, file: str) -> None:
    url = f"http://127.0.0.1:{system.environment['PRACHA_ENGINE_PORT']}/webhooks/pracha/"
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if json.load(answer)["file"] == file:
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{file} was never served")
