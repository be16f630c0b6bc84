"""A person, and the identities by which channels know them."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.database import Base


class Person(Base):
    """A citizen, the same on every channel they use. Merging identities moves them to one person."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("per"))
    display_name: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="th")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class ChannelIdentity(Base):
    """How one account of one channel knows a person: a LINE user id, a web visitor's key."""

    __tablename__ = "channel_identity"
    __table_args__ = (UniqueConstraint("channel", "account", "external_id"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("idn"))
    channel: Mapped[str]
    account: Mapped[str]
    external_id: Mapped[str]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    blocked_at: Mapped[datetime | None]  # when they blocked our account; None while they may be written to
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
