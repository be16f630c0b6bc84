"""One event of a conversation at a time, over all workers: a lock in Valkey that ends by itself if its holder dies."""

from __future__ import annotations

import asyncio
import contextlib
import secrets

from redis.asyncio import Redis
from redis.exceptions import RedisError

TURN_PREFIX = "turn:"
LEASE_MILLISECONDS = 3_000  # so long a conversation waits after its worker was killed
RENEWED_AFTER = 1.0  # seconds; few turns take so long
_RENEW = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class Turn:
    """The right to change one conversation. Whoever holds it writes with `token`, which a later holder makes worthless."""

    def __init__(self, valkey: Redis[bytes], conversation: str) -> None:
        """Prepare; nothing is taken yet."""
        self.key = TURN_PREFIX + conversation
        self.token = secrets.token_hex(8)
        self.over = False
        self._valkey = valkey
        self._timer: asyncio.TimerHandle | None = None
        self._renewal: asyncio.Task[None] | None = None

    def keep(self) -> None:
        """Hold on to it as long as the work takes."""
        self._timer = asyncio.get_running_loop().call_later(RENEWED_AFTER, self._begin)

    def end(self) -> None:
        """Stop holding on: it was given back, or somebody else does so."""
        self.over = True
        if self._timer is not None:
            self._timer.cancel()
        if self._renewal is not None:
            self._renewal.cancel()

    async def release(self) -> None:
        """Give it back, unless that has been done; if Valkey is away it ends by itself."""
        if not self.over:
            self.end()
            with contextlib.suppress(RedisError, OSError, asyncio.TimeoutError):
                await self._valkey.eval(_RELEASE, 1, self.key, self.token)

    def _begin(self) -> None:
        self._renewal = asyncio.get_running_loop().create_task(self._renew())

    async def _renew(self) -> None:
        while True:
            with contextlib.suppress(RedisError, OSError, asyncio.TimeoutError):
                await self._valkey.eval(_RENEW, 1, self.key, self.token, LEASE_MILLISECONDS)
            await asyncio.sleep(RENEWED_AFTER)
