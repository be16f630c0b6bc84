"""Cases that have to do with each other: merged into one, split in two, or only linked."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.conversation import Conversation
from core import audit, clock, ids
from helpdesk import category as categories
from helpdesk import door, follower, history, notice, opening, record, wording
from helpdesk.error import MergeRefused, RelationRefused, UnknownPhoto
from helpdesk.record import Case, CaseAttachment, CaseConversation, CaseRelation
from helpdesk.state import State


async def survivor(session: AsyncSession, case: Case) -> Case:
    """The case that goes on: the one this was merged into, or itself."""
    return await session.get_one(Case, case.merged_into) if case.merged_into else case


async def merge(
    session: AsyncSession, case: Case, into: Case, *, key: str, actor: str, version: int | None = None
) -> tuple[Case, Case]:
    """End a case in favour of another that tells of the same; gives both as they are now.

    Its reporter and followers follow the other from now on, and are told so with its number. Cases that were merged into
    the one go along. What was written in it stays with it.

    Raises:
        MergeRefused: when they are the same, one is merged already, one is confidential and the other is not, or the other
            was rejected.
        CaseChanged: when somebody else changed the case since.
    """
    own_key = f"{record.MERGED}:{key}"
    case, into = await _both(session, case, into)
    if await history.find(session, case, own_key) is not None:
        return case, into
    door.unchanged(case, version)
    _check_merge(case, into)
    followers = await follower.people(session, case)
    event = await door.put(session, case, State.CLOSED, record.MERGED, key=own_key, actor=actor, text=f"รวมกับเรื่อง {into.number}")
    case.merged_into, case.solved_at = into.id, None
    await session.execute(update(Case).where(Case.merged_into == case.id).values(merged_into=into.id))
    for person in followers:
        await follower.add(session, into, person, record.MERGED)
    for conversation in await _conversations(session, case):
        await follower.connect(session, into, conversation)
    await history.append(
        session, into, record.ABSORBED, key=f"{record.ABSORBED}:{case.id}", actor=actor, text=f"รวมเรื่อง {case.number} เข้ามา"
    )
    into.version += 1
    audit.record(session, actor, "case.merge", f"case:{case.number}", into=into.number, event=event.id)
    await session.flush()
    await notice.tell_merged(session, case, into, event)
    return case, into


async def split(
    session: AsyncSession, case: Case, *, key: str, category: str, description: str, photos: Sequence[str] = (), actor: str
) -> Case:
    """Open another case for a second matter told in this one; its reporter is told both numbers.

    Args:
        session: A writing transaction.
        case: The case that tells of two matters.
        key: The cause.
        category: The category of the new case.
        description: What of it belongs to the new one.
        photos: Ids of attachments of the case that show it; they stay with the first, too.
        actor: As in the audit log.

    Raises:
        UnknownCategory: when there is no such category.
        UnknownPhoto: when a picture is not this case's.
        CaseMerged: when the case goes on under another number.
    """
    own_key = f"{record.SPLIT}:{key}"
    case = await door.locked(session, case)
    first = await session.scalar(select(Case).where(Case.key == f"{case.id}:{own_key}"))
    if first is not None:
        return first
    await door.alive(session, case)
    await _check_photos(session, case, photos)
    new = _other(case, f"{case.id}:{own_key}", category, wording.clean(description))
    await opening.write(session, new, await _conversations(session, case, case.person_id), photos, actor)
    await _relate(session, case, new, record.SPLIT)
    event = await history.append(session, case, record.SPLIT, key=own_key, actor=actor, text=f"แยกเป็นเรื่อง {new.number}")
    audit.record(session, actor, "case.split", f"case:{case.number}", new=new.number, event=event.id)
    await notice.tell_split(session, case, new, event)
    return new


async def relate(session: AsyncSession, case: Case, other: Case, *, key: str, actor: str) -> Case:
    """Link two cases so that whoever reads one finds the other; citizens are not told.

    Raises:
        RelationRefused: when they are the same.
    """
    own_key = f"{record.RELATED}:{key}"
    case, other = await _both(session, case, other)
    if case.id == other.id:
        raise RelationRefused()
    if await session.get(CaseRelation, (case.id, other.id)) is not None:
        return case
    await _relate(session, case, other, record.RELATED)
    for one, linked in ((case, other), (other, case)):
        await history.append(
            session, one, record.RELATED, key=f"{own_key}:{linked.id}", actor=actor, text=f"เกี่ยวข้องกับเรื่อง {linked.number}"
        )
    audit.record(session, actor, "case.relate", f"case:{case.number}", other=other.number)
    return case


async def related(session: AsyncSession, case: Case) -> list[tuple[str, Case]]:
    """The cases that have to do with this one, as (kind, case): merged into it, what it was merged into, split, related."""
    found = [("into", await survivor(session, case))] if case.merged_into else []
    merged = await session.scalars(select(Case).where(Case.merged_into == case.id).order_by(Case.id))
    found += [(record.MERGED, one) for one in merged]
    query = select(CaseRelation.kind, Case).join(Case, Case.id == CaseRelation.other_id)
    rows = await session.execute(query.where(CaseRelation.case_id == case.id).order_by(Case.id))
    return found + [(kind, other) for kind, other in rows]


async def _both(session: AsyncSession, first: Case, second: Case) -> tuple[Case, Case]:
    """Both rows locked, always in one order, so that two transactions cannot wait for each other."""
    held = {one.id: await door.locked(session, one) for one in sorted((first, second), key=lambda one: one.id)}
    return held[first.id], held[second.id]


def _check_merge(case: Case, into: Case) -> None:
    if case.id == into.id:
        raise MergeRefused("รวมเรื่องกับตัวเองไม่ได้ค่ะ")
    if case.merged_into is not None:
        raise MergeRefused(f"เรื่อง {case.number} รวมกับเรื่องอื่นไปแล้วค่ะ")
    if into.merged_into is not None:
        raise MergeRefused(f"เรื่อง {into.number} รวมกับเรื่องอื่นไปแล้ว กรุณาเลือกเรื่องที่ยังดำเนินการอยู่ค่ะ")
    if into.state == State.REJECTED:
        raise MergeRefused(f"เรื่อง {into.number} ไม่ได้รับดำเนินการ จึงรวมเข้าไปไม่ได้ค่ะ")
    if case.confidential != into.confidential:
        raise MergeRefused("เรื่องที่เป็นความลับรวมกับเรื่องทั่วไปไม่ได้ เพราะผู้แจ้งอีกฝ่ายจะเห็นรายละเอียดค่ะ")
    if case.confidential and case.person_id != into.person_id:
        raise MergeRefused("เรื่องที่เป็นความลับของผู้แจ้งคนละคนรวมกันไม่ได้ค่ะ")


async def _conversations(session: AsyncSession, case: Case, person_id: str | None = None) -> list[str]:
    query = (
        select(Conversation.id)
        .join(CaseConversation, CaseConversation.conversation_id == Conversation.id)
        .where(CaseConversation.case_id == case.id)
    )
    if person_id is not None:
        query = query.where(Conversation.person_id == person_id)
    return list(await session.scalars(query.order_by(Conversation.id)))


async def _check_photos(session: AsyncSession, case: Case, photos: Sequence[str]) -> None:
    query = select(CaseAttachment.attachment_id).where(
        CaseAttachment.case_id == case.id, CaseAttachment.role.in_((record.BEFORE, record.LATER))
    )
    if not set(photos) <= set(await session.scalars(query)):
        raise UnknownPhoto()


def _other(case: Case, key: str, category: str, description: str) -> Case:
    """A new case like this one, of another matter."""
    kind, now = categories.category(category), clock.now()
    words = description or case.description
    same = ("person_id", "place_text", "place_key", "province", "district", "subdistrict", "latitude", "longitude")
    kept = ("happened_at", "contact", "consent_at", "priority", "source")
    copied = {name: getattr(case, name) for name in (*same, *kept)}
    return Case(
        id=ids.new_id("cas"),
        key=key,
        category=kind.id,
        title=wording.title(words) or kind.title_th,
        description=words,
        state=State.NEW.value,
        unit=kind.unit,
        confidential=kind.confidential or case.confidential,
        version=1,
        last_sequence=0,
        opened_at=now,
        state_at=now,
        changed_at=now,
        **copied,
    )


async def _relate(session: AsyncSession, one: Case, other: Case, kind: str) -> None:
    session.add_all(CaseRelation(case_id=a.id, other_id=b.id, kind=kind) for a, b in ((one, other), (other, one)))
    await session.flush()
