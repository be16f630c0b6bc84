from datetime import date

import pytest
from sqlalchemy import update

from core import clock
from core.database import Database
from helpdesk import holiday, office
from helpdesk.holiday import Holiday, announced


def test_holidays_of_the_government_are_closed_and_labour_day_is_not() -> None:
    known = announced(2026)
    assert {date(2026, 4, day) for day in (13, 14, 15)} <= set(known)
    assert {date(2026, 5, 13), date(2026, 7, 30), date(2026, 12, 7)} <= set(known)  # ploughing, Lent, a day in lieu
    assert not {date(2026, 1, 10), date(2026, 5, 1)} & set(known)  # Children's Day, Labour Day
    assert date(2027, 5, 3) not in announced(2027)  # in lieu of Labour Day
    assert known[date(2026, 4, 13)] == "วันสงกรานต์"


async def test_they_are_kept_for_the_years_around_the_present_one(database: Database) -> None:
    year = clock.local(clock.now()).year
    async with database.write() as session:
        assert await holiday.outdated(session)
        await holiday.refresh(session)
        await session.execute(update(Holiday).values(name="เก่า"))
        await holiday.refresh(session)
    async with database.read() as session:
        kept = await holiday.days(session)
        assert {day.year for day in kept} == set(range(year - 1, year + 4))
        assert set(announced(year)) <= set(kept)
        assert not await holiday.outdated(session)
        assert all(one.name != "เก่า" for one in await holiday.coming(session, 5))
        assert list((await office.calendar(session)).hours(date(year + 1, 4, 14))) == []


async def test_years_run_out(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async with database.write() as session:
        await holiday.refresh(session)
        later = clock.now().replace(year=clock.now().year + 3, month=1, day=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert await holiday.outdated(session)
