"""Quick messages: one at a time to the engine, and no slower than if the citizen had waited for each answer."""

import asyncio
import time

from sqlalchemy import func, select

from conversations.message import Message
from tests.unit.channels.conftest import Path

ENGINE_SECONDS = 0.03  # about what the engine takes


async def test_five_quick_messages_take_at_most_twice_as_long_as_five_after_each_other(path: Path) -> None:
    path.standin.wait = ENGINE_SECONDS
    path.dispatch()
    await path.say("warm", "สวัสดี", "w")
    await answered(path, 1)
    begun = time.perf_counter()
    for number in range(5):
        await path.say("patient", f"ข้อ {number}", f"a{number}")
        await answered(path, 2 + number)
    patiently = time.perf_counter() - begun
    begun = time.perf_counter()
    await asyncio.gather(*(path.say("hasty", f"ข้อ {number}", f"b{number}") for number in range(5)))
    await answered(path, 11)
    quickly = time.perf_counter() - begun
    assert path.standin.most == 1
    assert quickly < 2 * patiently
    assert quickly < 5 * ENGINE_SECONDS + 1  # no message waited for a sweep


async def answered(path: Path, count: int) -> None:
    """Until so many answers of the bot stand in the transcripts."""
    async with asyncio.timeout(20):
        while True:
            async with path.database.read() as session:
                if await session.scalar(select(func.count()).where(Message.author == "bot")) == count:
                    return
            await asyncio.sleep(0.002)
