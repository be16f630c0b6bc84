"""Between agencies: handing a case over, and inviting another agency to work on it beside one's own.

Both work in the caller's transaction and write change, history, notices and audit line together; the same key does nothing
a second time. That somebody may see the case at all is asked by the page (`helpdesk.visibility`), before.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import audit
from helpdesk import door, history, notice, record, routing, staff_notice, wording
from helpdesk import state as states
from helpdesk.agency import HOME, Agency, CaseShare, Unit, agencies_of, people, staffed
from helpdesk.agency_error import (
    CaseFinished,
    NobodyThere,
    NotYours,
    ReasonMissing,
    ReasonTooLong,
    SameAgency,
    SupervisorNeeded,
    TooManyHops,
    UnknownAgency,
    UnknownUnit,
)
from helpdesk.record import Case, CaseEvent
from helpdesk.staff import Member
from helpdesk.visibility import supervises

MOST_HOPS = 4  # after so many only the city's supervisor decides
LONGEST_REASON = 500  # characters
_OVER = states.FINISHED | {states.State.REJECTED}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a case is to go."""

    agency: Agency
    unit: Unit | None

    @property
    def words(self) -> str:
        """What citizens read."""
        return routing.name(self.agency, self.unit)


async def forward(
    session: AsyncSession,
    case: Case,
    member: Member,
    agency_id: str,
    unit_id: str | None = None,
    *,
    reason: str,
    key: str,
    version: int | None = None,
) -> Case:
    """Hand a case over to another agency, or to another unit of the same, and tell the reporter who has it now.

    Args:
        session: A writing transaction.
        case: The case as the officer read it.
        member: Who hands it over.
        agency_id: The agency that shall have it.
        unit_id: The unit there, if it is known.
        reason: Why, in words that the reporter may read: "ถนนเส้นนี้อยู่ในความดูแลของแขวงทางหลวง".
        key: The cause, such as the id of the form that was sent.
        version: The version the officer saw, when `case` was read again since.

    Raises:
        ReasonMissing, ReasonTooLong: for the reason.
        UnknownAgency, UnknownUnit, NobodyThere, SameAgency: for where it shall go.
        CaseChanged: when somebody else changed the case since.
        CaseMerged: when it goes on under another number.
        CaseFinished: when it is done, closed or rejected.
        NotYours: when the member's agencies are not responsible for it, and they do not lead the city either.
        SupervisorNeeded: when the agency had the case before and the member is no supervisor.
        TooManyHops: when it was forwarded `MOST_HOPS` times and the member does not lead the city.
    """
    words, own_key, seen = _reason(reason), f"{record.FORWARDED}:{key}", case.version if version is None else version
    case = await door.locked(session, case)
    if await history.find(session, case, own_key) is not None:
        return case
    await door.alive(session, case)
    door.unchanged(case, seen)
    target = await _target(session, agency_id, unit_id)
    await _check(session, case, member, target)
    event = await _hand_over(session, case, member, target, words, own_key)
    await notice.tell_forwarded(session, case, event, words)
    await _tell_people(session, case, event, target)
    return case


async def invite(session: AsyncSession, case: Case, member: Member, agency_id: str, *, reason: str, key: str) -> Case:
    """Let another agency read the case and work on it; the responsible one stays responsible, citizens are told nothing.

    An agency that was invited already stays so. Of a confidential case a supervisor decides.

    Raises:
        ReasonMissing, ReasonTooLong, UnknownAgency, NobodyThere, SameAgency, NotYours: as in `forward`.
        SupervisorNeeded: when the case is confidential and the member is no supervisor.
    """
    words, own_key = _reason(reason), f"{record.INVITED}:{key}"
    case = await door.locked(session, case)
    target = await _target(session, agency_id, None)
    if await history.find(session, case, own_key) is not None or await _shared(session, case, agency_id):
        return case
    if agency_id == (case.agency_id or HOME):
        raise SameAgency(case.number, target.agency.name_th)
    leads = await _responsible(session, case, member)
    if case.confidential and not leads:
        raise SupervisorNeeded(target.agency.name_th, confidential=True)
    await _share(session, case, agency_id, member.actor)
    text = f"เชิญ {target.words} ร่วมดำเนินการ: {words}"
    event = await history.append(session, case, record.INVITED, key=own_key, actor=member.actor, text=text)
    audit.record(session, member.actor, "case.invite", f"case:{case.number}", agency=agency_id, event=event.id)
    invited = await people(session, agency_id, "case.work")
    told = f"ได้รับเชิญร่วมดำเนินการเรื่อง {case.number}"
    await staff_notice.tell(session, invited, case, record.INVITED, told, key=f"{record.INVITED}:{event.id}")
    return case


async def dismiss(session: AsyncSession, case: Case, member: Member, agency_id: str, *, key: str) -> Case:
    """End an invitation; an agency that is not invited stays so.

    Raises:
        UnknownAgency: when there is no such agency.
        NotYours: as in `forward`.
    """
    own_key = f"{record.DISMISSED}:{key}"
    case = await door.locked(session, case)
    agency = await session.get(Agency, agency_id)
    if agency is None:
        raise UnknownAgency()
    share = await session.get(CaseShare, (case.id, agency_id))
    if share is None or await history.find(session, case, own_key) is not None:
        return case
    await _responsible(session, case, member)
    await session.delete(share)
    text = f"สิ้นสุดการร่วมดำเนินการของ {agency.name_th}"
    event = await history.append(session, case, record.DISMISSED, key=own_key, actor=member.actor, text=text)
    audit.record(session, member.actor, "case.dismiss", f"case:{case.number}", agency=agency_id, event=event.id)
    return case


