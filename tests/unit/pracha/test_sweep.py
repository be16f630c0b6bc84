import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from conversations import conversation as conversations
from core import clock
from core.database import Database
from helpdesk import case as cases
from helpdesk import escalation, holiday
from helpdesk.case import Case, CaseEvent
from pracha import sweep
from tests.unit.helpdesk.conftest import report


async def open_late(database: Database, number: int) -> None:
    async with database.write() as session:
        told = await conversations.find_or_open(session, "line", "city", "U1")
        for key in range(number):
            await cases.open_case(session, **report(told, key=str(key)))
        yesterday = clock.now() - timedelta(days=1)
        await session.execute(update(Case).values(escalate_at=yesterday, first_due_at=yesterday))


async def late(database: Database) -> int:
    async with database.read() as session:
        return len(list(await session.scalars(select(CaseEvent).where(CaseEvent.kind == "late"))))


async def test_all_that_is_late_is_told_in_one_sweep(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escalation, "BATCH", 2)
    await open_late(database, 5)
    assert [await sweep.once(database), await sweep.once(database)] == [5, 0]
    assert await late(database) == 5


async def test_the_sweep_keeps_the_holidays(database: Database) -> None:
    await sweep.once(database)
    async with database.read() as session:
        assert not await holiday.outdated(session)


@pytest.mark.parametrize("error", [OperationalError("", {}, OSError()), KeyError("a fault of ours")])
async def test_what_fails_is_tried_again(database: Database, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    await open_late(database, 1)
    real, tries = sweep.once, []

    async def broken_at_first(database: Database) -> int:
        tries.append(1)
        if len(tries) == 1:
            raise error
        return await real(database)

    monkeypatch.setattr(sweep, "once", broken_at_first)
    task = asyncio.create_task(sweep.run(database, every=0.01))
    async with asyncio.timeout(20):
        while not await late(database):
            await asyncio.sleep(0.02)
    task.cancel()
