"""The sender with stand-in platforms, and short waits."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from core.database import Database
from tests.unit.channels.sender.post import Post


@pytest.fixture
async def post(database: Database, valkey: Redis, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Post]:
    monkeypatch.setattr("channels.settle.FIRST_WAIT", 0.02)
    monkeypatch.setattr("channels.sender.SWEEP_SECONDS", 0.2)
    monkeypatch.setattr("channels.sender.REPORT_SECONDS", 0.05)
    monkeypatch.setattr("channels.sender.GRACE_SECONDS", 0.0)
    made = Post(database, valkey)
    yield made
    await made.close()
