"""The reception: whether somebody may come when a citizen wants to speak with a person."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from redis.asyncio import Redis
from redis.exceptions import RedisError

from conversations import presence
from core import clock


@dataclass(frozen=True)
class Reception:
    """Office hours and who is at their desk. ``is_open`` says whether the office is open at a moment."""

    valkey: Redis
    is_open: Callable[[datetime], Awaitable[bool]]

    async def somebody(self) -> bool:
        """Whether the office is open and a member of staff has a screen open.

        While Valkey is away nobody knows who is there; the citizen then waits, and is told when nobody took the chat.
        """
        if not await self.is_open(clock.now()):
            return False
        try:
            return bool(await presence.at_reception(self.valkey))
        except (RedisError, OSError):
            return True
