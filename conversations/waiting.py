"""The waiting queue: who waits for a person, since when and why, and how long that took others."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.database import Base

ASKED, FAILED, PASSED_ON, LOST = "asked", "failed", "passed_on", "lost"  # reasons
TAKEN, LEFT, LATE, NOBODY, CLOSED = "taken", "left", "late", "nobody", "closed"  # outcomes
_RECENT, _LATEST, _ENOUGH = timedelta(days=7), 20, 5
_FINE = 10  # minutes up to which single ones are told


class Waiting(Base):
    """One wait in the queue. ``key`` is the cause's, so that a repeat finds the first.

    ``reason``: asked (the citizen wanted a person), failed (the assistant could not answer), passed_on (by ``from_actor``, with
    ``note`` for colleagues and perhaps the ``unit`` it is for), lost (the screen of ``from_actor`` was gone).
    ``outcome`` once it has ended: taken (by ``taken_by``), left (by the citizen), late (nobody took it in time), nobody
    (nobody was there), closed (the office closed); after the last three ``case_number`` is the case that was opened instead.
    """

    __tablename__ = "waiting"
    __table_args__ = (Index("ix_waiting_open", "ended_at", "since"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("wai"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    event_id: Mapped[str | None]
    reason: Mapped[str]
    from_actor: Mapped[str | None]
    unit: Mapped[str | None]
    note: Mapped[str | None]
    since: Mapped[datetime] = mapped_column(default=clock.now)
    told_at: Mapped[datetime | None]  # when the citizen, having written again, was told how it stands
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    taken_by: Mapped[str | None]
    case_number: Mapped[str | None]


async def present(session: AsyncSession, conversation_id: str) -> Waiting | None:
    """The wait of a conversation that stands in the queue."""
    query = select(Waiting).where(Waiting.conversation_id == conversation_id, Waiting.ended_at.is_(None))
    return await session.scalar(query.order_by(Waiting.since.desc()).limit(1))


async def latest(session: AsyncSession, conversation_id: str) -> Waiting | None:
    """The last wait of a conversation, ended or not."""
    query = select(Waiting).where(Waiting.conversation_id == conversation_id)
    return await session.scalar(query.order_by(Waiting.since.desc(), Waiting.id.desc()).limit(1))


async def everybody(session: AsyncSession) -> Sequence[Waiting]:
    """All who wait, the longest first."""
    query = select(Waiting).where(Waiting.ended_at.is_(None)).order_by(Waiting.since, Waiting.id)
    return (await session.scalars(query)).all()


async def position(session: AsyncSession, wait: Waiting) -> int:
    """The place in the queue, from 1."""
    before = select(func.count()).select_from(Waiting).where(Waiting.ended_at.is_(None), Waiting.since < wait.since)
    return int(await session.scalar(before) or 0) + 1


async def estimate(session: AsyncSession) -> int | None:
    """Minutes within which three of four recent waits ended with a person; None where that is not known.

    It is known from at least five of the last twenty waits of the last seven days. Those whom nobody came to count as endless,
    so that it is never promised what often does not happen; those who left themselves say nothing.
    """
    query = (
        select(Waiting.since, Waiting.ended_at, Waiting.outcome)
        .where(Waiting.outcome.in_((TAKEN, LATE, NOBODY)), Waiting.ended_at > clock.now() - _RECENT)
        .order_by(Waiting.ended_at.desc())
        .limit(_LATEST)
    )
    rows = (await session.execute(query)).all()
    return _slow_quarter([_minutes(since, ended) if outcome == TAKEN else math.inf for since, ended, outcome in rows])


def _minutes(since: datetime, ended: datetime | None) -> float:
    return ((ended or since) - since).total_seconds() / 60


def _slow_quarter(waits: Sequence[float]) -> int | None:
    if len(waits) < _ENOUGH:
        return None
    slow = sorted(waits)[math.ceil(len(waits) * 3 / 4) - 1]
    if math.isinf(slow):
        return None
    return max(1, math.ceil(slow)) if slow <= _FINE else math.ceil(slow / 5) * 5
