"""The figures of a dashboard, counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import true, update

from core import clock
from core.database import Database
from helpdesk import rise, statistics
from helpdesk.agency import HOME
from helpdesk.area import Area
from helpdesk.record import Case
from helpdesk.rise import Rise, tail, unusual
from helpdesk.role import Role
from helpdesk.service_level import Clock
from helpdesk.statistics import Kept, Period
from helpdesk.visibility import counted

from .conftest import Opener
from .desk import Desk

NOON = datetime(2026, 4, 15, 5, tzinfo=UTC)  # 12.00 in Bangkok on 15 April
WEEK = Period(date(2026, 4, 9), date(2026, 4, 15))
ALL = true()


@pytest.fixture
def told(database: Database, opened: Opener) -> Opener:
    """Opens a case and sets its columns: ``await told(opened_at=NOON, rating=5)``."""

    async def teller(key: str = "", **columns: object) -> Case:
        case = await opened(key=key or f"k{teller.number}")  # type: ignore[attr-defined]
        teller.number += 1  # type: ignore[attr-defined]
        async with database.write() as session:
            cleared = {"first_due_at": None, "solve_due_at": None, "opened_at": NOON} | columns
            await session.execute(update(Case).where(Case.id == case.id).values(**cleared))
        return case

    teller.number = 0  # type: ignore[attr-defined]
    return teller


async def test_days_are_those_of_bangkok(database: Database, told: Opener) -> None:
    for moment in (
        "2026-04-08T16:59:59",
        "2026-04-08T17:00:00",
        "2026-04-09T16:59:59",
        "2026-04-15T16:59:59",
        "2026-04-15T17:00:00",
    ):
        await told(opened_at=datetime.fromisoformat(moment).replace(tzinfo=UTC))
    async with database.read() as session:
        assert await statistics.opened(session, ALL, WEEK) == {"2026-04-09": 2, "2026-04-15": 1}


async def test_kinds_channels_and_stars_are_counted(database: Database, told: Opener) -> None:
    await told(category="garbage", source="line", rating=5, rated_at=NOON, solved_at=NOON)
    await told(category="garbage", source="web", rating=2, rated_at=NOON - timedelta(days=30))
    await told(category="noise", source="line", solved_at=NOON - timedelta(days=1))
    await told(category="noise", source="line", opened_at=NOON - timedelta(days=30), rating=5, rated_at=NOON)
    async with database.read() as session:
        assert list((await statistics.categories(session, ALL, WEEK)).items()) == [("garbage", 2), ("noise", 1)]
        assert await statistics.sources(session, ALL, WEEK) == {"line": 2, "web": 1}
        assert await statistics.stars(session, ALL, WEEK) == {5: 2, 4: 0, 3: 0, 2: 0, 1: 0}
        assert await statistics.finished(session, ALL, WEEK) == {"2026-04-14": 1, "2026-04-15": 1}


async def test_a_time_is_judged_on_the_day_it_ends(database: Database, told: Opener) -> None:
    hour = timedelta(hours=1)
    await told(solve_due_at=NOON, solved_at=NOON)  # just in time
    await told(solve_due_at=NOON, solved_at=NOON + hour, category="noise")
    await told(solve_due_at=NOON)  # never done
    await told(solve_due_at=NOON, state="rejected", state_at=NOON - hour)
    await told(solve_due_at=NOON, paused_at=NOON - hour)  # its clock stands still
    await told(solve_due_at=NOON - timedelta(days=9), solved_at=NOON)  # another week's
    other = await told(first_due_at=NOON, first_answered_at=NOON - hour)
    await told(solve_due_at=NOON, merged_into=other.id)
    async with database.read() as session:
        assert await statistics.kept_by_day(session, ALL, WEEK, Clock.SOLVE) == {"2026-04-15": Kept(2, 2)}
        assert await statistics.kept_by_category(session, ALL, WEEK, Clock.SOLVE) == {
            "street-light": Kept(2, 1),
            "noise": Kept(0, 1),
        }
        assert await statistics.kept_by_day(session, ALL, WEEK, Clock.FIRST) == {"2026-04-15": Kept(1, 0)}
    assert (Kept(2, 2).share, Kept().share) == (0.5, None)


async def test_what_is_not_due_yet_is_not_judged(database: Database, told: Opener) -> None:
    await told(solve_due_at=clock.now() + timedelta(minutes=5))
    async with database.read() as session:
        assert await statistics.kept_by_day(session, ALL, Period.of(2), Clock.SOLVE) == {}


async def test_each_counts_what_they_may_see_and_an_administrator_their_agencies(
    database: Database, told: Opener, desk: Desk
) -> None:
    await told(agency_id=None)
    await told(agency_id=HOME)
    await told(agency_id="agc_pea")
    numbers = {}
    for role, agency in ((Role.SUPERVISOR, ""), (Role.ADMINISTRATOR, ""), (Role.AUDITOR, "agc_pea"), (Role.OFFICER, "")):
        member = await desk.hire(role, agency=agency)
        async with database.read() as session:
            numbers[role] = sum((await statistics.opened(session, await counted(session, member), WEEK)).values())
    assert numbers == {Role.SUPERVISOR: 2, Role.ADMINISTRATOR: 2, Role.AUDITOR: 1, Role.OFFICER: 0}
    async with database.read() as session:
        assert sum((await statistics.opened(session, statistics.of_agency(HOME), WEEK)).values()) == 2


@pytest.mark.parametrize(
    ("recent", "total", "chance"),
    [(5, 5, 0.2**5), (1, 5, 1.0), (3, 3, 0.008), (2, 4, 1 - 0.8**4 - 4 * 0.2 * 0.8**3), (0, 0, 1.0)],
)
def test_the_chance_of_a_rise(recent: int, total: int, chance: float) -> None:
    assert tail(recent, total) == pytest.approx(chance, rel=1e-9)


def test_a_rise_needs_to_be_unlikely_among_all_groups() -> None:
    rise_of_six = Rise("garbage", None, 6, 4)  # by chance 0.0064
    assert unusual([rise_of_six]) == [rise_of_six]
    assert unusual([rise_of_six, *(Rise("noise", Area("ก", str(n)), 1, 4) for n in range(10))]) == []
    assert unusual([Rise("garbage", None, 4, 0)]) == []  # too few to speak of
    assert unusual([Rise("garbage", None, 2000, 8000)]) == []


async def test_rises_are_found_everywhere_and_in_a_place(database: Database, told: Opener) -> None:
    for day in (0, 1, 2, 3, 4, 5, 6, 7, 34, 36):
        await told(opened_at=NOON - timedelta(days=day))
    await told(opened_at=NOON + timedelta(seconds=1))
    async with database.read() as session:
        found = await rise.rises(session, ALL, NOON)
    everywhere = Rise("street-light", None, 7, 2)
    assert found == [everywhere, Rise("street-light", Area("นนทบุรี", "ปากเกร็ด", "บางพูด"), 7, 2)]
    assert everywhere.usual == 0.5
