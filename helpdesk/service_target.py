"""Targets: within how much office time a case gets its first answer, the next word to the citizen, and its solution."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import audit
from core.database import Base
from helpdesk import category as categories
from helpdesk.error import CaseError

CONTENT = Path(__file__).resolve().parent / "content" / "service_levels.yml"
PRIORITIES = {"low": "ต่ำ", "normal": "ปกติ", "high": "สูง", "urgent": "เร่งด่วน"}
EVERY = ""  # the category of a target that holds for all of them
LONGEST = 2000  # hours of office time: about a year
_DEFAULT = "normal"

Key = tuple[str, str]  # category or EVERY, priority


class TargetError(CaseError):
    """A target that cannot be kept."""


class ServiceTarget(Base):
    """A target that the city has set itself; minutes of office time. What is None has no limit."""

    __tablename__ = "service_target"

    category: Mapped[str] = mapped_column(primary_key=True)
    priority: Mapped[str] = mapped_column(primary_key=True)
    first_minutes: Mapped[int | None]
    update_minutes: Mapped[int | None]
    solve_minutes: Mapped[int | None]


@dataclass(frozen=True, slots=True)
class Target:
    """Office time for each of the three clocks; None where there is no limit."""

    first: timedelta | None
    update: timedelta | None
    solve: timedelta | None


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    priority: str
    category: str = EVERY
    first: float  # hours
    update: float
    solve: float


@cache
def content() -> Any:
    """The file as YAML."""
    return yaml.safe_load(CONTENT.read_text(encoding="utf-8"))


@cache
def suggested() -> dict[Key, Target]:
    """The targets that come with the project."""
    lines = [_Line.model_validate(row) for row in content()["targets"]]
    return {(line.category, line.priority): target(line.first, line.update, line.solve) for line in lines}


def target(first: float | None, update: float | None, solve: float | None) -> Target:
    """A target of so many hours of office time."""
    return Target(*(None if hours is None else timedelta(hours=hours) for hours in (first, update, solve)))


async def find(session: AsyncSession, category: str, priority: str) -> Target:
    """What holds for a case: its category's own target before the priority's, the city's own before the suggested."""
    query = select(ServiceTarget).where(ServiceTarget.category.in_((category, EVERY)), ServiceTarget.priority == priority)
    own = {(row.category, row.priority): _read(row) for row in await session.scalars(query)}
    return _choose(own, category, priority)


async def everything(session: AsyncSession) -> tuple[dict[Key, Target], set[Key]]:
    """All targets that are set, and the keys of those that the city has set itself."""
    own = {(row.category, row.priority): _read(row) for row in await session.scalars(select(ServiceTarget))}
    return suggested() | own, set(own)


async def put(session: AsyncSession, category: str, priority: str, wanted: Target, *, actor: str) -> None:
    """Set a target; cases take it over when they next change.

    Raises:
        UnknownCategory: for a category that does not exist.
        TargetError: for an unknown priority, or a time that is negative or longer than `LONGEST` hours.
    """
    _check(category, priority, wanted)
    row = await session.get(ServiceTarget, (category, priority)) or ServiceTarget(category=category, priority=priority)
    row.first_minutes, row.update_minutes, row.solve_minutes = map(_minutes, (wanted.first, wanted.update, wanted.solve))
    session.add(row)
    detail = {"first": row.first_minutes, "update": row.update_minutes, "solve": row.solve_minutes}
    audit.record(session, actor, "service_target.put", f"service_target:{category or '*'}/{priority}", **detail)
    await session.flush()


async def drop(session: AsyncSession, category: str, priority: str, *, actor: str) -> None:
    """Go back to what is suggested; where nothing was set it stays so."""
    row = await session.get(ServiceTarget, (category, priority))
    if row is not None:
        await session.delete(row)
        audit.record(session, actor, "service_target.drop", f"service_target:{category or '*'}/{priority}")
        await session.flush()


def _choose(own: dict[Key, Target], category: str, priority: str) -> Target:
    for key in ((category, priority), (EVERY, priority), (EVERY, _DEFAULT)):
        for known in (own, suggested()):
            if key in known:
                return known[key]
    raise KeyError(_DEFAULT)  # the file has a line of the default priority, see its test


def _read(row: ServiceTarget) -> Target:
    minutes = (row.first_minutes, row.update_minutes, row.solve_minutes)
    return Target(*(None if one is None else timedelta(minutes=one) for one in minutes))


def _minutes(time: timedelta | None) -> int | None:
    return None if time is None else round(time / timedelta(minutes=1))


def _check(category: str, priority: str, wanted: Target) -> None:
    if category != EVERY:
        categories.category(category)
    if priority not in PRIORITIES:
        raise TargetError("ไม่มีระดับความสำคัญนี้ค่ะ")
    times = (wanted.first, wanted.update, wanted.solve)
    if any(time is not None and not timedelta() < time <= timedelta(hours=LONGEST) for time in times):
        raise TargetError(f"เวลาต้องมากกว่า 0 และไม่เกิน {LONGEST:,} ชั่วโมงทำการค่ะ")
