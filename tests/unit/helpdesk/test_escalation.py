"""A breach is told once: a line of history, a notice to each supervisor, and never again."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.audit import AuditEntry
from core.database import Database
from helpdesk import case as cases
from helpdesk import escalation
from helpdesk.case import Case, CaseEvent
from helpdesk.role import Role
from helpdesk.staff_notice import StaffNotice

from .conftest import Opener
from .desk import Desk
from .test_service_level import Time


@pytest.fixture
async def time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time(monkeypatch)
    made.at("2026-11-26 09:00")
    return made


async def sweep(database: Database) -> int:
    async with database.write() as session:
        return await escalation.sweep(session)


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.read() as session:
        return list(await session.scalars(select(table)))


async def late(database: Database) -> list[CaseEvent]:
    return [event for event in await rows(database, CaseEvent) if event.kind == "late"]


async def test_a_breach_is_written_and_told_once(time: Time, desk: Desk, opened: Opener, database: Database) -> None:
    leads = {(await desk.hire(Role.SUPERVISOR)).id for _ in range(2)}
    await desk.hire(Role.OFFICER)
    case = await opened(category="traffic-signal")
    assert await sweep(database) == 0
    time.at("2026-11-26 13:00")
    async with database.read() as session:
        assert await escalation.due(session)
    assert [await sweep(database) for _ in range(3)] == [1, 0, 0]
    async with database.read() as session:
        assert not await escalation.due(session)
    (event,) = await late(database)
    assert (event.text, event.public, event.actor) == ("ตอบครั้งแรกไม่ทันกำหนด 26 พ.ย. 69 13.00 น.", False, "system")
    told = await rows(database, StaffNotice)
    assert {one.staff_id for one in told} == leads
    assert {one.text for one in told} == {f"เรื่อง {case.number} ตอบครั้งแรกไม่ทันกำหนด 26 พ.ย. 69 13.00 น."}
    assert [line.action for line in await rows(database, AuditEntry)].count("case.late") == 1
    (kept,) = await rows(database, Case)
    assert kept.due_at == kept.first_due_at  # it stays on top of the list
    assert kept.escalate_at == kept.solve_due_at


async def test_each_clock_is_told_of_its_own_breach(time: Time, opened: Opener, database: Database) -> None:
    await opened(category="traffic-signal")
    for moment, told in (("2026-11-26 14:00", 1), ("2026-12-08 14:00", 2)):
        time.at(moment)
        await sweep(database)
        assert len(await late(database)) == told


async def test_breaches_missed_while_nobody_swept_are_told_together(time: Time, opened: Opener, database: Database) -> None:
    await opened(category="traffic-signal")
    time.at("2027-02-01 10:00")
    assert [await sweep(database), await sweep(database)] == [1, 0]
    assert [event.detail["clock"] for event in await late(database)] == ["first", "solve"]


async def test_a_new_end_that_is_missed_too_is_told_again(time: Time, opened: Opener, moved: Any, database: Database) -> None:
    case = await moved(await opened(category="traffic-signal"), "accepted")
    for moment in ("2026-11-30 10:00", "2026-12-03 08:00"):
        time.at(moment)
        await sweep(database)
        case = (await rows(database, Case))[0]
        async with database.write() as session:
            new = "in_progress" if case.state == "accepted" else "waiting_agency"
            await cases.change(session, case, new, key=moment, actor="staff:1")
    assert [event.detail["clock"] for event in await late(database)] == ["update", "update"]


async def test_what_waits_for_the_citizen_or_is_over_is_not_late(
    time: Time, opened: Opener, moved: Any, database: Database
) -> None:
    await moved(await opened(category="traffic-signal"), "accepted", "waiting_citizen")
    await moved(await opened(category="traffic-signal", key="b"), "accepted", "done")
    time.at("2027-02-01 10:00")
    assert await sweep(database) == 0


async def test_another_agencys_supervisor_is_told_of_their_cases(
    time: Time, desk: Desk, opened: Opener, database: Database
) -> None:
    await desk.hire(Role.SUPERVISOR)
    theirs = await desk.hire(Role.SUPERVISOR, agency="agc_police")
    await opened(category="traffic-signal")
    time.at("2026-11-26 14:00")
    await sweep(database)
    assert [told.staff_id for told in await rows(database, StaffNotice)] == [theirs.id]


async def test_many_are_told_in_pieces_and_two_who_sweep_tell_once(
    time: Time, desk: Desk, opened: Opener, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.hire(Role.SUPERVISOR)
    for number in range(5):
        await opened(category="traffic-signal", key=str(number))
    monkeypatch.setattr(escalation, "BATCH", 2)
    time.at("2026-11-26 14:00")
    done = await asyncio.gather(*(sweep(database) for _ in range(4)))
    assert sum(done) == 5
    assert len(await rows(database, StaffNotice)) == len(await late(database)) == 5


async def test_an_old_breach_is_not_told_after_the_case_went_on(
    time: Time, opened: Opener, moved: Any, database: Database
) -> None:
    case = await opened(category="traffic-signal")
    time.at("2026-11-26 14:00")
    await moved(case, "accepted")  # answered late, but answered before anybody swept
    assert await sweep(database) == 0
    assert clock.now() > (await rows(database, Case))[0].first_due_at
