"""An account: what operators are told of one account of one channel."""

from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
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


async def note(session: AsyncSession, channel: str, account: str, **values: Any) -> None:
    """Write what is new about an account, in the caller's transaction. ``values`` are columns of `ChannelAccount`."""
    row = await session.get(ChannelAccount, (channel, account))
    if row is None:
        row = ChannelAccount(channel=channel, account=account)
        try:
            async with session.begin_nested():
                session.add(row)
        except IntegrityError:  # another process was faster
            row = await session.get_one(ChannelAccount, (channel, account))
    for name, value in values.items():
        setattr(row, name, value)
