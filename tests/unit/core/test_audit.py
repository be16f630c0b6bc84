"""The audit log is read in pieces and grows only."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from core import audit
from core.audit import AuditEntry, Filter
from core.database import Database

START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
async def log(database: Database) -> Database:
    """Ten lines, an hour apart: reads by one officer, changes by another."""
    async with database.write() as session:
        for number in range(10):
            even = number % 2 == 0
            session.add(
                AuditEntry(
                    id=f"aud_{number:026}",
                    at=START + timedelta(hours=number),
                    actor="staff:1" if even else "staff:2",
                    action="case.read" if even else "casework.note",
                    subject=f"case:{number}",
                    detail={},
                )
            )
    return database


async def numbers(database: Database, limit: int = 100, before: str = "", **wanted: object) -> list[int]:
    async with database.read() as session:
        return [int(row.subject[5:]) for row in await audit.find(session, Filter(**wanted), limit, before)]  # type: ignore[arg-type]


async def test_the_newest_lines_come_first(log: Database) -> None:
    assert await numbers(log) == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


async def test_pages_follow_each_other_though_lines_are_added(log: Database) -> None:
    assert await numbers(log, limit=3) == [9, 8, 7]
    async with log.write() as session:
        audit.record(session, "staff:1", "case.read", "case:99")
    assert await numbers(log, limit=3, before=f"aud_{7:026}") == [6, 5, 4]


async def test_every_filter_narrows(log: Database) -> None:
    assert await numbers(log, actor="staff:2") == [9, 7, 5, 3, 1]
    assert await numbers(log, subject="case:4") == [4]
    assert await numbers(log, since=START + timedelta(hours=3), until=START + timedelta(hours=5)) == [4, 3]
    assert await numbers(log, actor="staff:1", since=START + timedelta(hours=7)) == [8]


async def test_an_area_is_all_its_actions_and_no_others(log: Database) -> None:
    assert await numbers(log, action="case") == await numbers(log, action="case.read") == [8, 6, 4, 2, 0]
    assert await numbers(log, action="case%") == []
    assert await numbers(log, action="case.rea") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'nobody'",
        "UPDATE audit SET detail = '{}' WHERE subject = 'case:1'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE subject = 'case:1'",
    ],
)
async def test_no_line_is_changed_or_taken_away(log: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only grows"):
        async with log.write() as session:
            await session.execute(text(statement))
    async with log.read() as session:
        assert await session.scalar(select(func.count()).select_from(AuditEntry)) == 10
        assert await session.scalar(select(func.count()).where(AuditEntry.actor == "nobody")) == 0


async def test_not_through_a_row_either(log: Database) -> None:
    async def forget() -> None:
        async with log.write() as session:
            await session.delete(await session.get_one(AuditEntry, f"aud_{1:026}"))

    async def blame() -> None:
        async with log.write() as session:
            (await session.get_one(AuditEntry, f"aud_{1:026}")).actor = "nobody"

    for change in (forget, blame):
        with pytest.raises(DBAPIError, match="only grows"):
            await change()
