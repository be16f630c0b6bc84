"""The claim: a conversation's next rows taken for one call, and everything the channel is told about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from channels import reasons
from channels.contract import Envelope
from channels.inbox import InboxEvent
from conversations.content import outward
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.outbox import PENDING, SENDING, STOPPED, Outgoing, since
from conversations.person import ChannelIdentity

log = structlog.get_logger()
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
    rows = await _unsent(session, conversation_id, most)
    if not rows or rows[0].id != head or not _free(rows[0], now):
        return None
    messages = await _messages(session, rows)
    rows = _together(rows, messages, most, now)
    conversation = await session.get_one(Conversation, conversation_id)
    if (reason := await _refusal(session, rows[0], conversation)) is not None:
        await _stop(session, rows, reason)
        return None
    first = rows[0]
    taken = Claim(
        envelopes=await _envelopes(session, rows, messages, conversation),
        batch=first.batch,
        uncertain=first.uncertain,
        since=since(first),
    )
    if len(taken.envelopes) < len(rows):
        await _stop(session, rows[len(taken.envelopes) :][:1], reasons.UNREADABLE)
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


async def _unsent(session: AsyncSession, conversation_id: str, most: int) -> list[Outgoing]:
    rows = await session.scalars(
        select(Outgoing)
        .where(Outgoing.conversation_id == conversation_id, Outgoing.state.in_((PENDING, SENDING)))
        .order_by(Outgoing.sequence)
        .limit(max(most, 1))
        .with_for_update()
    )
    return list(rows)


async def _messages(session: AsyncSession, rows: Sequence[Outgoing]) -> dict[str, Message]:
    found = await session.scalars(select(Message).where(Message.id.in_([row.message_id for row in rows])))
    return {message.id: message for message in found}


def _free(row: Outgoing, now: datetime) -> bool:
    if row.state == PENDING:
        return row.due_at <= now
    return row.lease_until is None or row.lease_until < now


def _together(rows: Sequence[Outgoing], messages: dict[str, Message], most: int, now: datetime) -> list[Outgoing]:
    """The rows that leave in one call: those of a batch that may have arrived already, and no other; else as many as may."""
    first = rows[0]
    if first.batch is not None:
        return [row for row in rows if row.batch == first.batch]
    taken = [first]
    for row in rows[1:most]:
        alike = (
            row.owner_version == first.owner_version and messages[row.message_id].event_id == messages[first.message_id].event_id
        )
        fresh = row.state == PENDING and row.batch is None and not (row.uncertain or first.uncertain)
        if not (alike and fresh and row.due_at <= now):
            break
        taken.append(row)
    return taken


async def _refusal(session: AsyncSession, row: Outgoing, conversation: Conversation) -> str | None:
    if row.owner_version is not None and row.owner_version != conversation.owner_version:
        return reasons.OWNER_CHANGED
    identity = await session.get_one(ChannelIdentity, conversation.identity_id)
    return reasons.BLOCKED if identity.blocked_at is not None else None


async def _stop(session: AsyncSession, rows: Sequence[Outgoing], reason: str) -> None:
    for row in rows:
        row.state, row.reason, row.lease_holder, row.lease_until = STOPPED, reason, None, None
        log.warning("outgoing_stopped", outbox=row.id, channel=row.channel, account=row.account)


async def _envelopes(
    session: AsyncSession, rows: Sequence[Outgoing], messages: dict[str, Message], conversation: Conversation
) -> list[Envelope]:
    """One for each row, up to the first whose content cannot be read."""
    event_id = messages[rows[0].message_id].event_id
    details, received = await _event(session, conversation, event_id)
    made = []
    for row in rows:
        said = messages[row.message_id]
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
                heard_at=conversation.heard_at,
                uncertain=row.uncertain,
                notes=dict(row.notes),
            )
        )
    return made


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
