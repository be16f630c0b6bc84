"""Which cases a member of staff may see: those of their agencies, and those to which their agencies were invited."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.agency import HOME, CaseShare, StaffAgency
from helpdesk.record import Case
from helpdesk.role import Role
from helpdesk.staff import Member

_WHOLE = frozenset({Role.SUPERVISOR, Role.AUDITOR})  # see their whole agency even when they belong to one unit of it


def visible(member: Member) -> ColumnElement[bool]:
    """A condition over `Case` for queries: ``select(Case).where(visible(member))``.

    Whoever belongs to an agency sees its cases; an officer who belongs to one unit sees those of the unit and those that no
    unit has. Whoever belongs to none belongs to the city. A case without agency is the city's. Who may not read cases at
    all, such as an administrator, sees none.
    """
    return _of_agencies(member) if member.may("case.read") else false()


def counted(member: Member) -> ColumnElement[bool]:
    """A condition over `Case` for figures: what they may see; an administrator, who reads none, has those of their agencies."""
    return _of_agencies(member) if member.may("dashboard.read") else false()


def _of_agencies(member: Member) -> ColumnElement[bool]:
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


async def may_see(session: AsyncSession, member: Member, case: Case) -> bool:
    """Whether `visible` lets this case through; ask it before a page shows a case that came by its number."""
    return await session.scalar(select(Case.id).where(Case.id == case.id, visible(member))) is not None


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