async def invited(session: AsyncSession, case: Case) -> list[Agency]:
    """The agencies beside the responsible one that may read and work, by name."""
    query = select(Agency).join(CaseShare, CaseShare.agency_id == Agency.id).where(CaseShare.case_id == case.id)
    return list(await session.scalars(query.order_by(Agency.name_th)))


async def had(session: AsyncSession, case: Case) -> set[str]:
    """The ids of all agencies that ever had this case, the present one too."""
    rows = await session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == record.FORWARDED))
    return {case.agency_id or HOME, *(str(event.detail["from"]) for event in rows)}


def _reason(text: str) -> str:
    words = wording.clean(text)
    if not words:
        raise ReasonMissing()
    if len(words) > LONGEST_REASON:
        raise ReasonTooLong(LONGEST_REASON)
    return words


async def _target(session: AsyncSession, agency_id: str, unit_id: str | None) -> Target:
    agency = await session.get(Agency, agency_id)
    if agency is None or not agency.is_on:
        raise UnknownAgency()
    unit = await session.get(Unit, unit_id) if unit_id else None
    if unit_id and (unit is None or unit.agency_id != agency_id or not unit.is_on):
        raise UnknownUnit(agency.name_th)
    if not await staffed(session, agency_id):
        raise NobodyThere(agency.name_th)
    return Target(agency, unit)


async def _check(session: AsyncSession, case: Case, member: Member, target: Target) -> None:
    """Whether this member may send this case there now."""
    here, there = case.agency_id or HOME, target.agency.id
    if case.state in _OVER:
        raise CaseFinished(case.number, states.label(case.state))
    leads = await _responsible(session, case, member)
    if here == there:
        if case.unit_id == (target.unit.id if target.unit else None):
            raise SameAgency(case.number, target.words)
        return
    leads_city = await supervises(session, member, HOME)
    if case.hops >= MOST_HOPS and not leads_city:
        raise TooManyHops(case.number, case.hops, (await session.get_one(Agency, HOME)).name_th)
    if there in await had(session, case) and not (leads or leads_city):
        raise SupervisorNeeded(target.agency.name_th)


async def _responsible(session: AsyncSession, case: Case, member: Member) -> bool:
    """Whether the member leads the responsible agency or the city.

    Raises:
        NotYours: when they belong to neither as they must: to the responsible agency, or as supervisor to the city.
    """
    here = case.agency_id or HOME
    leads = await supervises(session, member, here) or await supervises(session, member, HOME)
    if not leads and here not in await agencies_of(session, member):
        raise NotYours(case.number)
    return leads


async def _hand_over(session: AsyncSession, case: Case, member: Member, target: Target, reason: str, key: str) -> CaseEvent:
    before, old_unit = case.agency_id or HOME, case.unit_id
    case.agency_id, case.unit_id = target.agency.id, target.unit.id if target.unit else None
    case.unit, case.routed_because = target.words, f"ส่งต่อให้ {target.words} เพราะ{reason}"
    case.hops += before != target.agency.id
    if before != target.agency.id:
        case.assignee = None  # who worked on it belongs to the agency that gave it away
    case.version += 1
    if share := await session.get(CaseShare, (case.id, target.agency.id)):
        await session.delete(share)  # who is responsible needs no invitation
    await _keep_the_city_in(session, case)
    detail = {"from": before, "to": target.agency.id, "from_unit": old_unit, "to_unit": case.unit_id, "hops": case.hops}
    text = f"ส่งต่อให้ {target.words}: {reason}"
    event = await history.append(
        session, case, record.FORWARDED, key=key, actor=member.actor, text=text, public=True, detail=detail
    )
    audit.record(session, member.actor, "case.forward", f"case:{case.number}", event=event.id, **detail)
    await session.flush()
    return event


async def _keep_the_city_in(session: AsyncSession, case: Case) -> None:
    """The city answers to citizens: it goes on reading what it passed on. A confidential case it gets to see when it is stuck."""
    if case.agency_id != HOME and (not case.confidential or case.hops >= MOST_HOPS):
        await _share(session, case, HOME, routing.SYSTEM)


async def _share(session: AsyncSession, case: Case, agency_id: str, actor: str) -> None:
    if not await _shared(session, case, agency_id):
        session.add(CaseShare(case_id=case.id, agency_id=agency_id, actor=actor))
        await session.flush()


async def _shared(session: AsyncSession, case: Case, agency_id: str) -> bool:
    return await session.get(CaseShare, (case.id, agency_id)) is not None


async def _tell_people(session: AsyncSession, case: Case, event: CaseEvent, target: Target) -> None:
    there = await people(session, target.agency.id, "case.work", case.unit_id)
    key = f"{record.FORWARDED}:{event.id}"
    await staff_notice.tell(session, there, case, record.FORWARDED, f"เรื่อง {case.number} ส่งต่อมาให้ {target.words}", key=key)
    if case.hops >= MOST_HOPS:
        leads = await people(session, HOME, "case.supervise")
        stuck = f"เรื่อง {case.number} ถูกส่งต่อมาแล้ว {case.hops} ครั้ง กรุณากำหนดหน่วยงานที่รับผิดชอบ"
        await staff_notice.tell(session, leads, case, "stuck", stuck, key=f"stuck:{event.id}")
