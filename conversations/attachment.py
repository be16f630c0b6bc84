"""An attachment: a file a citizen or an officer sent, kept in `var/media/`, described in the database."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.database import Base


class Attachment(Base):
    """What is known of a stored file. ``name`` is the file's name below `var/media/`; ``size`` is in bytes."""

    __tablename__ = "attachment"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("att"))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    media_type: Mapped[str]
    name: Mapped[str]
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    sha256: Mapped[str]
    public: Mapped[bool] = mapped_column(
        default=False
    )  # sent by staff: whoever has its random name may fetch it, as platforms do
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


def path(media: Path, attachment: Attachment) -> Path:
    """Where the file lies below the folder ``media``."""
    return media / attachment.name


async def owned(session: AsyncSession, attachment_id: str, conversation_id: str) -> Attachment | None:
    """The attachment, if it belongs to this conversation: nobody may send or read another's file by guessing its id."""
    found = await session.get(Attachment, attachment_id)
    return found if found is not None and found.conversation_id == conversation_id else None
