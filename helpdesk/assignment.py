"""Who works on a case, how urgent it is, and the labels on it."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import audit
from helpdesk import alert, door, history, record, staff, wording
from helpdesk.error import LabelRefused, NotAssignable, UnknownPriority
from helpdesk.record import Case, CaseLabel
from helpdesk.service_target import PRIORITIES
from helpdesk.visibility import may_see

LONGEST_LABEL, MOST_LABELS = 40, 12


async def assign(
    session: AsyncSession, case: Case, staff_id: str | None, *, key: str, actor: str, version: int | None = None
) -> Case:
    """Give a case to a member, or to nobody; the member is alerted.

    Args:
        session: A writing transaction.
        case: The case.
        staff_id: The member's id, or None to take the case from whoever has it.
        key: The cause, such as the id of the form that was sent.
        actor: As in the audit log.
        version: The version the officer saw; None where that does not matter.

    Raises:
        NotAssignable: when the member may not work on this case.
        CaseChanged: when somebody else changed the case since.
        CaseMerged: when the case goes on under another number.
    """
    own_key = f"{record.ASSIGNED}:{key}"
    case = await door.locked(session, case)
    if await history.find(session, case, own_key) is not None or case.assignee == staff_id:
        return case
    door.unchanged(case, version)
    await door.alive(session, case)
    member = await staff.find(session, staff_id) if staff_id else None
    if staff_id and not (member and member.may("case.work") and await may_see(session, member, case)):
        raise NotAssignable()
    old, case.assignee, case.version = case.assignee, staff_id, case.version + 1
    event = await history.append(
        session, case, record.ASSIGNED, key=own_key, actor=actor, text=member.name if member else "", detail={"to": staff_id}
    )
    await alert.tell(session, case, event, [member], alert.ASSIGNED)
    audit.record(session, actor, "case.assign", f"case:{case.number}", old=old, new=staff_id, event=event.id)
    return case


async def set_priority(
    session: AsyncSession, case: Case, priority: str, *, key: str, actor: str, version: int | None = None
) -> Case:
    """Say how urgent a case is: ``low``, ``normal``, ``high`` or ``urgent``.

    Raises:
        UnknownPriority: when there is no such priority.
        CaseChanged: when somebody else changed the case since.
        CaseMerged: when the case goes on under another number.
    """
    own_key = f"{record.PRIORITY}:{key}"
    if priority not in PRIORITIES:
        raise UnknownPriority()
    case = await door.locked(session, case)
    if await history.find(session, case, own_key) is not None or case.priority == priority:
        return case
    door.unchanged(case, version)
    await door.alive(session, case)
    old, case.priority, case.version = case.priority, priority, case.version + 1
    event = await history.append(session, case, record.PRIORITY, key=own_key, actor=actor, text=PRIORITIES[priority])
    audit.record(session, actor, "case.priority", f"case:{case.number}", old=old, new=priority, event=event.id)
    return case


async def relabel(
    session: AsyncSession,
    case: Case,
    *,
    add: Collection[str] = (),
    remove: Collection[str] = (),
    key: str,
    actor: str,
    version: int | None = None,
) -> Case:
    """Put labels on a case and take others off.

    Raises:
        LabelRefused: when a label is empty or too long, or the case would have too many.
        CaseChanged: when somebody else changed the case since.
        CaseMerged: when the case goes on under another number.
    """
    own_key = f"{record.LABELLED}:{key}"
    case = await door.locked(session, case)
    if await history.find(session, case, own_key) is not None:
        return case
    door.unchanged(case, version)
    await door.alive(session, case)
    held = set(await session.scalars(select(CaseLabel.label).where(CaseLabel.case_id == case.id)))
    new, gone = {label_of(one) for one in add} - held, {label_of(one) for one in remove} & held
    if not new and not gone:
        return case
    if len((held - gone) | new) > MOST_LABELS:
        raise LabelRefused(LONGEST_LABEL, MOST_LABELS)
    await session.execute(delete(CaseLabel).where(CaseLabel.case_id == case.id, CaseLabel.label.in_(gone)))
    session.add_all(CaseLabel(case_id=case.id, label=label) for label in sorted(new))
    case.version += 1
    words = " ".join([*(f"+{one}" for one in sorted(new)), *(f"-{one}" for one in sorted(gone))])
    event = await history.append(session, case, record.LABELLED, key=own_key, actor=actor, text=words)
    audit.record(session, actor, "case.label", f"case:{case.number}", event=event.id)
    return case


def label_of(typed: str) -> str:
    """A label as it is kept: one line, small letters.

    Raises:
        LabelRefused: when it is empty or too long.
    """
    label = " ".join(wording.clean(typed).lower().split())
    if not 0 < len(label) <= LONGEST_LABEL:
        raise LabelRefused(LONGEST_LABEL, MOST_LABELS)
    return label
