"""The history of a case: events, and the pictures that came with them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.attachment import Attachment
from conversations.conversation import Conversation
from core import clock
from helpdesk import service_level
from helpdesk.error import UnknownPhoto
from helpdesk.record import Case, CaseAttachment, CaseEvent


async def find(session: AsyncSession, case: Case, key: str) -> CaseEvent | None:
    """The event that this cause has already written, if it has."""
    return await session.scalar(select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.key == key))


async def append(
    session: AsyncSession,
    case: Case,
    kind: str,
    *,
    key: str,
    actor: str,
    text: str = "",
    public: bool = False,
    detail: dict[str, Any] | None = None,
) -> CaseEvent:
    """Write the next event of a case whose row the caller has locked (or just made), and when the case is due after it."""
    case.last_sequence += 1
    case.changed_at = clock.now()
    event = CaseEvent(
        case_id=case.id,
        sequence=case.last_sequence,
        key=key,
        kind=kind,
        state=case.state,
        text=text,
        public=public,
        actor=actor,
        detail=detail or {},
        at=case.changed_at,
    )
    session.add(event)
    await service_level.keep(session, case, event)
    await session.flush()
    return event


async def attach(session: AsyncSession, event: CaseEvent, photos: Sequence[str], role: str) -> None:
    """Tie stored files to a case; one that is there already stays as it is."""
    there = set(await session.scalars(select(CaseAttachment.attachment_id).where(CaseAttachment.case_id == event.case_id)))
    for photo in dict.fromkeys(photos):
        if photo not in there:
            session.add(
                CaseAttachment(case_id=event.case_id, attachment_id=photo, role=role, event_id=event.id, added_at=event.at)
            )
    await session.flush()


async def check_photos(session: AsyncSession, photos: Sequence[str], person_id: str | None) -> None:
    """Refuse files that are not there or not this person's: nobody may publish another's file by guessing its id.

    Args:
        session: The caller's transaction.
        photos: Ids of attachments.
        person_id: Whose they must be; None for an officer, who may use any.

    Raises:
        UnknownPhoto: when one of them may not be used.
    """
    wanted = set(photos)
    if not wanted:
        return
    query = select(Attachment.id).where(Attachment.id.in_(wanted))
    if person_id is not None:
        query = query.join(Conversation, Conversation.id == Attachment.conversation_id).where(Conversation.person_id == person_id)
    if set(await session.scalars(query)) != wanted:
        raise UnknownPhoto()
