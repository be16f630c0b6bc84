"""The pace of one account: what its platform allows a second in all, and to one recipient in a while."""

import asyncio
from dataclasses import dataclass

from aiolimiter import AsyncLimiter

from channels.contract import Pace

AT_ONCE = 0.2  # seconds' worth of calls that may leave together after a quiet time
_ROUNDING = 0.001  # seconds: the limiters count in fractions, which may fall short of a whole by a hair


@dataclass
class _Recipient:
    limiter: AsyncLimiter
    free_at: float = 0.0  # on the loop's clock


class Pacer:
    """Says who may be written to now, so that nothing that must wait holds a worker meanwhile.

    A call counts once, however many messages it carries: platforms that take several at once count calls. A recipient may
    be written to ``recipient`` times at once after a quiet time, then at that many in ``recipient_seconds`` on average.
    Each process keeps its own count.
    """

    def __init__(self, pace: Pace | None) -> None:
        """``pace`` None: as fast as we can."""
        self._pace = pace
        self._recipients: dict[str, _Recipient] = {}
        self._free_at = 0.0
        if pace is not None:
            together = max(1.0, pace.per_second * AT_ONCE)
            self._all = AsyncLimiter(together, together / pace.per_second)
            self._every = pace.recipient_seconds / pace.recipient

    def room(self, most: int) -> int:
        """How many calls may begin now, at most ``most``."""
        if self._pace is None:
            return most
        most = min(most, int(self._all.max_rate))
        return next((count for count in range(most, 0, -1) if self._all.has_capacity(count)), 0)

    def held(self) -> set[str]:
        """The recipients that must not be written to yet. Those who have been quiet long enough are forgotten."""
        now = _now()
        for name in [name for name, one in self._recipients.items() if one.limiter.has_capacity(one.limiter.max_rate)]:
            del self._recipients[name]
        return {name for name, one in self._recipients.items() if one.free_at > now}

    def remaining(self) -> float | None:
        """Seconds until somebody who is held back now may be written to; None when nobody is."""
        now = _now()
        moments = [self._free_at, *(one.free_at for one in self._recipients.values())]
        return min((moment - now for moment in moments if moment > now), default=None)

    async def take(self, recipient: str) -> None:
        """Count one call. Waits only when `room` and `held` were not asked before."""
        if self._pace is None:
            return
        one = self._recipients.get(recipient)
        if one is None:
            one = _Recipient(AsyncLimiter(self._pace.recipient, self._pace.recipient_seconds))
            self._recipients[recipient] = one
        await one.limiter.acquire()
        await self._all.acquire()
        if not one.limiter.has_capacity():
            one.free_at = _now() + self._every + _ROUNDING
        if not self._all.has_capacity():
            self._free_at = _now() + 1 / self._pace.per_second + _ROUNDING

    def __len__(self) -> int:
        """How many recipients are remembered."""
        return len(self._recipients)


def _now() -> float:
    return asyncio.get_running_loop().time()
