"""Live events: what Valkey says just happened, handed to the sockets and calls that wait for it.

Valkey only makes things quick. Whoever listens must read the database as well: at once when woken with ``None``, every
`SLOW` seconds while Valkey is away, every `CALM` seconds anyhow.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()

SLOW, CALM = 2.0, 30.0
SILENCE = 20.0
ROOM = 200  # events one listener may leave unread; more are dropped, and the gap in the numbering makes it read the rows
LONGEST_REST = 5.0

Event = dict[str, Any] | None
Listener = asyncio.Queue[Event]


class Live:
    """One subscription of this process to all live events, shared out by conversation."""

    def __init__(self, valkey: Redis, silence: float = SILENCE) -> None:
        """Listen through ``valkey`` once `run` is started; after ``silence`` seconds it is asked whether it is still there."""
        self._valkey = valkey
        self._silence = silence
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self.up = False

    @property
    def interval(self) -> float:
        """Seconds after which a listener should look at the rows by itself."""
        return CALM if self.up else SLOW

    def join(self, conversation_id: str, listener: Listener) -> None:
        """Let a listener hear a conversation."""
        self._listeners[conversation_id].add(listener)

    def leave(self, conversation_id: str, listener: Listener) -> None:
        """Let it hear the conversation no more."""
        self._listeners[conversation_id].discard(listener)
        if not self._listeners[conversation_id]:
            del self._listeners[conversation_id]

    @asynccontextmanager
    async def listen(self, conversation_id: str) -> AsyncIterator[Listener]:
        """A listener for as long as the block lasts."""
        listener: Listener = asyncio.Queue(ROOM)
        self.join(conversation_id, listener)
        try:
            yield listener
        finally:
            self.leave(conversation_id, listener)

    async def run(self) -> None:
        """Keep the subscription; wait longer after each failure, up to five seconds."""
        rest = 0.2
        while True:
            try:
                async with self._valkey.pubsub() as channel:
                    await channel.psubscribe("live:*")
                    self._turn(up=True)
                    rest = 0.2
                    await self._pass_on(channel)
            except (RedisError, OSError, TimeoutError):
                if self.up:
                    log.warning("live events are away")
                self._turn(up=False)
            await asyncio.sleep(rest)
            rest = min(rest * 2, LONGEST_REST)

    async def _pass_on(self, channel: Any) -> None:
        asked = False
        while True:
            # Subscriptions are not ignored: the answer to a ping would be ignored with them and look like silence.
            said = await channel.get_message(timeout=self._silence)
            if said is None:
                if asked:
                    raise TimeoutError
                await channel.ping()  # a silent connection may be a dead one
            asked = said is None
            if said is not None and said["type"] == "pmessage":
                self._hand(said["channel"].removeprefix("live:"), said["data"])

    def _hand(self, conversation_id: str, data: str) -> None:
        listeners = self._listeners.get(conversation_id)
        if not listeners:
            return
        with suppress(ValueError):
            event = json.loads(data)
            if isinstance(event, dict):
                _put(listeners, event)

    def _turn(self, *, up: bool) -> None:
        changed, self.up = self.up != up, up
        if changed:
            for listeners in self._listeners.values():
                _put(listeners, None)


def _put(listeners: set[Listener], event: Event) -> None:
    for listener in listeners:
        with suppress(asyncio.QueueFull):
            listener.put_nowait(event)
