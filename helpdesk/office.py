"""The office: its hours of each weekday, and single days on which it is closed or works other hours."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import audit
from core.database import Base
from helpdesk import holiday, service_target
from helpdesk.calendar import Calendar, Span
from helpdesk.error import CaseError

WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
LONGEST_NAME = 80  # characters
_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})", re.ASCII)
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

_Hours = tuple[tuple[Span, ...], ...]


class OfficeError(CaseError):
    """Office hours that cannot be kept."""


class OfficeHours(Base):
    """A span of hours of a weekday (0 is Monday), in seconds after midnight. No rows at all: the hours that are suggested."""

    __tablename__ = "office_hours"

    weekday: Mapped[int] = mapped_column(primary_key=True)
    opens: Mapped[int] = mapped_column(primary_key=True)
    closes: Mapped[int]


class OfficeDay(Base):
    """A day with hours of its own, above week and holidays: one that the cabinet added, or a Saturday that is worked."""

    __tablename__ = "office_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    opens: Mapped[int | None]  # None: closed
    closes: Mapped[int | None]


async def calendar(session: AsyncSession) -> Calendar:
    """The calendar as it stands now."""
    own = tuple((row.day, spans_of(row)) for row in await days(session))
    return _calendar(await hours(session), await holiday.days(session), own)


async def hours(session: AsyncSession) -> _Hours:
    """The spans of the seven weekdays, Monday first."""
    rows = (await session.scalars(select(OfficeHours).order_by(OfficeHours.weekday, OfficeHours.opens))).all()
    if not rows:
        return suggested()
    return tuple(tuple((row.opens, row.closes) for row in rows if row.weekday == day) for day in range(7))


async def days(session: AsyncSession) -> Sequence[OfficeDay]:
    """The single days, in order."""
    return (await session.scalars(select(OfficeDay).order_by(OfficeDay.day))).all()


def spans_of(row: OfficeDay) -> tuple[Span, ...]:
    """The hours of a single day; none when it is closed."""
    return () if row.opens is None or row.closes is None else ((row.opens, row.closes),)


def suggested() -> _Hours:
    """The hours that come with the project: Monday to Friday, 08.30 to 16.30."""
    week = service_target.content()["office_hours"]
    return tuple(tuple(read_spans(", ".join("-".join(pair) for pair in day))) for day in week)


async def set_hours(session: AsyncSession, typed: Sequence[str], *, actor: str) -> None:
    """Set the week's hours from seven lines such as ``08.30-12.00, 13.00-16.30``; an empty line is a closed day.

    Raises:
        OfficeError: for what is no span, spans that overlap, or a week without any.
    """
    week = [read_spans(line) for line in typed]
    if len(week) != len(WEEKDAYS) or not any(week):
        raise OfficeError("ต้องมีเวลาทำการอย่างน้อยหนึ่งช่วงในสัปดาห์ค่ะ")
    await session.execute(delete(OfficeHours))
    rows = ((day, span) for day, spans in enumerate(week) for span in spans)
    session.add_all(OfficeHours(weekday=day, opens=opens, closes=closes) for day, (opens, closes) in rows)
    audit.record(session, actor, "office.hours", "office", week=[words(spans) for spans in week])
    await session.flush()


async def put_day(session: AsyncSession, day: date, name: str, typed: str, *, actor: str) -> None:
    """Give a day hours of its own; without hours it is closed.

    Raises:
        OfficeError: without a name, or for hours that are not one span.
    """
    called, spans = " ".join(name.split()), read_spans(typed)
    if not 0 < len(called) <= LONGEST_NAME:
        raise OfficeError(f"กรุณาใส่ชื่อวัน ไม่เกิน {LONGEST_NAME} ตัวอักษรค่ะ")
    if len(spans) > 1:
        raise OfficeError("วันพิเศษมีเวลาทำการได้ช่วงเดียวค่ะ")
    row = await session.get(OfficeDay, day) or OfficeDay(day=day)
    row.name, (row.opens, row.closes) = called, spans[0] if spans else (None, None)
    session.add(row)
    audit.record(session, actor, "office.day", f"office:{day.isoformat()}", hours=words(spans))
    await session.flush()


async def drop_day(session: AsyncSession, day: date, *, actor: str) -> None:
    """Take a day's own hours away; a day without any stays so."""
    row = await session.get(OfficeDay, day)
    if row is not None:
        await session.delete(row)
        audit.record(session, actor, "office.day", f"office:{day.isoformat()}", dropped=True)
        await session.flush()


def read_spans(typed: str) -> list[Span]:
    """Hours as people type them: ``08.30-12.00, 13:00 – 16:30``.

    Raises:
        OfficeError: for what is no span, or spans that overlap.
    """
    parts = [part.strip() for part in typed.translate(_THAI_DIGITS).replace("น.", "").split(",")]
    spans = sorted(_span(part) for part in parts if part)
    if any(later[0] <= earlier[1] for earlier, later in pairwise(spans)):
        raise OfficeError(f"ช่วงเวลา “{typed}” ซ้อนหรือชนกันค่ะ")
    return spans


def words(spans: Iterable[Span]) -> str:
    """Hours as Thais write them: ``08.30-12.00, 13.00-16.30``; nothing on a closed day."""
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)


def _span(part: str) -> Span:
    found = _SPAN.fullmatch(part)
    numbers = [int(number) for number in found.groups()] if found else [0, 99, 0, 99]
    start, end = (hour * 3600 + minute * 60 for hour, minute in (numbers[:2], numbers[2:]))
    if numbers[1] > 59 or numbers[3] > 59 or not 0 <= start < end <= 24 * 3600:
        raise OfficeError(f"“{part}” ไม่ใช่ช่วงเวลา กรุณาใส่ เช่น 08.30-16.30 ค่ะ")
    return start, end


def _clock(second: int) -> str:
    return f"{second // 3600:02d}.{second // 60 % 60:02d}"


@lru_cache(maxsize=8)
def _calendar(week: _Hours, closed: tuple[date, ...], own: tuple[tuple[date, tuple[Span, ...]], ...]) -> Calendar:
    """The same calendar for the same hours, so that its sums are made once."""
    return Calendar(week, closed, dict(own))
