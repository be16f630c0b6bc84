"""The share of conversations that the assistant answered alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.conversation import Conversation
from conversations.ownership import BOT


@dataclass(frozen=True)
class Answered:
    """Conversations in which a citizen wrote, and those among them in which no person was asked for."""

    all: int = 0
    alone: int = 0

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where nobody wrote."""
        return self.alone / self.all if self.all else None

    def __add__(self, other: "Answered") -> "Answered":
        """Both together."""
        return Answered(self.all + other.all, self.alone + other.alone)


async def by_channel(session: AsyncSession, since: datetime) -> Mapping[str, Answered]:
    """For each channel, the conversations in which a citizen wrote since then, most first.

    The assistant was alone where it owns the conversation and owned it all the time since: whoever waited in the queue, even if
    they left it, or spoke with a person, changed the owner. What people write in a platform's own inbox changes none and is
    not seen here.
    """
    alone = and_(Conversation.owner == BOT, or_(Conversation.owner_since.is_(None), Conversation.owner_since < since))
    query = select(Conversation.channel, func.count(), func.sum(cast(alone, Integer))).where(Conversation.heard_at >= since)
    rows = await session.execute(query.group_by(Conversation.channel))
    found = {channel: Answered(int(number), int(own)) for channel, number, own in rows}
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].all, pair[0])))
