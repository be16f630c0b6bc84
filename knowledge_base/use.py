"""Use: how often each FAQ was answered, offered, chosen and read, by day and channel."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class FaqUse(Base):
    """One count. ``kind`` is "answered", "offered", "chosen" (an offer was pressed) or "viewed" (its page was opened)."""

    __tablename__ = "faq_use"

    faq_id: Mapped[str] = mapped_column(ForeignKey("faq.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)  # in Bangkok
    kind: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(default=0)
