"""The outbox: every message that is to leave, one row each, written with the change that caused it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from conversations import message
from conversations.content import Outward
from conversations.conversation import Conversation
from core import audit, clock, ids
from core.database import Base

PENDING, SENDING, SENT, STOPPED = "pending", "sending", "sent", "stopped"
_AGAIN = "again_at"  # in notes: when an operator put a dead letter back


class Outgoing(Base):
    """One message on its way. ``key`` makes a repeat of the same cause harmless.

    ``state``: pending (waiting for ``due_at``), sending (claimed until ``lease_until``), sent, stopped (``reason`` says why).
    ``batch`` names the rows that left in one call, so that a repeat of the call carries the same; ``uncertain`` says that an
    attempt may have arrived; ``notes`` is what the channel's earlier attempts left for the next.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "state", "due_at"), Index("ix_outbox_order", "conversation_id", "sequence"))

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("out"))
    key: Mapped[str] = mapped_column(unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), unique=True)
    sequence: Mapped[int]  # the message's, so that a conversation's rows leave in order
    channel: Mapped[str]
    account: Mapped[str]
    owner_version: Mapped[int | None]  # the ownership it was written under; None for notices, which anyone may send
    state: Mapped[str] = mapped_column(default=PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    lease_holder: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    reason: Mapped[str | None]
    batch: Mapped[str | None]
    uncertain: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]


async def put(
    session: AsyncSession,
    conversation: Conversation,
    author: str,
    content: Outward,
    *,
    key: str,
    event_id: str | None = None,
    owner_version: int | None = None,
) -> message.Message:
    """Write one outgoing message into transcript and outbox, in the caller's transaction.

    ``key`` must be the same whenever the same cause is handled again (``<event id>:<index>``, ``case:<number>:<change>``).
    """
    said = await message.append(
        session, conversation, author, content.model_dump(mode="json", exclude_none=True), event_id=event_id
    )
    session.add(
        Outgoing(
            key=key,
            conversation_id=conversation.id,
            message_id=said.id,
            sequence=said.sequence,
            channel=conversation.channel,
            account=conversation.account,
            owner_version=owner_version,
        )
    )
    await session.flush()
    return said


async def arrived(session: AsyncSession, outbox_id: str) -> None:
    """The platform shows us a message of ours: it has arrived, whatever became of the call that sent it.

    Nothing happens to a row that is sent already, or that was stopped: what staff read about it stays true.
    """
    await session.execute(
        update(Outgoing)
        .where(Outgoing.id == outbox_id, Outgoing.state.in_((PENDING, SENDING)))
        .values(state=SENT, sent_at=clock.now(), uncertain=False, reason=None, lease_holder=None, lease_until=None)
        .execution_options(synchronize_session="fetch")
    )


async def again(session: AsyncSession, outbox_ids: Collection[str], *, actor: str) -> list[str]:
    """Put dead letters back, due at once with all their attempts; gives the ids of those that were dead letters.

    ``notes`` stay, so that a message of which a part has arrived goes on with the rest, and so does ``uncertain``. The
    rows of a call that may have arrived leave in the same call again, since that is how the platform knows a repeat.
    """
    now = clock.now()
    rows = await session.scalars(
        select(Outgoing)
        .where(Outgoing.id.in_(outbox_ids), Outgoing.state == STOPPED)
        .order_by(Outgoing.conversation_id, Outgoing.sequence)
        .with_for_update()
    )
    found = []
    for row in rows:
        row.state, row.attempts, row.reason, row.due_at = PENDING, 0, None, now
        row.batch = row.batch if row.uncertain else None
        row.notes = {**row.notes, _AGAIN: now.isoformat()}
        audit.record(session, actor, "outbox.again", f"outbox:{row.id}")
        found.append(row.id)
    return found


def since(row: Outgoing) -> datetime:
    """When a row began to wait: when it was written, or when an operator put it back."""
    again_at = row.notes.get(_AGAIN)
    return datetime.fromisoformat(again_at) if isinstance(again_at, str) else row.created_at
