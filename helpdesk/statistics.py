"""Statistics of cases for dashboards: volume, kinds, channels, service levels and stars of a period, summed up by the database.

Every function takes ``seen``, the condition that says which cases count, as `helpdesk.visibility.counted` gives it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from core import clock
from core.local_day import local_day
from helpdesk.agency import HOME
from helpdesk.record import Case
from helpdesk.service_level import Clock
from helpdesk.state import State

_OVER = (State.CLOSED.value, State.REJECTED.value)
_ENDED = func.coalesce(Case.solved_at, case((Case.state.in_(_OVER), Case.state_at)))  # when the work ended, if it did


@dataclass(frozen=True)
class Period:
    """Days in Bangkok, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, days: int) -> "Period":
        """The last ``days`` days, today included."""
        today = clock.local(clock.now()).date()
        return cls(today - timedelta(days=days - 1), today)

    @property
    def days(self) -> tuple[date, ...]:
        """Every day, the first one first."""
        return tuple(self.first + timedelta(days=past) for past in range((self.last - self.first).days + 1))

    @property
    def start(self) -> datetime:
        """The first moment of it."""
        return datetime.combine(self.first, time(), clock.BANGKOK)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), clock.BANGKOK)


@dataclass(frozen=True)
class Kept:
    """How many times that ended were kept, and how many were not."""

    kept: int = 0
    late: int = 0

    @property
    def all(self) -> int:
        """All that ended."""
        return self.kept + self.late

    @property
    def share(self) -> float | None:
        """The kept ones' share, from 0 to 1; None where nothing ended."""
        return self.kept / self.all if self.all else None

    def __add__(self, other: "Kept") -> "Kept":
        """Both together."""
        return Kept(self.kept + other.kept, self.late + other.late)


def of_agency(agency_id: str) -> ColumnElement[bool]:
    """A condition over `Case`: one agency's; a case that has none is the city's."""
    own = Case.agency_id == agency_id
    return or_(own, Case.agency_id.is_(None)) if agency_id == HOME else own


async def opened(session: AsyncSession, seen: ColumnElement[bool], period: Period) -> Mapping[str, int]:
    """How many cases were told on each day (``2026-11-29``); days without any are missing."""
    return await _numbers(session, seen, local_day(Case.opened_at), _within(Case.opened_at, period))


async def finished(session: AsyncSession, seen: ColumnElement[bool], period: Period) -> Mapping[str, int]:
    """How many cases were done on each day, reopened ones not counted."""
    return await _numbers(session, seen, local_day(Case.solved_at), _within(Case.solved_at, period))


async def categories(session: AsyncSession, seen: ColumnElement[bool], period: Period) -> Mapping[str, int]:
    """How many cases of each category were told, most first."""
    return _sorted(await _numbers(session, seen, Case.category, _within(Case.opened_at, period)))


async def sources(session: AsyncSession, seen: ColumnElement[bool], period: Period) -> Mapping[str, int]:
    """How many cases came by each channel or counter, most first."""
    return _sorted(await _numbers(session, seen, Case.source, _within(Case.opened_at, period)))


async def stars(session: AsyncSession, seen: ColumnElement[bool], period: Period) -> Mapping[int, int]:
    """How many ratings of 5 to 1 stars were given in the period."""
    query = select(Case.rating, func.count()).where(*_within(Case.rated_at, period), Case.rating.is_not(None), seen)
    found = {rating: number for rating, number in await session.execute(query.group_by(Case.rating))}
    return {rating: found.get(rating, 0) for rating in (5, 4, 3, 2, 1)}


async def kept_by_day(session: AsyncSession, seen: ColumnElement[bool], period: Period, what: Clock) -> Mapping[str, Kept]:
    """Of the times that ended on each day, how many were kept: of the first answer, or of the solution."""
    due = _DUE[what]
    return await _kept(session, seen, period, what, local_day(due))


async def kept_by_category(session: AsyncSession, seen: ColumnElement[bool], period: Period, what: Clock) -> Mapping[str, Kept]:
    """The same for each category."""
    return await _kept(session, seen, period, what, Case.category)


_DUE: Mapping[Clock, InstrumentedAttribute[datetime | None]] = {Clock.FIRST: Case.first_due_at, Clock.SOLVE: Case.solve_due_at}


async def _kept(
    session: AsyncSession,
    seen: ColumnElement[bool],
    period: Period,
    what: Clock,
    by: ColumnElement[str] | InstrumentedAttribute[str],
) -> Mapping[str, Kept]:
    """A time counts on the day it ends, so that none is judged before; one that stands still or moved elsewhere does not."""
    due, done = _DUE[what], Case.first_answered_at if what is Clock.FIRST else _ENDED
    ended = and_(
        *_within(due, period), due <= clock.now(), Case.merged_into.is_(None), or_(Case.paused_at.is_(None), done.is_not(None))
    )
    in_time = func.sum(cast(func.coalesce(done <= due, False), Integer))
    rows = await session.execute(select(by, in_time, func.count()).where(ended, seen).group_by(by))
    return {key: Kept(int(kept), int(number) - int(kept)) for key, kept, number in rows}


async def _numbers(
    session: AsyncSession,
    seen: ColumnElement[bool],
    by: ColumnElement[str] | InstrumentedAttribute[str],
    where: Sequence[ColumnElement[bool]],
) -> dict[str, int]:
    rows = await session.execute(select(by, func.count()).where(*where, seen).group_by(by))
    return {key: int(number) for key, number in rows}


def _within(
    column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None], period: Period
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= period.start, column < period.end


def _sorted(numbers: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0])))
