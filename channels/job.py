"""A job: what is to be handled next in a conversation, and all that is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from channels import album, media, request
from channels.inbox import RECEIVED, InboxEvent
from channels.request import Request
from conversations.content import Inward
from conversations.conversation import Conversation
from conversations.person import ChannelIdentity, Person
from conversations.removal import UNSENT
from core import clock

WELCOMED = timedelta(minutes=1)
AHEAD = 30  # rows looked at: the longest album, and a message that is taken back before it was handled
ANSWERED = {"follow", "entry", "session"}  # events the engine is asked about
IN_GROUP = {"join", "group"}


@dataclass(frozen=True)
class Job:
    """The next row, or the rows of an album; ``content`` is theirs joined.

    ``request`` is None when the engine is not to be asked: for an event that is only recorded, a group, or as long as
    files are ``missing``. ``blocked``: the citizen had blocked us. ``repeated``: they have just been welcomed.
    """

    rows: Sequence[InboxEvent]
    conversation: Conversation
    language: str
    blocked: bool
    content: Inward
    missing: bool = False
    repeated: bool = False
    request: Request | None = None

    @property
    def row(self) -> InboxEvent:
        """The first of the rows, under whose event id the engine is asked."""
        return self.rows[0]

    @property
    def in_group(self) -> bool:
        """Whether a group took us in or speaks to us."""
        return self.content.kind == "event" and self.content.event in IN_GROUP

    @property
    def silent(self) -> bool:
        """Whether it is an event that is only recorded."""
        return self.content.kind == "event" and (self.repeated or self.content.event not in ANSWERED | IN_GROUP)


async def read(session: AsyncSession, conversation_id: str) -> Job | float | None:
    """The next job; the seconds until one is due; or None when nothing waits."""
    rows = await _rows(session, conversation_id)
    if not rows:
        return None
    taken_back = {row.reference for row in rows if _is_unsend(row)} - {None}
    if rows[0].reference in taken_back and not _is_unsend(rows[0]):
        together, content = rows[:1], Inward.model_validate(UNSENT)  # before anybody read it
    else:
        together = [row for row in album.parts(rows) if _is_unsend(row) or row.reference not in taken_back]
        content = _content(together)
    wait = (max(row.due_at for row in together) - clock.now()).total_seconds()
    if (left := max(wait, album.seconds_left(together))) > 0:
        return left
    conversation, language, blocked_at = (await session.execute(_known(conversation_id))).one()
    job = Job(together, conversation, language, blocked_at is not None, content)
    if job.content.event == "follow":
        job = replace(job, repeated=await _just_followed(session, job.row))
    if job.silent or job.in_group:
        return job
    if any(media.missing(row.content) for row in together):
        return replace(job, missing=True)
    return replace(job, request=await request.of_content(session, conversation, content))


async def _rows(session: AsyncSession, conversation_id: str) -> Sequence[InboxEvent]:
    rows = await session.scalars(
        select(InboxEvent)
        .where(InboxEvent.state == RECEIVED, InboxEvent.conversation_id == conversation_id)
        .order_by(InboxEvent.rank, InboxEvent.id)
        .limit(AHEAD)
    )
    return rows.all()


async def _just_followed(session: AsyncSession, row: InboxEvent) -> bool:
    """Whether the event before was a follow too: who unblocks a bot of Telegram also sends /start."""
    before = await session.scalar(
        select(InboxEvent)
        .where(InboxEvent.conversation_id == row.conversation_id, InboxEvent.rank <= row.rank, InboxEvent.id != row.id)
        .order_by(InboxEvent.rank.desc(), InboxEvent.id.desc())
        .limit(1)
    )
    return before is not None and before.content.get("event") == "follow" and row.received_at - before.received_at < WELCOMED


def _known(conversation_id: str) -> Select[Conversation, str, datetime | None]:
    return (
        select(Conversation, Person.language, ChannelIdentity.blocked_at)
        .join(Person, Person.id == Conversation.person_id)
        .join(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id)
        .where(Conversation.id == conversation_id)
    )


def _is_unsend(row: InboxEvent) -> bool:
    return row.content.get("kind") == "event" and row.content.get("event") == "unsend"


def _content(rows: Sequence[InboxEvent]) -> Inward:
    try:
        return album.joined([Inward.model_validate(row.content) for row in rows])
    except ValidationError:  # written by a version with other contents: kindly answered as what we cannot open
        return Inward(kind="file")
