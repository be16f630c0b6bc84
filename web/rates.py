"""Rate limits: counted in Valkey so that all processes share them, in memory while Valkey is away."""

import hashlib
import math
import time
from collections.abc import Sequence

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

REST = 10.0  # seconds without trying Valkey after it failed: a dead server must not slow every request down


class Rates:
    """Counts what visitors do. Names are hashed before they are stored: an address is personal data."""

    def __init__(self, valkey_url: str) -> None:
        """Connect lazily to ``valkey_url``; an empty one counts in memory only."""
        self._local = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = _shared(valkey_url) if valkey_url else None
        self._rest_until = 0.0

    async def wait(self, rule: str, *names: str) -> int:
        """Count one use; 0 when it is within ``rule`` (``60/minute``), else the seconds to wait, at least 1."""
        item = parse(rule)
        keys = _keys(names)
        if self._shared is not None and time.monotonic() >= self._rest_until:
            try:
                return await _wait(self._shared, item, keys)
            except (RedisError, OSError, TimeoutError):
                self._rest_until = time.monotonic() + REST
        return await _wait(self._local, item, keys)

    async def wait_all(self, rules: Sequence[str], *names: str) -> int:
        """Count one use under several rules, the shortest first (``5/minute``, ``10/15 minutes``): waits grow with the uses.

        Gives 0 when it is within all of them, else the seconds to wait; a use that is refused counts under no longer rule.
        """
        for rule in rules:
            if seconds := await self.wait(rule, *names):
                return seconds
        return 0

    async def forget(self, rules: Sequence[str], *names: str) -> None:
        """Begin anew: what was counted under the rules is forgotten."""
        keys = _keys(names)
        for limiter in (self._shared, self._local):
            try:
                for rule in rules if limiter is not None else ():
                    await limiter.clear(parse(rule), *keys)  # type: ignore[union-attr]
            except (RedisError, OSError, TimeoutError):
                self._rest_until = time.monotonic() + REST


def _keys(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(hashlib.blake2b(name.encode(), digest_size=12).hexdigest() for name in names)


def _shared(valkey_url: str) -> SlidingWindowCounterRateLimiter:
    storage = RedisStorage(
        f"async+{valkey_url}", implementation="redispy", key_prefix="rate", socket_connect_timeout=1.0, socket_timeout=1.0
    )
    return SlidingWindowCounterRateLimiter(storage)


async def _wait(limiter: SlidingWindowCounterRateLimiter, item: RateLimitItem, keys: tuple[str, ...]) -> int:
    if await limiter.hit(item, *keys):
        return 0
    window = await limiter.get_window_stats(item, *keys)
    return max(1, math.ceil(window.reset_time - time.time()))
