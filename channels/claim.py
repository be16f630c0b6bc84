"""The claim: a conversation's next rows taken for one call, and everything the channel is told about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from channels import dead_letter, reasons
from channels.contract import Envelope
from channels.inbox import InboxEvent
from conversations import ownership
from conversations.content import outward
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.outbox import PENDING, SENDING, SENT, Outgoing, since
from conversations.person import ChannelIdentity

LEASE = timedelta(seconds=60)  # longer than a call may take


@dataclass(frozen=True)
class Claim:
    """Rows that leave in one call, in order.

    ``batch`` and ``uncertain`` are what the rows held before; ``since`` is when they began to wait.
    """

    envelopes: Sequence[Envelope]
    batch: str | None
    uncertain: bool
    since: datetime

    @property
    def ids(self) -> list[str]:
        """The rows' ids, in order."""
        return [envelope.outbox_id for envelope in self.envelopes]

    @property
    def attempts(self) -> int:
        """How often the first row was tried, this time included."""
        return self.envelopes[0].attempts


async def claim(session: AsyncSession, head: str, conversation_id: str, *, most: int, holder: str, now: datetime) -> Claim | None:
    """Take the row ``head`` and those that may leave with it, at most ``most``, in the caller's writing transaction.

    None when somebody else was faster, or when the rows must not be sent at all and were stopped. From here on until the
    outcome is written the rows say that they may have arrived, so a crash in between is never taken for "not sent".
    """
    found = await _unsent(session, conversation_id, most)
    if not found or found[0].row.id != head or not _free(found[0].row, now):
        return None
    leaving = _together(found, most, now)
    first, rows = leaving[0].row, [one.row for one in leaving]
    if (reason := _refusal(leaving[0])) is not None:
        for row in rows:
            dead_letter.stop(row, reason)
        return None
    taken = Claim(await _envelopes(session, leaving), first.batch, first.uncertain, since(first))
    if len(taken.envelopes) < len(rows):
        dead_letter.stop(rows[len(taken.envelopes)], reasons.UNREADABLE)
    if not taken.envelopes:
        return None
    await session.execute(
        update(Outgoing)
        .where(Outgoing.id.in_(taken.ids))
        .values(
            state=SENDING,
            lease_holder=holder,
            lease_until=now + LEASE,
            attempts=Outgoing.attempts + 1,
            batch=first.batch or first.id,
            uncertain=True,
        )
        .execution_options(synchronize_session=False)
    )
    return taken


class _Unsent(NamedTuple):
    row: Outgoing
    said: Message
    conversation: Conversation
    blocked_at: datetime | None


async def _unsent(session: AsyncSession, conversation_id: str, most: int) -> list[_Unsent]:
    rows = await session.execute(
        select(Outgoing, Message, Conversation, ChannelIdentity.blocked_at)
        .join(Message, Message.id == Outgoing.message_id)
        .join(Conversation, Conversation.id == Outgoing.conversation_id)
        .join(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id)
        .where(Outgoing.conversation_id == conversation_id, Outgoing.state.in_((PENDING, SENDING)))
        .order_by(Outgoing.sequence)
        .limit(max(most, 1))
        .with_for_update(of=Outgoing)
    )
    return [_Unsent(*row) for row in rows]


def _free(row: Outgoing, now: datetime) -> bool:
    if row.state == PENDING:
        return row.due_at <= now
    return row.lease_until is None or row.lease_until < now


def _together(found: Sequence[_Unsent], most: int, now: datetime) -> list[_Unsent]:
    """What leaves in one call: the rows of a batch that may have arrived already, and no other; else as many as may."""
    first = found[0]
    if first.row.batch is not None:
        return [one for one in found if one.row.batch == first.row.batch]
    return [first, *takewhile(lambda one: _goes_along(one, first, now), found[1:most])]


def _goes_along(one: _Unsent, first: _Unsent, now: datetime) -> bool:
    alike = one.row.owner_version == first.row.owner_version and one.said.event_id == first.said.event_id
    fresh = one.row.state == PENDING and one.row.batch is None and not (one.row.uncertain or first.row.uncertain)
    return alike and fresh and one.row.due_at <= now


def _refusal(one: _Unsent) -> str | None:
    changed = one.row.owner_version is not None and one.row.owner_version != one.conversation.owner_version
    if ownership.is_person(one.said.author):
        if changed or one.said.author != one.conversation.owner:
            return reasons.NOT_THEIRS
    elif changed:
        return reasons.OWNER_CHANGED
    return reasons.BLOCKED if one.blocked_at is not None else None


async def _envelopes(session: AsyncSession, leaving: Sequence[_Unsent]) -> list[Envelope]:
    """One for each row, up to the first whose content cannot be read."""
    details, received = await _event(session, leaving[0].conversation, leaving[0].said.event_id)
    answered = bool(details) and await _answered(session, leaving[0])
    made = []
    for row, said, conversation, _ in leaving:
        try:
            content = outward(said.content)
        except ValidationError:
            break
        made.append(
            Envelope(
                outbox_id=row.id,
                conversation_id=conversation.id,
                external_id=conversation.external_id,
                account=row.account,
                message_id=said.id,
                sequence=said.sequence,
                author=said.author,
                content=content,
                event_id=said.event_id,
                attempts=row.attempts + 1,
                event=details,
                event_at=received,
                answered=answered,
                heard_at=conversation.heard_at,
                uncertain=row.uncertain,
                notes=dict(row.notes),
            )
        )
    return made


async def _answered(session: AsyncSession, first: _Unsent) -> bool:
    """Whether an earlier message has answered the same event: what the event gave for one answer only is used up."""
    earlier = (Outgoing.conversation_id == first.row.conversation_id, Outgoing.sequence < first.row.sequence)
    found = (
        select(Outgoing.id)
        .join(Message, Message.id == Outgoing.message_id)
        .where(*earlier, Outgoing.state == SENT, Message.event_id == first.said.event_id)
    )
    return await session.scalar(found.limit(1)) is not None


async def _event(
    session: AsyncSession, conversation: Conversation, event_id: str | None
) -> tuple[dict[str, Any], datetime | None]:
    if event_id is None:
        return {}, None
    row = await session.scalar(
        select(InboxEvent).where(
            InboxEvent.channel == conversation.channel,
            InboxEvent.account == conversation.account,
            InboxEvent.event_id == event_id,
            InboxEvent.conversation_id == conversation.id,
        )
    )
    return (dict(row.details), row.received_at) if row is not None else ({}, None)
