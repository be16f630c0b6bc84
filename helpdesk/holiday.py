"""Thailand's public and government holidays, kept in the database for the years around the present one.

They come from the package `holidays`, which takes 30 MB and a second to load: only the process that prepares the database
loads it, and the one that sweeps when a year has passed. Days that the cabinet adds later come with a newer package, or are
entered as single days of the office (`helpdesk.office`).
"""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base

BACK, AHEAD = 1, 3  # years that are kept before and after the present one
_NO_DAYS_OFF = ("วันแรงงานแห่งชาติ", "วันเด็กแห่งชาติ")  # of employees and children: government offices are open
_IN_LIEU = "ชดเชย"


class Holiday(Base):
    """A day on which government offices are closed, with its Thai name."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]


def announced(year: int) -> Mapping[date, str]:
    """The public and government holidays of a year that the package knows, days in lieu among them, with their Thai names.

    Labour Day and Children's Day are left out: government offices are open.
    """
    import holidays

    found = holidays.country_holidays("TH", years=year, categories=("public", "government"), language="th")
    return {day: name for day, name in sorted(found.items()) if day.year == year and not _office_open(name)}


async def days(session: AsyncSession) -> tuple[date, ...]:
    """All that are kept, in order."""
    return tuple(await session.scalars(select(Holiday.day).order_by(Holiday.day)))


async def coming(session: AsyncSession, limit: int) -> list[Holiday]:
    """The next ones, today among them."""
    query = select(Holiday).where(Holiday.day >= clock.local(clock.now()).date()).order_by(Holiday.day)
    return list(await session.scalars(query.limit(limit)))


async def refresh(session: AsyncSession) -> None:
    """Keep what the package knows of the years around the present one; older years stay as they are."""
    this = clock.local(clock.now()).year
    for year in range(this - BACK, this + AHEAD + 1):
        await session.execute(delete(Holiday).where(Holiday.day.between(date(year, 1, 1), date(year, 12, 31))))
        session.add_all(Holiday(day=day, name=name) for day, name in announced(year).items())
    await session.flush()


async def outdated(session: AsyncSession) -> bool:
    """Whether the holidays of the next months are not kept."""
    last = await session.scalar(select(func.max(Holiday.day)))
    return last is None or last < clock.local(clock.now()).date() + timedelta(days=400)


def _office_open(name: str) -> bool:
    return all(part.strip().removeprefix(_IN_LIEU).startswith(_NO_DAYS_OFF) for part in name.split(";"))
