"""Praise and complaints about the service, as citizens tell them in the chat."""

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids, privacy
from core.database import Base


class Feedback(Base):
    """One piece of feedback. ``text`` is masked: telephone numbers, names and the like are not kept."""

    __tablename__ = "feedback"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("fbk"))
    key: Mapped[str] = mapped_column(unique=True)  # of the cause: a repeat finds the first
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


async def keep(session: AsyncSession, conversation_id: str, text: str, *, key: str) -> Feedback:
    """Keep what was said, masked, in the caller's transaction; the same key keeps it once."""
    held = await session.scalar(select(Feedback).where(Feedback.key == key))
    if held is not None:
        return held
    kept = Feedback(key=key, conversation_id=conversation_id, text=privacy.mask(text.replace("\x00", "")).strip())
    session.add(kept)
    await session.flush()
    return kept
