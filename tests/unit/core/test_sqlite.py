"""SQLite's quick writer: transactions in a thread of their own, and a log that moves without anybody waiting."""

import asyncio
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, literal_column, select

from core.audit import AuditEntry
from core.clock import now
from core.database import Database


def note(connection: Connection, subject: str) -> str:
    connection.execute(insert(AuditEntry), {"actor": "system", "action": "test", "subject": subject, "at": now()})
    return subject


async def subjects(database: Database) -> list[str]:
    async with database.read() as session:  # SQLite's own row number: ids of one millisecond have no order
        return list(await session.scalars(select(AuditEntry.subject).order_by(literal_column("rowid"))))


async def test_a_transaction_gives_what_its_work_gives_or_leaves_nothing(database: Database) -> None:
    assert await database.transact(lambda connection: note(connection, "a")) == "a"

    def fails(connection: Connection) -> None:
        note(connection, "b")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.transact(fails)
    assert await subjects(database) == ["a"]


async def test_one_that_is_cancelled_ends_before_the_next_begins(database: Database) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        begun.set()
        go.wait(5)
        note(connection, "slow")

    first = asyncio.create_task(database.transact(slow))
    await asyncio.to_thread(begun.wait, 5)
    first.cancel()
    second = asyncio.create_task(database.transact(lambda connection: note(connection, "next")))
    go.set()
    await second
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await subjects(database) == ["slow", "next"]


async def test_quick_and_usual_transactions_take_turns(database: Database) -> None:
    async def usual(number: int) -> None:
        async with database.write() as session:
            session.add(AuditEntry(actor="system", action="test", subject=f"usual {number}"))

    quick = (database.transact(lambda connection, number=number: note(connection, f"quick {number}")) for number in range(50))
    await asyncio.gather(*quick, *(usual(number) for number in range(50)))
    assert len(await subjects(database)) == 100


async def test_the_log_is_moved_into_the_file_now_and_then(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.database.CHECKPOINT_EVERY", 3)
    file = Path(str(database.engine.url).split("///", 1)[1])
    kept = sqlite3.connect(file)  # the last connection to close would move the log itself
    kept.execute("SELECT 1 FROM sqlite_master").fetchall()
    for number in range(3):
        await database.transact(lambda connection, number=number: note(connection, str(number)))
    await database.close()
    alone = shutil.copy(file, tmp_path / "alone.sqlite3")  # without its log
    with sqlite3.connect(alone) as copied:
        assert len(copied.execute("SELECT * FROM audit").fetchall()) == 3
    copied.close()
    kept.close()
