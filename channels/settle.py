"""The outcome of a call, written into its rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from channels import reasons
from channels.claim import Claim
from channels.contract import Outcome, Retry, Sent, Stop
from channels.wait import growing
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.outbox import PENDING, SENDING, SENT, STOPPED, Outgoing
from conversations.person import ChannelIdentity

log = structlog.get_logger()
FIRST_WAIT, LONGEST_WAIT = 1.0, 600.0  # seconds
LAST_ATTEMPT = 12  # about an hour of growing waits
QUICK_ATTEMPTS = 3  # as often a channel's own ``after`` is taken at its word, even if it is 0
LONGEST_AGE = timedelta(hours=24)


async def settle(session: AsyncSession, claim: Claim, outcome: Outcome, *, holder: str, spared: bool, now: datetime) -> float:
    """Write an outcome in the caller's transaction; gives the seconds until the rows are due again (0: at once, or never).

    * `Sent`: the first ``count`` rows are sent, the others may leave at once as if they had not been tried.
    * `Stop`: the row is a dead letter. Of several rows in one call it is not known which one the platform refused: each is
      tried alone, and judged on its own. When the citizen has blocked us, all stop.
    * `Retry`: the rows wait, with what they held before the call if it surely did not arrive; else as one batch, which is
      repeated as it is. After the last attempt or a day they stop. ``spared``: the platform is broken, this attempt does
      not count.

    Rows that are no longer ours (the platform has shown us the message meanwhile, another process has taken it over) stay
    as they are.
    """
    rows = _Rows(session, claim, holder, now)
    match outcome:
        case Sent():
            await rows.sent(outcome)
        case Stop(blocked=False) if len(claim.ids) > 1:
            await rows.part(outcome.reason)
        case Stop():
            await rows.stop(outcome.reason)
            if outcome.blocked:
                await _block(session, claim.envelopes[0].conversation_id, now)
        case Retry() if now - claim.since > LONGEST_AGE:
            await rows.stop(reasons.too_late(outcome.reason), uncertain=outcome.uncertain)
        case Retry() if claim.attempts >= LAST_ATTEMPT and not spared:
            await rows.stop(reasons.too_often(claim.attempts, outcome.reason), uncertain=outcome.uncertain)
        case Retry():
            wait = _wait(outcome, claim.attempts)
            await rows.wait(outcome, wait, spared=spared)
            return wait
    return 0.0


def _wait(outcome: Retry, attempts: int) -> float:
    """The channel's own ``after`` with a little jitter, or growing waits; and these too when it goes on for long."""
    if outcome.after is None:
        return growing(attempts, FIRST_WAIT, LONGEST_WAIT)
    late = growing(attempts - QUICK_ATTEMPTS, FIRST_WAIT, LONGEST_WAIT) if attempts > QUICK_ATTEMPTS else 0.0
    return max(outcome.after + growing(1, outcome.after / 20, outcome.after), late)


def _of_each(count: int, references: Sequence[str]) -> Sequence[str]:
    """The platform's id of each message. Of one that left in parts it is the last, which has the buttons; else one each."""
    if count == 1:
        return references[-1:]
    return references if len(references) == count else ()


class _Rows:
    """The rows of one claim, as long as they are ours."""

    def __init__(self, session: AsyncSession, claim: Claim, holder: str, now: datetime) -> None:
        self._session = session
        self._claim = claim
        self._holder = holder
        self._now = now

    async def sent(self, outcome: Sent) -> None:
        count = min(max(outcome.count, 1), len(self._claim.ids))
        await self._write(self._claim.ids[:count], state=SENT, sent_at=self._now, reason=None, uncertain=False)
        await self._write(
            self._claim.ids[count:],
            state=PENDING,
            due_at=self._now,
            attempts=Outgoing.attempts - 1,
            batch=None,
            uncertain=False,
        )
        for envelope, reference in zip(self._claim.envelopes, _of_each(count, outcome.references), strict=False):
            await self._session.execute(update(Message).where(Message.id == envelope.message_id).values(reference=reference))

    async def part(self, reason: str) -> None:
        await self._write(
            self._claim.ids, state=PENDING, due_at=self._now, reason=reason, batch=Outgoing.id, uncertain=self._claim.uncertain
        )

    async def stop(self, reason: str, *, uncertain: bool = False) -> None:
        await self._write(self._claim.ids, state=STOPPED, reason=reason, uncertain=uncertain or self._claim.uncertain)
        for envelope in self._claim.envelopes:
            log.warning("outgoing_stopped", outbox=envelope.outbox_id, account=envelope.account)

    async def wait(self, outcome: Retry, wait: float, *, spared: bool) -> None:
        values: dict[str, Any] = {
            "state": PENDING,
            "due_at": self._now + timedelta(seconds=wait),
            "reason": outcome.reason,
            "attempts": Outgoing.attempts - 1 if spared else Outgoing.attempts,
        }
        if not outcome.uncertain:
            values |= {"uncertain": self._claim.uncertain, "batch": self._claim.batch}
        await self._write(self._claim.ids, **values)
        for envelope in self._claim.envelopes if outcome.notes else ():
            await self._session.execute(
                update(Outgoing)
                .where(Outgoing.id == envelope.outbox_id)
                .values(notes={**envelope.notes, **outcome.notes})
                .execution_options(synchronize_session=False)
            )

    async def _write(self, ids: Sequence[str], **values: Any) -> None:
        if ids:
            await self._session.execute(
                update(Outgoing)
                .where(Outgoing.id.in_(ids), Outgoing.state == SENDING, Outgoing.lease_holder == self._holder)
                .values(lease_holder=None, lease_until=None, **values)
                .execution_options(synchronize_session=False)
            )


async def _block(session: AsyncSession, conversation_id: str, now: datetime) -> None:
    identity = select(Conversation.identity_id).where(Conversation.id == conversation_id).scalar_subquery()
    await session.execute(
        update(ChannelIdentity).where(ChannelIdentity.id == identity, ChannelIdentity.blocked_at.is_(None)).values(blocked_at=now)
    )
