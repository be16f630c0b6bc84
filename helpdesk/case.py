"""A case, and the doors through which its state and its story change; the others stand beside it, one noun each.

Every door works in the caller's transaction and writes the change, its history and its audit line together. Every door
takes a key that is the same whenever the same cause is handled again, and then does nothing a second time.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.content import Position
from conversations.conversation import Conversation
from core import audit, clock
from helpdesk import alert, door, follower, history, notice, record, search, wording
from helpdesk import category as categories
from helpdesk import number as numbers
from helpdesk import state as states
from helpdesk.assignment import assign, relabel, set_priority
from helpdesk.error import DisputeTooLate, NoteMissing, NotFinished, PhotoMissing
from helpdesk.follower import join
from helpdesk.note import add_note
from helpdesk.opening import open_case
from helpdesk.place import Place
from helpdesk.public import PublicCase, public_view
from helpdesk.rating import rate
from helpdesk.record import Case, CaseAttachment, CaseConversation, CaseEvent, CaseFollower
from helpdesk.relation import merge, relate, split, survivor
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
    "assign",
    "change",
    "dispute",
    "find",
    "join",
    "link",
    "merge",
    "of_person",
    "open_case",
    "public_view",
    "rate",
    "relabel",
    "relate",
    "set_priority",
    "split",
    "survivor",
    "timeline",
]

DISPUTE_DAYS = 14


async def find(session: AsyncSession, number: str) -> Case | None:
    """The case of this number, in any spelling that `helpdesk.number.parse` reads. Whoever asks sees `public_view` only."""
    exact = numbers.parse(number)
    return await session.scalar(select(Case).where(Case.number == exact)) if exact else None


async def of_person(session: AsyncSession, person_id: str, limit: int = 5) -> Sequence[Case]:
    """The cases a person reported or follows, the newest first; of those that were merged the one that goes on."""
    followed = select(CaseFollower.case_id).where(CaseFollower.person_id == person_id)
    query = select(Case).where(or_(Case.person_id == person_id, Case.id.in_(followed)), Case.merged_into.is_(None))
    return (await session.scalars(query.order_by(Case.opened_at.desc(), Case.id.desc()).limit(limit))).all()


async def link(session: AsyncSession, case: Case, conversation: Conversation) -> None:
    """Let a conversation speak of a case, so that the reporter hears of it there too; a repeat does nothing."""
    await door.locked(session, case)
    await follower.connect(session, case, conversation.id)


async def add_information(
    session: AsyncSession,
    case: Case,
    *,
    key: str,
    text: str,
    photos: Sequence[str],
    position: Position | None,
    actor: str,
    person_id: str | None = None,
) -> Case:
    """Add what the citizen says later: words, pictures, a position. The public does not see it.

    A case that waited for the citizen is in progress again. Whoever works on it is alerted; the chat answers the citizen.

    Args:
        session: A writing transaction.
        case: The case.
        key: The cause, such as the message's event.
        text: Their words.
        photos: Ids of their attachments.
        position: A position they sent.
        actor: As in the audit log: ``citizen:<person id>``.
        person_id: Who they are, when they only follow the case; else it is its reporter.

    Raises:
        UnknownPhoto: when a picture is not theirs.
        CaseMerged: when the case goes on under another number.
    """
    own_key, person = f"{record.ADDED}:{key}", person_id or case.person_id
    case = await door.locked(session, case)
    if await history.find(session, case, own_key) is not None:
        return case
    await door.alive(session, case)
    await history.check_photos(session, photos, person)
    detail: dict[str, Any] = {"position": position.model_dump()} if position else {}
    if person != case.person_id:
        detail["follower"] = True
    event = await history.append(session, case, record.ADDED, key=own_key, actor=actor, text=wording.clean(text), detail=detail)
    await history.attach(session, event, photos, record.LATER)
    await search.add(session, case, text)
    audit.record(session, actor, "case.add", f"case:{case.number}", event=event.id)
    if case.state == State.WAITING_CITIZEN:
        await door.step(session, case, State.IN_PROGRESS, record.STATE, key=f"{own_key}:heard", actor="system", text="")
    await alert.tell(session, case, event, [await alert.worker(session, case)], alert.ANSWERED)
    return case


async def dispute(session: AsyncSession, case: Case, *, key: str, text: str, actor: str) -> Case:
    """Reopen a case that was said to be finished but is not. Supervisors are alerted, and others who follow it are told.

    Raises:
        NotFinished: when the case is neither done nor closed.
        DisputeTooLate: when that was more than 14 days ago.
        CaseMerged: when the case goes on under another number.
    """
    own_key = f"{record.DISPUTED}:{key}"
    case = await door.locked(session, case)
    if await history.find(session, case, own_key) is not None:
        return case
    await door.alive(session, case)
    if case.state not in states.FINISHED:
        raise NotFinished(case.number, states.label(case.state))
    if clock.now() - case.state_at > timedelta(days=DISPUTE_DAYS):
        raise DisputeTooLate(case.number, DISPUTE_DAYS)
    event = await door.step(session, case, State.REOPENED, record.DISPUTED, key=own_key, actor=actor, text=wording.clean(text))
    people = [await alert.worker(session, case), *await alert.supervisors(session, case)]
    await alert.tell(session, case, event, people, alert.DISPUTED)
    await notice.tell_disputed(session, case, event)
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
    """Move a case to another state and tell everybody who follows it, all in the caller's transaction.

    Args:
        session: A writing transaction.
        case: The case as the officer read it.
        state: The new state, such as ``in_progress``.
        key: The cause, such as the id of the form that was sent.
        actor: As in the audit log: ``staff:<id>``, ``cli``.
        note: A word to the citizen, published with personal data masked; needed for done and rejected, and for closing what
            was never done.
        photos: Ids of attachments that show the work; some categories are done only with one.
        version: The version the officer saw, when `case` was read again since.

    Raises:
        CaseChanged: when somebody else changed the case since.
        CaseMerged: when the case goes on under another number.
        TransitionRefused: when there is no such step; the message names both states.
        NoteMissing: when the state needs a note.
        PhotoMissing: when the category needs a picture of what was done.
        UnknownState: when there is no such state.
        UnknownPhoto: when a picture does not exist.
    """
    new, own_key, seen = states.state(state), f"{record.STATE}:{key}", case.version if version is None else version
    case = await door.locked(session, case)
    if await history.find(session, case, own_key) is not None:
        return case
    door.unchanged(case, seen)
    await door.alive(session, case)
    states.check(case.state, new)
    words = wording.clean(note)
    if states.needs_note(case.state, new) and not words:
        raise NoteMissing(states.label(new))
    if new is State.DONE and not photos and categories.category(case.category).closing_photo:
        raise PhotoMissing(categories.category(case.category).title_th)
    await history.check_photos(session, photos, None)
    event = await door.step(session, case, new, record.STATE, key=own_key, actor=actor, text=words)
    await history.attach(session, event, photos, record.AFTER if new is State.DONE else record.LATER)
    await notice.send(session, case, event)
    return case
