"""When a case is due: begun at the report, answered, paused for the citizen, begun anew by a dispute."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core import clock
from core.clock import BANGKOK
from core.database import Database
from helpdesk import case as cases
from helpdesk import holiday, office, service_level, service_target
from helpdesk.case import Case
from helpdesk.service_level import Clock, dues, running

from .conftest import Opener

FIRST, UPDATE, SOLVE = 4, 16, 40  # hours of office time of a normal traffic signal
Change = Callable[..., Awaitable[Case]]


class Time:
    """A clock that stands where the test puts it, in Bangkok: ``time.at("2026-11-26 09:00")``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime.now(BANGKOK)
        monkeypatch.setattr(clock, "now", lambda: self.now.astimezone(clock.UTC))

    def at(self, text: str) -> None:
        self.now = local(text)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


@pytest.fixture
async def time(database: Database, monkeypatch: pytest.MonkeyPatch) -> Time:
    """Thursday, 26 November 2026, nine o'clock, with the holidays of 2026."""
    async with database.write() as session:
        session.add_all(holiday.Holiday(day=day, name=name) for day, name in holiday.announced(2026).items())
    made = Time(monkeypatch)
    made.at("2026-11-26 09:00")
    return made


@pytest.fixture
async def case(time: Time, opened: Opener) -> Case:
    return await opened(category="traffic-signal")


@pytest.fixture
def change(database: Database) -> Change:
    async def act(case: Case, state: str, actor: str = "staff:1", note: str = "ตรวจแล้ว") -> Case:
        async with database.write() as session:
            return await cases.change(session, case, state, key=f"{case.version}", actor=actor, note=note)

    return act


def due(case: Case, name: Clock) -> str:
    end = dues(case)[name]
    return f"{end.astimezone(BANGKOK):%Y-%m-%d %H:%M}" if end else ""


def test_the_content_has_a_target_of_every_priority() -> None:
    known = service_target.suggested()
    assert {priority for category, priority in known if category == ""} == set(service_target.PRIORITIES)
    assert known["traffic-signal", "normal"] == service_target.target(FIRST, UPDATE, SOLVE)


async def test_a_new_case_is_due_for_its_first_answer_and_its_solution(case: Case) -> None:
    assert (due(case, Clock.FIRST), due(case, Clock.UPDATE), due(case, Clock.SOLVE)) == (
        "2026-11-26 13:00",
        "",
        "2026-12-03 09:00",
    )
    assert case.due_at == case.escalate_at == case.first_due_at


async def test_the_first_answer_ends_the_first_clock_and_begins_the_next(case: Case, time: Time, change: Change) -> None:
    time.at("2026-11-26 11:00")
    case = await change(case, "accepted")
    assert case.first_answered_at == clock.now()
    assert (due(case, Clock.FIRST), due(case, Clock.UPDATE)) == ("2026-11-26 13:00", "2026-11-30 11:00")
    assert set(running(case)) == {Clock.UPDATE, Clock.SOLVE}
    assert case.due_at == case.update_due_at


async def test_every_word_to_the_citizen_begins_the_next_update(case: Case, time: Time, change: Change) -> None:
    case = await change(case, "accepted")
    time.at("2026-11-27 09:00")
    case = await change(case, "in_progress")
    assert (due(case, Clock.UPDATE), due(case, Clock.SOLVE)) == ("2026-12-01 09:00", "2026-12-03 09:00")


async def test_a_note_among_staff_is_no_word_to_the_citizen(case: Case, time: Time, database: Database) -> None:
    before = dues(case)
    time.at("2026-11-26 10:00")
    async with database.write() as session:
        case = await cases.add_note(session, case, key="n", text="รออะไหล่", actor="staff:1")
    assert (dues(case), case.first_answered_at) == (before, None)


async def test_what_the_citizen_does_is_no_answer(case: Case, time: Time, database: Database) -> None:
    async with database.write() as session:
        case = await cases.add_information(session, case, key="i", text="ดับอีก", photos=[], position=None, actor="citizen:1")
    assert case.first_answered_at is None


async def test_waiting_for_the_citizen_stops_all_clocks(case: Case, time: Time, change: Change) -> None:
    time.at("2026-11-26 11:00")
    case = await change(case, "accepted")
    time.at("2026-11-27 08:30")
    case = await change(case, "waiting_citizen")
    assert (running(case), case.due_at, case.escalate_at) == ({}, None, None)
    time.at("2026-11-30 10:30")  # eight hours of Friday and two of Monday later
    case = await change(case, "in_progress")
    assert (case.paused_at, case.paused_for) == (None, 10 * 3600)
    assert due(case, Clock.SOLVE) == "2026-12-04 11:00"  # ten hours later than without
    assert due(case, Clock.UPDATE) == "2026-12-02 10:30"


