"""A case, and the only doors through which it changes.

Every door works in the caller's transaction and writes the change, its history and its audit line together. Every door
takes a key that is the same whenever the same cause is handled again, and then does nothing a second time.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.content import Position
from conversations.conversation import Conversation
from core import audit, clock
from helpdesk import history, notice, record, wording
from helpdesk import number as numbers
from helpdesk import state as states
from helpdesk.error import CaseChanged, DisputeTooLate, NoteMissing, NotFinished
from helpdesk.opening import open_case
from helpdesk.place import Place
from helpdesk.public import PublicCase, public_view
from helpdesk.record import Case, CaseAttachment, CaseConversation, CaseEvent
from helpdesk.state import State
from helpdesk.timeline import TimelineEntry, timeline

__all__ = [
    "Case",
    "CaseAttachment",
    "CaseConversation",
    "CaseEvent",
    "Place",
    "PublicCase",
    "TimelineEntry",
    "add_information",
    "add_note",
    "change",
    "dispute",
    "find",
    "link",
    "of_person",
    "open_case",
    "public_view",
    "timeline",
]

DISPUTE_DAYS = 14


async def find(session: AsyncSession, number: str) -> Case | None:
    """The case of this number, in any spelling that `helpdesk.number.parse` reads. Whoever asks sees `public_view` only."""
    exact = numbers.parse(number)
    return await session.scalar(select(Case).where(Case.number == exact)) if exact else None


async def of_person(session: AsyncSession, person_id: str, limit: int = 5) -> Sequence[Case]:
    """A person's own cases, the newest first."""
    query = select(Case).where(Case.person_id == person_id).order_by(Case.opened_at.desc(), Case.id.desc())
    return (await session.scalars(query.limit(limit))).all()


async def link(session: AsyncSession, case: Case, conversation: Conversation) -> None:
    """Let a conversation speak of a case, so that the reporter hears of it there too; a repeat does nothing."""
    await _locked(session, case)
    if await session.get(CaseConversation, (case.id, conversation.id)) is None:
        session.add(CaseConversation(case_id=case.id, conversation_id=conversation.id))
        await session.flush()


async def add_information(
    session: AsyncSession, case: Case, *, key: str, text: str, photos: Sequence[str], position: Position | None, actor: str
) -> Case:
    """Add what the citizen says later: words, pictures, a position. The public does not see it.

    Raises:
        UnknownPhoto: when a picture is not the reporter's.
    """
    own_key = f"{record.ADDED}:{key}"
    case = await _locked(session, case)
    if await history.find(session, case, own_key) is not None:
        return case
    await history.check_photos(session, photos, case.person_id)
    detail = {"position": position.model_dump()} if position else {}
    event = await history.append(session, case, record.ADDED, key=own_key, actor=actor, text=wording.clean(text), detail=detail)
    await history.attach(session, event, photos, record.LATER)
    audit.record(session, actor, "case.add", f"case:{case.number}", event=event.id)
    return case


async def add_note(session: AsyncSession, case: Case, *, key: str, text: str, actor: str, public: bool = False) -> Case:
    """Add an officer's note; only staff see it unless it is public. Nobody is told."""
    own_key = f"{record.NOTE}:{key}"
    case = await _locked(session, case)
    if await history.find(session, case, own_key) is not None:
        return case
    event = await history.append(session, case, record.NOTE, key=own_key, actor=actor, text=wording.clean(text), public=public)
    audit.record(session, actor, "case.note", f"case:{case.number}", event=event.id, public=public)
    return case


async def dispute(session: AsyncSession, case: Case, *, key: str, text: str, actor: str) -> Case:
    """Reopen a case that was said to be finished but is not. The chat answers: no notice is sent.

    Raises:
        NotFinished: when the case is neither done nor closed.
        DisputeTooLate: when that was more than 14 days ago.
    """
    own_key = f"{record.DISPUTED}:{key}"
    case = await _locked(session, case)
    if await history.find(session, case, own_key) is not None:
        return case
    if case.state not in states.FINISHED:
        raise NotFinished(case.number, states.label(case.state))
    if clock.now() - case.state_at > timedelta(days=DISPUTE_DAYS):
        raise DisputeTooLate(case.number, DISPUTE_DAYS)
    await _step(session, case, State.REOPENED, record.DISPUTED, key=own_key, actor=actor, text=wording.clean(text))
    return case


async def change(
    session: AsyncSession,
    case: Case,
    state: str,
    *,
    key: str,
    actor: str,
    note: str = "",
    photos: Sequence[str] = (),
    version: int | None = None,
) -> Case:
    """Move a case to another state and tell its reporter, all in the caller's transaction.

    Args:
        session: A writing transaction.
        case: The case as the officer read it.
        state: The new state, such as ``in_progress``.
        key: The cause, such as the id of the form that was sent.
        actor: As in the audit log: ``staff:<id>``, ``cli``.
        note: A word to the citizen, published with personal data masked; needed for done and rejected.
        photos: Ids of attachments that show the work.
        version: The version the officer saw, when `case` was read again since.

    Raises:
        CaseChanged: when somebody else changed the state since.
        TransitionRefused: when there is no such step; the message names both states.
        NoteMissing: when the state needs a note.
        UnknownState: when there is no such state.
        UnknownPhoto: when a picture does not exist.
    """
    new, own_key, seen = states.state(state), f"{record.STATE}:{key}", case.version if version is None else version
    case = await _locked(session, case)
    if await history.find(session, case, own_key) is not None:
        return case
    if case.version != seen:
        raise CaseChanged(case.number)
    states.check(case.state, new)
    words = wording.clean(note)
    if new in states.NOTE_REQUIRED and not words:
        raise NoteMissing(states.label(new))
    await history.check_photos(session, photos, None)
    event = await _step(session, case, new, record.STATE, key=own_key, actor=actor, text=words)
    await history.attach(session, event, photos, record.AFTER if new is State.DONE else record.LATER)
    await notice.send(session, case, event)
    return case


async def _step(session: AsyncSession, case: Case, new: State, kind: str, *, key: str, actor: str, text: str) -> CaseEvent:
    old = case.state
    states.check(old, new)
    case.state = new.value
    case.version += 1
    # what an officer writes to the citizen is published; what the citizen says in a dispute is not
    event = await history.append(session, case, kind, key=key, actor=actor, text=text, public=True)
    case.state_at = event.at
    audit.record(session, actor, "case.state", f"case:{case.number}", old=old, new=new.value, event=event.id)
    await session.flush()
    return event


async def _locked(session: AsyncSession, case: Case) -> Case:
    """The case as it is now, its row locked until the transaction ends (SQLite locks the whole database anyway)."""
    query = select(Case).where(Case.id == case.id).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one()
