"""Acknowledgements: showing the citizen that their event is being handled, beside the handling and never in its way."""

import asyncio
from collections.abc import Mapping

import structlog

from channels.contract import Channel
from channels.inbox import InboxEvent
from conversations.conversation import Conversation

log = structlog.get_logger()
MOST = 50  # at once; a platform that is slow loses these, not its messages
LONGEST = 10.0  # seconds


class Acknowledgements:
    """The background tasks of one process."""

    def __init__(self, channels: Mapping[tuple[str, str], Channel]) -> None:
        """``channels`` holds the adapters by (channel, account)."""
        self._channels = channels
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, conversation: Conversation, row: InboxEvent) -> None:
        """Acknowledge an event without waiting for it."""
        channel = self._channels.get((conversation.channel, conversation.account))
        if channel is None or len(self._tasks) >= MOST:
            return
        task = asyncio.create_task(_acknowledge(channel, conversation.external_id, dict(row.details)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Break off what is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _acknowledge(channel: Channel, external_id: str, details: Mapping[str, object]) -> None:
    try:
        async with asyncio.timeout(LONGEST):
            await channel.acknowledge(external_id, details)
    except Exception as error:
        log.warning("acknowledgement_failed", channel=channel.name, error=type(error).__name__)
