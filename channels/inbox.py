"""The inbox: every event a platform gave us, one row each, until the dispatcher has handled it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from conversations import conversation as conversations
from core import clock
from core.database import Base

RECEIVED, DONE, FAILED, UNREADABLE = "received", "done", "failed", "unreadable"


class InboxEvent(Base):
    """One event. A conversation's rows are handled by ``rank`` (the platform's order), then ``id`` (our own order of arrival).

    ``reference`` is the platform's id of the message that the event is or speaks of.

    ``state``: received, done, failed (answered with an apology after the last attempt; ``reason`` says why), unreadable
    (kept as it came, in ``content``).
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "account", "event_id"),
        Index("ix_inbox_waiting", "state", "conversation_id"),
        Index("ix_inbox_reference", "conversation_id", "reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    channel: Mapped[str]
    account: Mapped[str]
    event_id: Mapped[str]
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"))
    reference: Mapped[str | None]
    at: Mapped[datetime]
    rank: Mapped[int] = mapped_column(BigInteger, default=0)
    content: Mapped[dict[str, Any]]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default=RECEIVED)
    attempts: Mapped[int] = mapped_column(default=0)
    first_attempt_at: Mapped[datetime | None]
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    reason: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
    handled_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Accepted:
    """An event that is now safe. ``fresh`` is False for a redelivery, which is answered but not handled again."""

    conversation_id: str
    event_id: str
    fresh: bool


async def waiting(session: AsyncSession, conversation_id: str) -> Sequence[InboxEvent]:
    """The events accepted but not handled yet, in order."""
    rows = await session.scalars(
        select(InboxEvent)
        .where(InboxEvent.state == RECEIVED, InboxEvent.conversation_id == conversation_id)
        .order_by(InboxEvent.rank, InboxEvent.id)
    )
    return rows.all()


async def unfinished(session: AsyncSession, limit: int = 500) -> Sequence[str]:
    """Conversations that have something due and are leased to nobody alive: what the sweep puts back on the stream."""
    now = clock.now()
    owner = conversations.Conversation
    rows = await session.scalars(
        select(InboxEvent.conversation_id)
        .join(owner, owner.id == InboxEvent.conversation_id)
        .where(
            InboxEvent.state == RECEIVED,
            InboxEvent.due_at <= now,
            (owner.lease_until.is_(None)) | (owner.lease_until < now),
        )
        .distinct()
        .limit(limit)
    )
    return [row for row in rows if row is not None]
