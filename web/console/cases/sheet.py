"""A case opened in the console: found only by who may see it, read with all that its page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.attachment import Attachment
from conversations.conversation import Conversation
from core import storable
from helpdesk import case as cases
from helpdesk import follower, listing, nearby, relation, staff
from helpdesk import state as states
from helpdesk.record import Case, CaseAttachment, CaseConversation, CaseEvent
from helpdesk.staff import Member
from helpdesk.state import State
from helpdesk.visibility import may_see
from web.console import access


@dataclass(frozen=True)
class Sheet:
    """A case with its history, files, labels, people and kin; ``names`` has what to call each actor."""

    case: Case
    entries: Sequence[cases.TimelineEntry]
    events: Sequence[CaseEvent]
    files: Sequence[tuple[Attachment, CaseAttachment]]
    labels: Sequence[str]
    followers: int
    conversations: Sequence[Conversation]
    related: Sequence[tuple[str, Case]]
    around: Sequence[Case]
    names: Mapping[str, str]
    steps: Sequence[State]

    def files_of(self, event: CaseEvent) -> list[Attachment]:
        """The files that came with a line of the history."""
        return [attachment for attachment, held in self.files if held.event_id == event.id]


async def found(session: AsyncSession, request: web.Request) -> Case:
    """The case that the address names.

    Raises:
        web.HTTPNotFound: There is none, or it is not theirs to see: both are answered the same.
    """
    return await named(session, access.staff(request), storable.text(request.match_info["number"]))


async def named(session: AsyncSession, member: Member, number: str) -> Case:
    """The case of this number.

    Raises:
        web.HTTPNotFound: as for `found`.
    """
    case = await cases.find(session, number)
    if case is None or not await may_see(session, member, case):
        raise web.HTTPNotFound
    return case


async def opened(session: AsyncSession, member: Member, case: Case) -> Sheet:
    """All that the page shows."""
    events = (await session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.sequence))).all()
    actors = {event.actor for event in events} | ({f"staff:{case.assignee}"} if case.assignee else set())
    return Sheet(
        case=case,
        entries=await cases.timeline(session, case, "staff"),
        events=events,
        files=await _files(session, case),
        labels=(await listing.labels_of(session, [case.id])).get(case.id, []),
        followers=len(await follower.people(session, case)) - 1,
        conversations=await _conversations(session, case),
        related=[(kind, other) for kind, other in await relation.related(session, case) if await may_see(session, member, other)],
        around=await nearby.open_cases(session, member, case),
        names=await staff.names(session, actors),
        steps=[] if case.merged_into else states.TRANSITIONS[State(case.state)],
    )


async def _files(session: AsyncSession, case: Case) -> list[tuple[Attachment, CaseAttachment]]:
    query = (
        select(Attachment, CaseAttachment)
        .join(CaseAttachment, CaseAttachment.attachment_id == Attachment.id)
        .where(CaseAttachment.case_id == case.id)
        .order_by(CaseAttachment.added_at, Attachment.id)
    )
    return [(attachment, held) for attachment, held in await session.execute(query)]


async def _conversations(session: AsyncSession, case: Case) -> Sequence[Conversation]:
    query = (
        select(Conversation)
        .join(CaseConversation, CaseConversation.conversation_id == Conversation.id)
        .where(CaseConversation.case_id == case.id)
        .order_by(Conversation.created_at)
    )
    return (await session.scalars(query)).all()


def values_of(sheet: Sheet) -> dict[str, Any]:
    """What the templates of a case all know."""
    return {"sheet": sheet, "case": sheet.case, "path": f"{access.HOME}/cases/{sheet.case.number}"}
