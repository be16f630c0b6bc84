"""The circuit breaker of one account: while its platform fails, messages are held back, not spent on it.

Libraries for this (purgatory, aiobreaker, pybreaker) wrap a call and refuse it with an exception for a fixed time. Here no call
is to begin at all: a refused one would have claimed its rows and used up an attempt. So the sender asks before it claims.
"""

import time
from collections.abc import Callable

from channels.wait import growing

THRESHOLD = 5  # broken outcomes in a row that open it
FIRST_OPEN, LONGEST_OPEN = 2.0, 15.0  # seconds; LINE's free reply tokens live for a minute only


class Breaker:
    """Closed (all may leave), open (none may), then half open: one leaves as a probe, and its outcome closes or opens it again.

    Every call is announced by `enter` and ended by `leave`. Calls that began before it opened and end afterwards say
    nothing new and are not counted.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """``now`` gives seconds of a clock that never goes back."""
        self._now = now
        self._broken = 0
        self._opened = 0
        self._until: float | None = None
        self._probing = False

    @property
    def closed(self) -> bool:
        """Whether the platform is believed to work."""
        return self._until is None

    @property
    def remaining(self) -> float:
        """Seconds until a probe may leave; 0 when closed or when one may leave now."""
        return 0.0 if self._until is None else max(0.0, self._until - self._now())

    def room(self, most: int) -> int:
        """How many calls may begin now, at most ``most``."""
        if self._until is None:
            return most
        return 0 if self._probing or self.remaining > 0 else min(most, 1)

    def enter(self) -> bool:
        """A call begins; True when it is the probe, which `leave` must be told."""
        if self._until is None:
            return False
        self._probing = True
        return True

    def leave(self, *, probe: bool, broken: bool | None) -> None:
        """A call ended; ``broken`` is None when it did not reach the platform."""
        if probe:
            self._probing = False
        if broken is None or (self._until is not None and not probe):
            return
        if not broken:
            self._broken, self._opened, self._until = 0, 0, None
            return
        self._broken += 1
        if probe or self._broken >= THRESHOLD:
            self._opened += 1
            self._until = self._now() + growing(self._opened, FIRST_OPEN, LONGEST_OPEN)
