"""The outbox: every message that is to leave, one row each, written with the change that caused it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from conversations import message
from conversations.content import Outward
from conversations.conversation import Conversation
from core import clock, ids
from core.database import Base

PENDING, SENDING, SENT, STOPPED = "pending", "sending", "sent", "stopped"


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
