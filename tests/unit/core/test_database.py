"""Transactions that lose no update, and times that keep their zone."""

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from conversations import conversation
from conversations.conversation import Conversation
from core import audit
from core.audit import AuditEntry
from core.database import Database


async def test_a_hundred_counting_transactions_count_to_a_hundred(database: Database) -> None:
    second = Database(str(database.engine.url))  # as another process would open it
    async with database.write() as session:
        opened = await conversation.find_or_open(session, "web", "default", "somchai")

    async def count(through: Database) -> None:
        async with through.write() as session:
            row = await session.get_one(Conversation, opened.id)
            row.last_sequence += 1

    await asyncio.gather(*(count(through) for through in (database, second) for _ in range(50)))
    async with database.read() as session:
        assert await session.scalar(select(Conversation.last_sequence)) == 100
    await second.close()


async def test_an_exception_rolls_everything_back(database: Database) -> None:
    async def change() -> None:
        async with database.write() as session:
            audit.record(session, "system", "test", "nothing")
            await session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await change()
    async with database.read() as session:
        assert await session.scalar(select(AuditEntry)) is None


async def test_times_come_back_in_utc_and_naive_ones_are_refused(database: Database) -> None:
    async with database.write() as session:
        audit.record(session, "system", "test", "nothing")
    async with database.read() as session:
        entry = (await session.scalars(select(AuditEntry))).one()
    assert entry.at.utcoffset() is not None

    async def naive() -> None:
        async with database.write() as session:
            session.add(AuditEntry(actor="a", action="b", subject="c", at=datetime(2026, 1, 1)))  # noqa: DTZ001

    with pytest.raises(StatementError):
        await naive()


async def test_a_reader_is_not_blocked_by_a_writer(database: Database) -> None:
    async with database.write() as writing:
        audit.record(writing, "system", "test", "nothing")
        await writing.flush()
        async with asyncio.timeout(1), database.read() as session:
            assert await session.scalar(select(AuditEntry)) is None


async def test_an_error_does_not_tell_what_was_to_be_written(database: Database) -> None:
    async def twice() -> None:
        async with database.write() as session:
            session.add_all(AuditEntry(id="same", actor="a", action="b", subject="081-234-5678") for _ in range(2))

    with pytest.raises(IntegrityError) as caught:
        await twice()
    assert "081-234-5678" not in str(caught.value)
