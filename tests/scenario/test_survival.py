"""The promise: whatever process is killed, every accepted message is answered once and in order."""

import asyncio
import sqlite3
from typing import Any

import aiohttp
import pytest

from tests.system import RunningSystem

CITIZENS, TURNS = 20, 6
LINES = ("สวัสดีค่ะ", "บัตรประชาชนหายต้องทำยังไง", "ขอบคุณค่ะ", "ทำอะไรได้บ้าง", "เทศบาลเปิดกี่โมง", "ขอบคุณมากครับ")


@pytest.mark.timeout(400)
async def test_engine_dispatcher_and_valkey_are_killed_while_twenty_conversations_go_on(system: RunningSystem) -> None:
    async with aiohttp.ClientSession() as http:
        talks = [asyncio.create_task(_talk(http, system, number)) for number in range(CITIZENS)]
        for name in ("engine", "dispatcher-1", "valkey", "actions", "sender-1"):
            await asyncio.sleep(3)
            system.kill(name)
        await asyncio.gather(*talks)
    await system.until_ready()
    await _everything_handled(system)
    for number in range(CITIZENS):
        _check_transcript(_transcript(system, f"survivor-{number}"))


async def _talk(http: aiohttp.ClientSession, system: RunningSystem, number: int) -> None:
    """Say all lines, one at a time, each until it is known to be accepted; a repeat carries the same event id."""
    for turn, text in enumerate(LINES[:TURNS]):
        body = {"conversation": f"survivor-{number}", "text": text, "event_id": f"event-{number:02d}-{turn}"}
        await asyncio.sleep(0.2 * (number % 5))
        for _ in range(60):
            try:
                if await _accepted(http, system, body):
                    break
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.5)
        else:
            pytest.fail("never accepted")


async def _accepted(http: aiohttp.ClientSession, system: RunningSystem, body: dict[str, Any]) -> bool:
    headers = {"X-API-Key": system.api_key}
    async with http.post(f"{system.url}/api/v1/chat", json=body, headers=headers) as answer:
        return answer.status in {200, 504}  # 504: accepted, the answer is still being made


async def _everything_handled(system: RunningSystem) -> None:
    async with asyncio.timeout(150):
        while _query(system, "select count(*) from inbox where state = 'received'")[0][0]:
            await asyncio.sleep(0.3)
        while _query(system, "select count(*) from outbox where state in ('pending', 'sending')")[0][0]:
            await asyncio.sleep(0.3)


def _transcript(system: RunningSystem, who: str) -> list[tuple[str, str, str]]:
    return _query(
        system,
        "select m.author, m.event_id, coalesce(json_extract(m.content, '$.text'), '') from message m "
        "join conversation c on c.id = m.conversation_id where c.external_id like ? order by m.sequence",
        f"%{who}",
    )


def _check_transcript(rows: list[tuple[str, str, str]]) -> None:
    events: list[str] = []
    for author, event, _ in rows:
        if author == "citizen":
            assert event not in events, "an event was handled twice"
            events.append(event)
        else:
            assert event == events[-1], "an answer does not follow its question"
    assert [event.rsplit("-", 1)[1] for event in events] == [str(turn) for turn in range(TURNS)]
    assert [text for author, _, text in rows if author == "citizen"] == list(LINES[:TURNS])
    answered = {event for author, event, _ in rows if author == "bot"}
    assert answered == set(events), "a message was not answered"
    assert not [text for author, _, text in rows if "ระบบตอบข้อความนี้ไม่ได้" in text]


def _query(system: RunningSystem, sql: str, *values: str) -> list[Any]:
    with sqlite3.connect(f"file:{system.folder / 'pracha.sqlite3'}?mode=ro", uri=True) as connection:
        return connection.execute(sql, values).fetchall()
