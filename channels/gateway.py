"""The gateway: what a platform posts is verified, parsed and stored before it is answered. Nothing slow happens here."""

import json
from collections.abc import Mapping, Sequence

import structlog
from redis.asyncio import Redis

from channels import inbox
from channels.contract import Channel, Inbound
from channels.inbox import Accepted
from conversations import queue
from core.database import Database

log = structlog.get_logger()


class Gateway:
    """The one door for citizens' events, whatever the channel."""

    def __init__(self, database: Database, valkey: Redis) -> None:
        """Keep the database rows go to and the Valkey that wakes the dispatcher."""
        self._database = database
        self._valkey = valkey

    async def accept(self, channel: str, account: str, inbounds: Sequence[Inbound]) -> list[Accepted]:
        """Store all events in one transaction, then wake the dispatcher. When this returns, nothing can be lost any more."""
        async with self._database.write() as session:
            accepted = [await inbox.accept(session, channel, account, inbound) for inbound in inbounds]
        # A redelivery wakes the dispatcher too: the first delivery may have died before its own call.
        for conversation_id in dict.fromkeys(one.conversation_id for one in accepted):
            if not await queue.announce(self._valkey, conversation_id):
                log.warning("valkey_away", conversation=conversation_id)
        return accepted

    async def receive(self, channel: Channel, body: bytes, headers: Mapping[str, str]) -> list[Accepted]:
        """Take one webhook: all events of all citizens in it.

        Raises:
            channels.contract.Unverified: when the platform did not sign it; nothing was kept.
        """
        channel.verify(body, headers)
        try:
            inbounds = [one for one in channel.parse(json.loads(body)) if isinstance(one, Inbound)]
        except (ValueError, KeyError, TypeError, RecursionError):
            log.warning("unreadable_webhook", channel=channel.name, account=channel.account, size=len(body))
            async with self._database.write() as session:
                await inbox.keep_unreadable(session, channel.name, channel.account, body)
            return []
        return await self.accept(channel.name, channel.account, inbounds)
