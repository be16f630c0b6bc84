"""Which cases and chats a member of staff may see.

Cases: those of their agencies, and those to which their agencies were invited. Chats: the city's people answer citizens and see
all of them; another agency sees those that were passed on to it, as long as it has them.
"""

from sqlalchemy import ColumnElement, and_, exists, false, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from conversations.conversation import Conversation
from conversations.ownership import QUEUE
from conversations.waiting import Waiting
from helpdesk.agency import HOME, Agency, CaseShare, StaffAgency, agencies_of
from helpdesk.record import Case
from helpdesk.role import Role
from helpdesk.staff import Member

_WHOLE = frozenset({Role.SUPERVISOR, Role.AUDITOR})  # see their whole agency even when they belong to one unit of it


async def visible(session: AsyncSession, member: Member) -> ColumnElement[bool]:
    """A condition over `Case` for queries: the cases that a member may see.

    Whoever belongs to an agency sees its cases; an officer who belongs to one unit sees those of the unit and those that no
    unit has. Whoever belongs to none belongs to the city. A case without agency is the city's. Who may not read cases at
    all, such as an administrator, sees none.
    """
    return await _of_agencies(session, member) if member.may("case.read") else false()


async def counted(session: AsyncSession, member: Member) -> ColumnElement[bool]:
    """A condition over `Case` for figures: what they may see; an administrator, who reads none, has those of their agencies."""
    return await _of_agencies(session, member) if member.may("dashboard.read") else false()


async def _of_agencies(session: AsyncSession, member: Member) -> ColumnElement[bool]:
    """The condition in the form that is quick for them.

    Nearly all cases are the city's: its people's lists walk through the cases in their order, and this form keeps databases from
    collecting them by agency first. Other agencies have few, which are collected first.
    """
    query = select(StaffAgency.agency_id, StaffAgency.unit_id).where(StaffAgency.staff_id == member.id)
    rows = [(agency, unit) for agency, unit in await session.execute(query)]
    if not rows or any(agency == HOME for agency, _ in rows):
        return _with_city(member)
    whole, one = {agency for agency, unit in rows if unit is None or _WHOLE & member.roles}, aliased(Case)
    parts = [
        and_(one.agency_id == agency, or_(one.unit_id == unit, one.unit_id.is_(None)))
        for agency, unit in rows
        if agency not in whole
    ]
    own = select(one.id).where(or_(one.agency_id.in_(sorted(whole)), *parts))
    invited = select(CaseShare.case_id).where(CaseShare.agency_id.in_([agency for agency, _ in rows]))
    return Case.id.in_(own.union(invited))


def _with_city(member: Member) -> ColumnElement[bool]:
    rows = select(StaffAgency.agency_id).where(StaffAgency.staff_id == member.id)
    whole = rows if _WHOLE & member.roles else rows.where(StaffAgency.unit_id.is_(None))
    nowhere = ~exists(rows)
    city = or_(Case.agency_id == HOME, Case.agency_id.is_(None))
    invited = select(CaseShare.case_id)
    return or_(
        Case.agency_id.in_(whole),
        and_(Case.agency_id.is_(None), exists(whole.where(StaffAgency.agency_id == HOME))),
        _own_unit(member),
        and_(nowhere, or_(city, Case.id.in_(invited.where(CaseShare.agency_id == HOME)))),
        Case.id.in_(invited.where(CaseShare.agency_id.in_(rows))),
    )


async def chats(session: AsyncSession, member: Member) -> ColumnElement[bool]:
    """A condition over `Conversation` for queries: the chats that a member may see.

    Who belongs to other agencies only sees the chats that wait for one of them by name, and those that its people own.
    """
    if not member.may("chat.read"):
        return false()
    if await of_city(session, member):
        return true()
    mine = select(StaffAgency.agency_id).where(StaffAgency.staff_id == member.id)
    colleagues = select(literal("staff:") + StaffAgency.staff_id).where(StaffAgency.agency_id.in_(mine))
    waits = select(Waiting.conversation_id).join(Agency, Agency.name_th == Waiting.unit)
    waits = waits.where(Waiting.ended_at.is_(None), Agency.id.in_(mine))
    return or_(Conversation.owner.in_(colleagues), and_(Conversation.owner == QUEUE, Conversation.id.in_(waits)))


async def of_city(session: AsyncSession, member: Member) -> bool:
    """Whether they answer for the city: its own people, and those who belong to no agency."""
    return HOME in await agencies_of(session, member)


async def may_see(session: AsyncSession, member: Member, case: Case) -> bool:
    """Whether `visible` lets this case through; ask it before a page shows a case that came by its number."""
    return await session.scalar(select(Case.id).where(Case.id == case.id, await visible(session, member))) is not None


async def may_work(session: AsyncSession, member: Member, case: Case) -> bool:
    """Whether they may change this case: who sees it and has the right to work, in an invited agency too."""
    return member.may("case.work") and await may_see(session, member, case)


async def supervises(session: AsyncSession, member: Member, agency_id: str | None) -> bool:
    """Whether they are a supervisor of this agency; None is the city."""
    if not member.may("case.supervise"):
        return False
    rows = set(await session.scalars(select(StaffAgency.agency_id).where(StaffAgency.staff_id == member.id)))
    return (agency_id or HOME) in (rows or {HOME})


def _own_unit(member: Member) -> ColumnElement[bool]:
    """Cases of an agency in which the member belongs to one unit only."""
    return exists().where(
        StaffAgency.staff_id == member.id,
        StaffAgency.unit_id.is_not(None),
        or_(StaffAgency.agency_id == Case.agency_id, and_(Case.agency_id.is_(None), StaffAgency.agency_id == HOME)),
        or_(StaffAgency.unit_id == Case.unit_id, Case.unit_id.is_(None)),
    )
