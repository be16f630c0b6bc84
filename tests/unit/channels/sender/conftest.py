"""The sender with stand-in platforms, and short waits."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from core.database import Database
from tests.ports import free_port
from tests.unit.channels.sender.post import Post


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (
        ("settle.FIRST_WAIT", 0.02),
        ("settle.LONGEST_WAIT", 0.1),
        ("lane.FIRST_PAUSE", 0.02),
        ("lane.LONGEST_PAUSE", 0.1),
        ("breaker.FIRST_OPEN", 0.05),
        ("breaker.LONGEST_OPEN", 0.1),
        ("sender.SWEEP_SECONDS", 0.02),
        ("sender.REPORT_SECONDS", 0.05),
        ("sender.GRACE_SECONDS", 0.0),
    ):
        monkeypatch.setattr(f"channels.{name}", seconds)


@pytest.fixture
async def post(database: Database, short_waits: None) -> AsyncIterator[Post]:
    """Valkey is away: it only wakes the sender, which looks often here; test_path.py has one."""
    away = Redis(port=free_port())
    made = Post(database, away)
    yield made
    await made.close()
    await away.aclose()
