"""The waker: tells the dispatchers what has come, after it was stored and without keeping anybody waiting."""

import asyncio
from collections.abc import Iterable

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from conversations import queue

log = structlog.get_logger()
ROOM = 10_000  # conversations remembered while Valkey is slow; others are found by the sweep
PATIENCE = 3.0  # seconds for one call


class Waker:
    """One process's hints to the dispatchers. The rows are the truth: a hint that is lost costs a moment."""

    def __init__(self, valkey: Redis) -> None:
        """Nothing runs while nothing is to be told."""
        self._valkey = valkey
        self._waiting: dict[str, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._away = False

    def wake(self, conversation_ids: Iterable[str]) -> None:
        """Have the dispatchers look at these conversations."""
        if len(self._waiting) < ROOM:
            self._waiting.update(dict.fromkeys(conversation_ids))
        if self._task is None and self._waiting:
            self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Wait until everything was told or given up."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while self._waiting:
                told, self._waiting = list(self._waiting), {}
                await self._tell(told)
        finally:
            self._task = None

    async def _tell(self, conversation_ids: list[str]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await queue.announce(self._valkey, conversation_ids)
        except (RedisError, OSError) as error:
            if not self._away:
                log.warning("valkey_away", kind=type(error).__name__)
            self._away = True
        else:
            self._away = False
