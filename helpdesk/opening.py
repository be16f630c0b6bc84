"""Opening a case: the first line of its history, its number, and the promise to do it once."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.conversation import Conversation
from conversations.person import Person
from core import audit, clock, ids
from helpdesk import category as categories
from helpdesk import duplicates, history, record, routing, search, wording
from helpdesk import number as numbers
from helpdesk.error import ConsentMissing
from helpdesk.place import Place
from helpdesk.record import Case, CaseConversation
from helpdesk.state import State


async def open_case(
    session: AsyncSession,
    *,
    key: str,
    conversation: Conversation | None,
    category: str,
    description: str,
    place: Place | None,
    photos: Sequence[str],
    contact: str | None,
    consent: bool,
    happened_at: str | None,
    actor: str,
    source: str = "",
) -> Case:
    """Open a case, or return the one this key has opened before. The chat says the number: no notice is sent.

    Args:
        session: A writing transaction.
        key: The cause, such as the id of the event with which the citizen confirmed.
        conversation: Where it was reported; its person is the reporter. None for what was told at the counter or by telephone.
        category: The category's id, such as ``street-light``.
        description: The citizen's own words.
        place: Where it is, if said.
        photos: Ids of attachments of the reporter; of any when there is no conversation.
        contact: A telephone number or the like, if given.
        consent: Whether the reporter agreed that the contact be kept.
        happened_at: When it happened in the citizen's words: "เมื่อคืน".
        actor: As in the audit log: ``citizen:<person id>``.
        source: Where it came from when not by the conversation's channel: ``walk_in``, ``phone_1111``, ``phone_1567``.

    Raises:
        ConsentMissing: when there is a contact but no consent.
        UnknownCategory: when there is no such category.
        UnknownPhoto: when a picture is not the reporter's.
    """
    first = await _by_key(session, key)
    if first is not None:
        return first
    case = _new(key, category, description, place, contact, consent, happened_at)
    case.source = source or (conversation.channel if conversation else "")
    await history.check_photos(session, photos, conversation.person_id if conversation else None)
    try:
        async with session.begin_nested():  # two workers with one key: the slower gives its number back
            case.person_id = conversation.person_id if conversation else await _unknown_person(session)
            await write(session, case, [conversation.id] if conversation else [], photos, actor)
    except IntegrityError:
        first = await _by_key(session, key)
        if first is None:
            raise
        return first
    return case


async def _by_key(session: AsyncSession, key: str) -> Case | None:
    return await session.scalar(select(Case).where(Case.key == key))


async def _unknown_person(session: AsyncSession) -> str:
    """Somebody of whom no channel tells who they are."""
    person = Person()
    session.add(person)
    await session.flush()
    return person.id


def _new(
    key: str,
    category: str,
    description: str,
    place: Place | None,
    contact: str | None,
    consent: bool,
    happened_at: str | None,
) -> Case:
    kind = categories.category(category)
    reachable = wording.clean(contact or "")
    if reachable and not consent:
        raise ConsentMissing()
    now, where, words = clock.now(), place or Place(), wording.clean(description)
    return Case(
        id=ids.new_id("cas"),
        key=key,
        category=kind.id,
        title=wording.title(words) or kind.title_th,
        description=words,
        place_text=wording.clean(where.words()),
        place_key=duplicates.place_key(where),
        province=where.province,
        district=where.district,
        subdistrict=where.subdistrict,
        latitude=where.latitude,
        longitude=where.longitude,
        happened_at=wording.clean(happened_at or "") or None,
        contact=reachable or None,
        consent_at=now if consent else None,
        state=State.NEW.value,
        unit=kind.unit,
        priority="normal",
        confidential=kind.confidential,
        version=1,
        last_sequence=0,
        opened_at=now,
        state_at=now,
        changed_at=now,
    )


async def write(session: AsyncSession, case: Case, conversations: Iterable[str], photos: Sequence[str], actor: str) -> None:
    """Give a new case its number and write it with the first line of its history."""
    year = clock.buddhist_year(case.opened_at)
    case.number = numbers.make(year, await numbers.take(session, year))
    await routing.assign(session, case)
    session.add(case)
    await session.flush()
    routing.keep_city_informed(session, case)
    session.add_all(CaseConversation(case_id=case.id, conversation_id=one) for one in conversations)
    detail = {"agency": case.agency_id, "unit": case.unit_id}
    key = f"{record.OPENED}:{case.key}"
    event = await history.append(session, case, record.OPENED, key=key, actor=actor, public=True, detail=detail)
    await history.attach(session, event, photos, record.BEFORE)
    await search.add_case(session, case)
    audit.record(session, actor, "case.open", f"case:{case.number}", category=case.category)
    await session.flush()
