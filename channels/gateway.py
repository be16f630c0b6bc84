"""The gateway: what a platform posts is verified, parsed and stored before it is answered. Nothing slow happens here."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import structlog
from prometheus_client import Counter
from redis.asyncio import Redis

from channels.arrival import Arrival
from channels.contract import Channel, Inbound, Odd, Unverified
from channels.inbox import Accepted
from channels.waker import Waker
from channels.writer import Writer
from core import storable
from core.database import Database, unavailable

log = structlog.get_logger()
WEBHOOKS = Counter("pracha_webhooks_total", "Webhooks received", ["channel", "account", "outcome"])
ID_LENGTH = 200  # characters of a citizen's id; platforms' own are far shorter
EVENT_LENGTH = 400  # of an event's and a message's id: Instagram's have 170, and adapters add to them
PIECES = 200  # a webhook with more odd pieces is kept whole
RANKS = range(-(2**63), 2**63)  # what the column holds


class Gateway:
    """The one door for citizens' events, whatever the channel."""

    def __init__(self, database: Database, valkey: Redis) -> None:
        """Keep the database rows go to and the Valkey that wakes the dispatcher."""
        self._writer = Writer(database)
        self._waker = Waker(valkey)

    async def accept(self, channel: str, account: str, inbounds: Sequence[Inbound]) -> list[Accepted]:
        """Store events together, one result for each; when this returns, nothing can be lost any more.

        Raises:
            Exception: what the database says; nothing was stored.
        """
        return await self._store(Arrival(channel, account, inbounds))

    async def receive(self, channel: Channel, body: bytes, headers: Mapping[str, str]) -> list[Accepted]:
        """Take one webhook: all events of all citizens in it, and keep what nothing can be made of.

        Raises:
            channels.contract.Unverified: when the platform did not sign it; nothing was kept.
            Exception: when the database is away (`core.database.unavailable`); nothing was kept.
        """
        outcome = "unavailable"
        try:
            channel.verify(body, headers)
            arrival = _read(channel, body)
            accepted = await self._take(arrival)
            outcome = "unreadable" if arrival.odd else "ok"
        except Unverified:
            outcome = "unverified"
            raise
        finally:
            WEBHOOKS.labels(channel.name, channel.account, outcome).inc()
        return accepted

    async def close(self) -> None:
        """Finish what was begun."""
        await self._writer.close()
        await self._waker.close()

    async def _store(self, arrival: Arrival) -> list[Accepted]:
        if not arrival.inbounds and not arrival.odd:
            return []
        accepted = await self._writer.store(arrival)
        # A redelivery wakes the dispatcher too: the first delivery may have died before its own call.
        self._waker.wake(one.conversation_id for one in accepted)
        return accepted

    async def _take(self, arrival: Arrival) -> list[Accepted]:
        """Store it; what the database refuses for good is kept as text, since the platform's repeating would not cure it."""
        try:
            return await self._store(arrival)
        except Exception as error:
            if unavailable(error):
                raise
            log.error("webhook_refused", channel=arrival.channel, account=arrival.account, kind=type(error).__name__)
        accepted: list[Accepted] = []
        for inbound in arrival.inbounds:
            accepted += await self._take_one(arrival, inbound)
        await self._store(Arrival(arrival.channel, arrival.account, odd=arrival.odd))
        return accepted

    async def _take_one(self, arrival: Arrival, inbound: Inbound) -> list[Accepted]:
        try:
            return await self._store(Arrival(arrival.channel, arrival.account, [inbound]))
        except Exception as error:
            if unavailable(error):
                raise
        return await self._store(Arrival(arrival.channel, arrival.account, odd=[repr(inbound)]))


def _read(channel: Channel, body: bytes) -> Arrival:
    try:
        pieces = [_checked(piece) for piece in channel.parse(orjson.loads(body))]
        inbounds = [piece for piece in pieces if isinstance(piece, Inbound)]
        odd = [_text(piece.piece) for piece in pieces if isinstance(piece, Odd)]
    except Exception as error:  # whatever an adapter stumbles over, a repeat would not cure it
        log.warning("unreadable_webhook", channel=channel.name, account=channel.account, kind=type(error).__name__)
        return Arrival(channel.name, channel.account, odd=[_whole(body)])
    return Arrival(channel.name, channel.account, inbounds, odd if len(odd) <= PIECES else [_whole(body)])


def _checked(piece: Inbound | Odd) -> Inbound | Odd:
    if isinstance(piece, Odd):
        return piece
    long = len(piece.external_id) > ID_LENGTH or max(len(piece.event_id), len(piece.reference or "")) > EVENT_LENGTH
    if not long and piece.external_id and piece.event_id and (piece.rank is None or piece.rank in RANKS):
        storable.data(dict(piece.details))  # raises for what no database takes
        return piece
    return Odd(piece.content.model_dump(mode="json") | {"external_id": piece.external_id, "event_id": piece.event_id})


def _text(piece: Any) -> str:
    try:
        return json.dumps(piece, ensure_ascii=False)
    except (TypeError, ValueError):
        return repr(piece)


def _whole(body: bytes) -> str:
    return body.decode("utf-8", "replace")
