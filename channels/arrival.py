"""An arrival: what one webhook brought; and how many of them are stored in one transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.engine import Connection

from channels.contract import Inbound
from channels.inbox import RECEIVED, UNREADABLE, Accepted, InboxEvent
from conversations import opening
from conversations.opening import Citizen
from conversations.removal import UNSENT
from core import clock, storable
from core.database import among, insert_absent

_KEY = (InboxEvent.channel, InboxEvent.account, InboxEvent.event_id)
_PLACE = (InboxEvent.conversation_id, InboxEvent.reference)
Key = tuple[str, str, str]  # channel, account, event id


@dataclass(frozen=True)
class Arrival:
    """The events of one webhook, and as text the pieces of it that nothing could be made of."""

    channel: str
    account: str
    inbounds: Sequence[Inbound] = ()
    odd: Sequence[str] = field(default=(), repr=False)

    def account_of(self, inbound: Inbound) -> str:
        """One webhook may serve several accounts."""
        return inbound.account or self.account

    def citizen(self, inbound: Inbound) -> Citizen:
        """Whose event it is."""
        return self.channel, self.account_of(inbound), storable.text(inbound.external_id)


def store(connection: Connection, arrivals: Sequence[Arrival]) -> list[list[Accepted]]:
    """Store everything in the caller's transaction; gives for every arrival what became of its events, in their order."""
    now = clock.now()
    conversations = opening.find_or_open(connection, _citizens(arrivals))
    rows = [(arrival, _rows(arrival, conversations, now), _odd_rows(arrival, now)) for arrival in arrivals]
    events = [row for _, own, _ in rows for row in own]
    _take_back(connection, events)
    fresh = _insert(connection, [*events, *(row for _, _, odd in rows for row in odd)])
    return [[_accepted(row, fresh) for row in own] for _, own, _ in rows]


def _citizens(arrivals: Sequence[Arrival]) -> list[Citizen]:
    return list(dict.fromkeys(arrival.citizen(inbound) for arrival in arrivals for inbound in arrival.inbounds))


def _rows(arrival: Arrival, conversations: dict[Citizen, str], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "channel": arrival.channel,
            "account": arrival.account_of(inbound),
            "event_id": storable.text(inbound.event_id),
            "conversation_id": conversations[arrival.citizen(inbound)],
            "reference": storable.text(inbound.reference) if inbound.reference else None,
            "at": inbound.at,
            "rank": int(inbound.at.timestamp() * 1000) if inbound.rank is None else inbound.rank,
            "content": storable.data(inbound.content.model_dump(mode="json", exclude_defaults=True))
            | {"kind": inbound.content.kind},
            "details": storable.data(dict(inbound.details)),
            "state": RECEIVED,
            "due_at": now,
            "received_at": now,
        }
        for inbound in arrival.inbounds
    ]


def _odd_rows(arrival: Arrival, now: datetime) -> list[dict[str, Any]]:
    """Repeating it would not cure it, losing it would hide it."""
    return [
        {
            "channel": arrival.channel,
            "account": arrival.account,
            "event_id": "raw:" + hashlib.sha256(piece.encode("utf-8", "replace")).hexdigest(),
            "conversation_id": None,
            "reference": None,
            "at": now,
            "rank": 0,
            "content": {"raw": storable.text(piece)},
            "details": {},
            "state": UNREADABLE,
            "due_at": now,
            "received_at": now,
        }
        for piece in arrival.odd
    ]


def _take_back(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Platforms deliver in any order: of a message whose unsend came first neither words nor files are kept."""
    places = {_place(row) for row in rows if row["reference"] and row["content"]["kind"] != "event"}
    if not places:
        return
    unsent = {_place(row) for row in rows if row["content"].get("event") == "unsend"}
    found = connection.execute(_unsends(connection.dialect.name), {"places": list(places)})
    unsent |= {(str(conversation), str(reference)) for conversation, reference in found}
    for row in rows:
        if _place(row) in unsent and row["content"]["kind"] != "event":
            row["content"] = UNSENT


@cache
def _unsends(dialect: str) -> Select[str | None, str | None]:
    of_unsend = InboxEvent.content["event"].as_string() == "unsend"
    return select(*_PLACE).where(among(dialect, "places", *_PLACE), of_unsend)


def _place(row: dict[str, Any]) -> tuple[str, str]:
    return row["conversation_id"], row["reference"] or ""


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> set[Key]:
    """The keys of the rows that were new."""
    if not rows:
        return set()
    found = connection.execute(insert_absent(connection, InboxEvent, *_KEY), rows)
    return {(channel, account, event_id) for channel, account, event_id in found}


def _accepted(row: dict[str, Any], fresh: set[Key]) -> Accepted:
    key = row["channel"], row["account"], row["event_id"]
    new = key in fresh
    fresh.discard(key)  # the same event twice in one transaction is fresh once
    return Accepted(row["conversation_id"], row["event_id"], new)
