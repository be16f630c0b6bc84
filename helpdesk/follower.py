"""Followers: people who hear of a case beside its reporter, because they reported the same or theirs was merged into it."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.content import Position
from conversations.conversation import Conversation
from core import audit
from helpdesk import alert, door, history, record, search, wording
from helpdesk import state as states
from helpdesk.error import NotJoinable
from helpdesk.record import Case, CaseConversation, CaseFollower


async def join(
    session: AsyncSession,
    case: Case,
    *,
    key: str,
    conversation: Conversation,
    text: str,
    photos: Sequence[str] = (),
    position: Position | None = None,
    actor: str,
) -> Case:
    """Let somebody who was about to report the same follow the first case; what they told is kept with it, for staff.

    Args:
        session: A writing transaction.
        case: The open case that was offered.
        key: The cause, such as the event with which they agreed.
        conversation: Where they are told of changes.
        text: What they would have reported: "ไฟดับทั้งซอยเลยค่ะ".
        photos: Ids of their attachments.
        position: Where they say it is.
        actor: As in the audit log: ``citizen:<person id>``.

    Raises:
        NotJoinable: when the case is no longer open, or is confidential.
        UnknownPhoto: when a picture is not theirs.
    """
    own_key, person = f"{record.JOINED}:{key}", conversation.person_id
    case = await door.locked(session, case)
    if await history.find(session, case, own_key) is not None:
        return case
    if case.confidential or case.merged_into is not None or case.state not in states.OPEN:
        raise NotJoinable(case.number)
    await history.check_photos(session, photos, person)
    await add(session, case, person, record.JOINED)
    await connect(session, case, conversation.id)
    detail = {"position": position.model_dump()} if position else {}
    event = await history.append(session, case, record.JOINED, key=own_key, actor=actor, text=wording.clean(text), detail=detail)
    await history.attach(session, event, photos, record.LATER)
    await search.add(session, case, text)
    await alert.tell(session, case, event, [await alert.worker(session, case)], alert.JOINED)
    audit.record(session, actor, "case.join", f"case:{case.number}", event=event.id)
    return case


async def follows(session: AsyncSession, case: Case, person_id: str) -> bool:
    """Whether this person follows the case without being its reporter."""
    return await session.get(CaseFollower, (case.id, person_id)) is not None


async def people(session: AsyncSession, case: Case) -> list[str]:
    """The ids of everybody who hears of the case, its reporter first."""
    query = select(CaseFollower.person_id).where(CaseFollower.case_id == case.id).order_by(CaseFollower.since)
    return [case.person_id, *(await session.scalars(query))]


async def numbers(session: AsyncSession, case_ids: Sequence[str]) -> dict[str, int]:
    """How many follow each of these cases beside its reporter."""
    query = select(CaseFollower.case_id, func.count()).where(CaseFollower.case_id.in_(case_ids)).group_by(CaseFollower.case_id)
    return {case_id: number for case_id, number in await session.execute(query)}


async def add(session: AsyncSession, case: Case, person_id: str, why: str) -> None:
    """Make somebody a follower; the reporter hears of the case anyway. For doors that have locked the case."""
    if person_id != case.person_id and not await follows(session, case, person_id):
        session.add(CaseFollower(case_id=case.id, person_id=person_id, why=why))
        await session.flush()


async def connect(session: AsyncSession, case: Case, conversation_id: str) -> None:
    """Let a conversation speak of a case. For doors that have locked the case; a repeat does nothing."""
    if await session.get(CaseConversation, (case.id, conversation_id)) is None:
        session.add(CaseConversation(case_id=case.id, conversation_id=conversation_id))
        await session.flush()
