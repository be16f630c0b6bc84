"""A message of a transcript, and how transcripts are read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from conversations.conversation import Conversation
from core import clock, ids
from core.database import Base


class Message(Base):
    """One message. ``sequence`` counts from 1 within the conversation and is the order everybody sees.

    ``author`` is ``citizen``, ``bot``, ``system``, ``staff:<id>``, or ``staff:inbox`` for what a person of the office wrote in
    the platform's own inbox; ``content`` is an `Inward` for citizens, else an `Outward`; ``understood`` holds the engine's
    reading of a citizen's message: {"intent", "confidence"}, and "utterance" where the wording was kept to be labelled.
    """

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("conversation_id", "sequence"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("msg"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    sequence: Mapped[int]
    author: Mapped[str]
    content: Mapped[dict[str, Any]]
    understood: Mapped[dict[str, Any] | None]
    event_id: Mapped[str | None] = mapped_column(index=True)  # the citizen's event this is, or answers
    reference: Mapped[str | None] = mapped_column(index=True)  # the platform's id of this message
    at: Mapped[datetime] = mapped_column(default=clock.now)


async def append(
    session: AsyncSession,
    conversation: Conversation,
    author: str,
    content: dict[str, Any],
    *,
    event_id: str | None = None,
    reference: str | None = None,
    understood: dict[str, Any] | None = None,
    at: datetime | None = None,
    heard: bool = True,
) -> Message:
    """Write the next message of a conversation in the caller's transaction.

    ``at`` is the platform's time if it gave one. ``heard`` is False for an event with which the citizen said nothing.
    """
    conversation.last_sequence += 1
    conversation.last_at = clock.now()
    if author == "citizen" and heard:
        written = at or conversation.last_at
        conversation.heard_at = max(written, conversation.heard_at or written)
    message = Message(
        conversation_id=conversation.id,
        sequence=conversation.last_sequence,
        author=author,
        content=content,
        event_id=event_id,
        reference=reference,
        understood=understood,
        at=at or clock.now(),
    )
    session.add(message)
    await session.flush()
    return message


async def transcript(
    session: AsyncSession, conversation_id: str, *, after: int = 0, before: int | None = None, limit: int = 100
) -> Sequence[Message]:
    """The newest ``limit`` messages with a sequence above ``after`` (and below ``before``), oldest first."""
    query = select(Message).where(Message.conversation_id == conversation_id, Message.sequence > after)
    if before is not None:
        query = query.where(Message.sequence < before)
    rows = (await session.scalars(query.order_by(Message.sequence.desc()).limit(limit))).all()
    return rows[::-1]
