"""A conversation: one citizen on one account of one channel, with its owner, lease and numbering."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from conversations.person import ChannelIdentity, Person
from core import clock, ids
from core.database import Base

_UNSEARCHED = text("searched < last_sequence")


class Conversation(Base):
    """The row everything about a conversation hangs on.

    ``lease_holder`` names the dispatcher worker that handles it now, ``lease_until`` when others may take it over.
    ``owner`` says who answers since ``owner_since``: ``bot``, ``queue`` or ``staff:<id>``; see `conversations.ownership`.
    ``missing_since`` is when the owner's screen was first found gone; ``staff_read`` the last message the owner has seen;
    ``searched`` the last one whose words `conversations.search` has taken; below 1 it takes them all (anew).
    """

    __tablename__ = "conversation"
    __table_args__ = (Index("ix_conversation_unsearched", "id", sqlite_where=_UNSEARCHED, postgresql_where=_UNSEARCHED),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("cnv"))
    identity_id: Mapped[str] = mapped_column(ForeignKey("channel_identity.id"), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[str]
    account: Mapped[str]
    external_id: Mapped[str]
    owner: Mapped[str] = mapped_column(default="bot", index=True)
    owner_version: Mapped[int] = mapped_column(default=0)
    owner_since: Mapped[datetime | None]
    missing_since: Mapped[datetime | None]
    staff_read: Mapped[int] = mapped_column(default=0)
    last_sequence: Mapped[int] = mapped_column(default=0)
    searched: Mapped[int] = mapped_column(default=0)
    lease_holder: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    heard_at: Mapped[datetime | None] = mapped_column(index=True)  # when the citizen last wrote: some platforms ask


async def find(session: AsyncSession, channel: str, account: str, external_id: str) -> Conversation | None:
    """The conversation of this citizen on this account, if there is one."""
    return await session.scalar(
        select(Conversation)
        .join(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id)
        .where(
            ChannelIdentity.channel == channel,
            ChannelIdentity.account == account,
            ChannelIdentity.external_id == external_id,
        )
    )


async def find_or_open(session: AsyncSession, channel: str, account: str, external_id: str) -> Conversation:
    """The conversation of this citizen on this account, opened together with its person when it is the first word.

    Call it inside a writing transaction. Two processes may race on PostgreSQL; the unique key then fails the second,
    which tries its transaction again.
    """
    found = await find(session, channel, account, external_id)
    if found is not None:
        return found
    person = Person()
    session.add(person)
    await session.flush()
    identity = ChannelIdentity(channel=channel, account=account, external_id=external_id, person_id=person.id)
    session.add(identity)
    await session.flush()
    opened = Conversation(identity_id=identity.id, person_id=person.id, channel=channel, account=account, external_id=external_id)
    session.add(opened)
    await session.flush()
    return opened
