"""What is due: one query for all accounts that can take something now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from conversations.outbox import PENDING, SENDING, Outgoing

Account = tuple[str, str]  # channel, account


@dataclass(frozen=True)
class Wanted:
    """How many conversations an account can take now, and which not: those being written to, those held back by the pace."""

    count: int
    without: Collection[str] = ()


@dataclass(frozen=True)
class Head:
    """A conversation's first unsent row, which may leave now."""

    outbox_id: str
    conversation_id: str
    channel: str
    account: str


async def heads(session: AsyncSession, wanted: Mapping[Account, Wanted], now: datetime) -> list[Head]:
    """The rows that may leave, oldest first within each account, and before them those whose last attempt may have arrived.

    A repeat can only tell whether the first call arrived as long as the platform remembers it (LINE's reply tokens live for a
    minute), so it must not wait behind a backlog. Every account is asked for on its own, so that a flood of one hides no
    other's rows; of each there are up to ``count`` of either kind.
    """
    asked = [one for key, want in wanted.items() for one in _asked(key, want, now)]
    if not asked:
        return []
    rows = await session.execute(union_all(*(select(one.subquery()) for one in asked)))
    found = {
        row.id: Head(row.id, row.conversation_id, row.channel, row.account) for row in sorted(rows, key=lambda row: row.place)
    }
    return list(found.values())


def _asked(key: Account, want: Wanted, now: datetime) -> list[Select[str, str, str, str]]:
    """What a process that died was sending, what may have arrived, what is pending: each query can walk along its index."""
    pending = (Outgoing.state == PENDING, Outgoing.due_at <= now)
    abandoned = (Outgoing.state == SENDING, Outgoing.lease_until < now)
    first = select(Outgoing.id, Outgoing.conversation_id, Outgoing.channel, Outgoing.account).where(
        Outgoing.channel == key[0],
        Outgoing.account == key[1],
        Outgoing.conversation_id.not_in(sorted(want.without)),
        ~_preceded(),
    )
    return [
        first.where(*state).add_columns(literal(place).label("place")).order_by(Outgoing.due_at).limit(want.count)
        for place, state in enumerate((abandoned, (*pending, Outgoing.uncertain), pending))
    ]


def _preceded() -> ColumnElement[bool]:
    earlier = aliased(Outgoing)
    return exists().where(
        earlier.conversation_id == Outgoing.conversation_id,
        earlier.sequence < Outgoing.sequence,
        earlier.state.in_((PENDING, SENDING)),
    )
