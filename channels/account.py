"""An account: what operators are told of one account of one channel."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class ChannelAccount(Base):
    """What last went wrong on an account, until when its circuit breaker is open, and what is left of its quota.

    ``quota_limit`` is the number of messages a month that the platform lets us push (None: no limit or not known).
    """

    __tablename__ = "channel_account"

    channel: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    failure: Mapped[str | None]
    failed_at: Mapped[datetime | None]
    open_until: Mapped[datetime | None]
    quota_limit: Mapped[int | None]
    quota_used: Mapped[int | None]
    quota_at: Mapped[datetime | None]
