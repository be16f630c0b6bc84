"""The attempts to handle an inbox row: how long between them, and when it is enough."""

from datetime import timedelta

from channels.inbox import InboxEvent
from channels.wait import growing
from core import clock

WITHIN = timedelta(seconds=120)  # from the first attempt; then the citizen is told
FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0  # seconds between two attempts


def is_last(row: InboxEvent) -> bool:
    """Whether a failure of the present attempt is final."""
    return row.first_attempt_at is not None and clock.now() - row.first_attempt_at > WITHIN


def postpone(row: InboxEvent, reason: str) -> None:
    """Let a row, loaded in the caller's transaction, wait for its next attempt: twice as long each time."""
    now = clock.now()
    row.first_attempt_at = row.first_attempt_at or now
    row.attempts += 1
    row.due_at = now + timedelta(seconds=growing(row.attempts, FIRST_WAIT, LONGEST_WAIT))
    row.reason = reason


def begin_anew(row: InboxEvent) -> None:
    """Forget the attempts: what comes next has its own time."""
    row.attempts, row.first_attempt_at, row.reason, row.due_at = 0, None, None, clock.now()
