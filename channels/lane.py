"""A lane: one account's way out, with its own workers, pace and breaker, so that a platform that hangs slows no other."""

import time
from datetime import timedelta
from typing import Any, Self

from channels.breaker import Breaker
from channels.contract import Channel, Outcome, Retry, Stop
from channels.due import Wanted
from channels.pace import Pacer
from channels.wait import growing
from core import clock

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0  # seconds that all wait when the platform says so and not for how long


class Lane:
    """What one account may do now, and what operators are to be told of it."""

    def __init__(self, channel: Channel, workers: int) -> None:
        """``workers`` is the most calls under way at once."""
        self.channel = channel
        self.breaker = Breaker()
        self.busy: set[str] = set()  # conversations being written to
        self._pacer = Pacer(channel.pace)
        self._workers = workers
        self._paused_until = 0.0
        self._pauses = 0
        self._news: dict[str, Any] = {}

    def wanted(self) -> Wanted | None:
        """What may leave now; None when nothing may."""
        if self._paused_until > time.monotonic():
            return None
        count = self._pacer.room(self.breaker.room(self._workers - len(self.busy)))
        return Wanted(count, self.busy | self._pacer.held()) if count > 0 else None

    def remaining(self) -> float | None:
        """Seconds until more may leave than now, if that is only a matter of time."""
        moments = (self._paused_until - time.monotonic(), self.breaker.remaining, self._pacer.remaining() or 0.0)
        return min((moment for moment in moments if moment > 0), default=None)

    async def enter(self, conversation_id: str) -> "Call":
        """A call begins, which counts from now on."""
        self.busy.add(conversation_id)
        await self._pacer.take(conversation_id)
        return Call(self, conversation_id, probe=self.breaker.enter())

    def judge(self, outcome: Outcome, *, probe: bool) -> bool:
        """Learn from an outcome; True when it is the platform's fault as a whole and must not use up a message's attempts."""
        broken, everyone = (outcome.broken, outcome.everyone) if isinstance(outcome, Retry) else (False, False)
        before = self.breaker.closed
        self.breaker.leave(probe=probe, broken=None if _silent(outcome) else broken)
        if isinstance(outcome, Retry) and everyone:
            if self._paused_until <= time.monotonic():  # calls that ended together say it once
                self._pauses += 1
            wait = growing(self._pauses, FIRST_PAUSE, LONGEST_PAUSE) if outcome.after is None else outcome.after
            self._paused_until = max(self._paused_until, time.monotonic() + wait)
        elif not broken and not _silent(outcome):
            self._pauses = 0
        self._tell(outcome, changed=probe or before != self.breaker.closed)
        return everyone or (broken and not self.breaker.closed)

    def news(self) -> dict[str, Any]:
        """What is new for `ChannelAccount` since the last time, by column."""
        news, self._news = self._news, {}
        return news

    def _tell(self, outcome: Outcome, *, changed: bool) -> None:
        if isinstance(outcome, Stop) or (
            isinstance(outcome, Retry) and (outcome.broken or outcome.everyone or outcome.uncertain)
        ):
            self._news |= {"failure": outcome.reason, "failed_at": clock.now()}
        if changed:
            closed, wait = self.breaker.closed, timedelta(seconds=self.breaker.remaining)
            self._news["open_until"] = None if closed else clock.now() + wait


def _silent(outcome: Outcome) -> bool:
    """Whether an outcome says nothing about the platform: it was not called, or the channel waits for an echo."""
    return isinstance(outcome, Retry) and (not outcome.asked or (outcome.uncertain and not outcome.broken))


class Call:
    """One call under way; as a context manager it gives its place in the lane back at the end."""

    def __init__(self, lane: Lane, conversation_id: str, *, probe: bool) -> None:
        """See `Lane.enter`."""
        self._lane = lane
        self._conversation_id = conversation_id
        self._probe = probe
        self._judged = False

    def judge(self, outcome: Outcome) -> bool:
        """See `Lane.judge`."""
        self._judged = True
        return self._lane.judge(outcome, probe=self._probe)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._judged:
            self._lane.breaker.leave(probe=self._probe, broken=None)
        self._lane.busy.discard(self._conversation_id)