async def test_the_citizens_answer_starts_the_clocks_again(case: Case, time: Time, change: Change, database: Database) -> None:
    case = await change(await change(case, "accepted"), "waiting_citizen")
    time.at("2026-11-26 14:00")
    async with database.write() as session:
        case = await cases.add_information(session, case, key="i", text="เสาที่ 12", photos=[], position=None, actor="citizen:1")
    assert (case.state, case.paused_at, case.paused_for) == ("in_progress", None, 5 * 3600)
    assert due(case, Clock.SOLVE) == "2026-12-03 14:00"
    time.at("2026-11-26 15:00")
    case = await change(case, "done", note="เปลี่ยนหลอดไฟแล้ว")
    assert case.paused_for == 5 * 3600  # only once


async def test_two_pauses_add_up(case: Case, time: Time, change: Change) -> None:
    case = await change(case, "accepted")
    for hour in (10, 13):
        time.at(f"2026-11-26 {hour}:00")
        case = await change(case, "waiting_citizen")
        time.at(f"2026-11-26 {hour + 1}:00")
        case = await change(case, "in_progress")
    assert (case.paused_for, due(case, Clock.SOLVE)) == (2 * 3600, "2026-12-03 11:00")


@pytest.mark.parametrize("path", [("accepted", "done"), ("accepted", "done", "closed"), ("rejected",)])
async def test_a_case_that_is_over_is_never_due_but_keeps_its_times(case: Case, change: Change, path: tuple[str, ...]) -> None:
    for state in path:
        case = await change(case, state)
    assert (case.due_at, case.escalate_at, running(case)) == (None, None, {})
    assert case.solve_due_at is not None


async def test_a_dispute_begins_the_solution_anew(case: Case, time: Time, change: Change, database: Database) -> None:
    case = await change(await change(case, "accepted"), "waiting_citizen")
    time.at("2026-11-27 09:00")
    case = await change(case, "done")
    time.at("2026-11-30 09:00")
    async with database.write() as session:
        case = await cases.dispute(session, case, key="d", text="ยังไม่ติด", actor="citizen:1")
    assert (case.paused_for, due(case, Clock.SOLVE), due(case, Clock.UPDATE)) == (0, "2026-12-08 09:00", "2026-12-02 09:00")
    assert case.due_at == case.update_due_at


async def test_songkran_does_not_count(time: Time, opened: Opener) -> None:
    time.at("2026-04-10 15:30")
    case = await opened(category="traffic-signal")
    assert due(case, Clock.FIRST) == "2026-04-16 11:30"


async def test_the_citys_own_target_holds_and_what_has_no_limit_is_never_due(
    time: Time, opened: Opener, database: Database
) -> None:
    async with database.write() as session:
        await service_target.put(session, "", "normal", service_target.target(2, None, None), actor="cli")
    case = await opened(category="noise")
    assert (due(case, Clock.FIRST), due(case, Clock.SOLVE)) == ("2026-11-26 11:00", "")
    signal = await opened(category="traffic-signal", key="other")  # the category's own stands above
    assert due(signal, Clock.FIRST) == "2026-11-26 13:00"


async def test_another_priority_moves_the_ends_with_the_next_change(case: Case, change: Change, database: Database) -> None:
    async with database.write() as session:
        await session.execute(update(Case).values(priority="urgent"))
    assert due(await change(case, "accepted"), Clock.SOLVE) == "2026-12-01 09:00"


async def test_a_case_from_before_there_were_clocks_gets_them_at_its_next_change(
    case: Case, time: Time, change: Change, database: Database
) -> None:
    case = await change(case, "accepted")
    nothing = {"solve_from": None, "first_answered_at": None, "news_at": None, "solve_due_at": None, "update_due_at": None}
    async with database.write() as session:
        await session.execute(update(Case).values(**nothing, due_at=None))
    time.at("2026-11-26 12:00")
    case = await change(case, "in_progress")
    assert (case.first_answered_at, case.solve_from) == (local("2026-11-26 09:00"), case.opened_at)
    assert due(case, Clock.UPDATE) == "2026-11-30 12:00"


async def test_lists_find_what_is_late_and_what_soon_will_be(time: Time, opened: Opener, database: Database) -> None:
    made = {}
    for name, moment in (("late", "2026-11-25 09:00"), ("soon", "2026-11-25 15:00"), ("calm", "2026-11-26 09:00")):
        time.at(moment)
        made[name] = await opened(category="traffic-signal", key=name)
    time.at("2026-11-25 16:00")
    async with database.read() as session:
        found = {
            "late": list(await session.scalars(select(Case.id).where(service_level.late()))),
            "soon": list(await session.scalars(select(Case.id).where(await service_level.soon_late(session)))),
        }
    assert found == {"late": [made["late"].id], "soon": [made["soon"].id]}


async def test_a_day_of_its_own_moves_the_ends(time: Time, opened: Opener, database: Database) -> None:
    async with database.write() as session:
        await office.put_day(session, date(2026, 11, 26), "วันหยุดพิเศษ", "", actor="cli")
    assert due(await opened(category="traffic-signal"), Clock.FIRST) == "2026-11-27 12:30"


async def test_a_change_is_worked_out_quickly(case: Case, database: Database) -> None:
    async with database.read() as session:
        calendar = await office.calendar(session)
        assert await office.calendar(session) is calendar  # its sums are made once
    assert calendar.between(case.opened_at, case.opened_at + timedelta(days=3650)) > timedelta(days=700)
