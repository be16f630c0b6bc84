"""The register of agencies: the only doors through which agencies, their units, people and rules change.

Each works in the caller's transaction and writes the audit line with the change. What has worked on cases is never deleted,
only put off: its name stays on what it did.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import audit
from core.storable import text as storable
from helpdesk import area_name
from helpdesk import category as categories
from helpdesk.agency import HOME, Agency, Level, StaffAgency, Unit
from helpdesk.agency_error import UnknownAgency, UnknownUnit
from helpdesk.area import Area
from helpdesk.error import CaseError
from helpdesk.rule import Rule
from helpdesk.staff import Staff

LONGEST_NAME = 120  # characters
MOST_RANK = 9999


class RegisterError(CaseError):
    """A change of the register that cannot be made; the text is a plain Thai sentence."""


async def add_agency(session: AsyncSession, level: str, name_th: str, name_en: str, area: Area, *, actor: str) -> Agency:
    """Take an agency in.

    Raises:
        RegisterError: for a missing or taken name, or an unknown level.
        UnknownArea: when there is no such area.
    """
    row = Agency(level=_level(level), name_th=_name(name_th), name_en=_name(name_en, needed=False))
    await _free(session, row.name_th, "")
    _put_area(row, area)
    session.add(row)
    await session.flush()
    audit.record(session, actor, "agency.add", f"agency:{row.id}")
    return row


async def change_agency(
    session: AsyncSession, agency_id: str, level: str, name_th: str, name_en: str, area: Area, is_on: bool, *, actor: str
) -> Agency:
    """Change an agency. The city's names come from the settings, and it is always on.

    Raises:
        UnknownAgency: when there is none.
        RegisterError, UnknownArea: as in `add_agency`.
    """
    row = await _agency(session, agency_id)
    row.level = _level(level)
    if row.id != HOME:
        named = _name(name_th)
        await _free(session, named, row.id)
        row.name_th, row.name_en, row.is_on = named, _name(name_en, needed=False), is_on
    _put_area(row, area)
    audit.record(session, actor, "agency.change", f"agency:{row.id}", is_on=row.is_on, level=row.level)
    await session.flush()
    return row


async def put_unit(
    session: AsyncSession, agency_id: str, unit_id: str | None, name_th: str, name_en: str, is_on: bool = True, *, actor: str
) -> Unit:
    """Add a unit to an agency, or change one.

    Raises:
        UnknownAgency, UnknownUnit: when there is none.
        RegisterError: for a missing name, or one that another unit of the agency has.
    """
    agency, named = await _agency(session, agency_id), _name(name_th)
    row = await _unit(session, agency, unit_id) if unit_id else Unit(agency_id=agency_id)
    taken = select(Unit.id).where(Unit.agency_id == agency_id, Unit.name_th == named, Unit.id != (unit_id or ""))
    if await session.scalar(taken) is not None:
        raise RegisterError(f"{agency.name_th} มีส่วนงาน “{named}” อยู่แล้วค่ะ")
    row.name_th, row.name_en, row.is_on = named, _name(name_en, needed=False), is_on
    session.add(row)
    await session.flush()
    audit.record(session, actor, "unit.put", f"agency:{agency_id}", unit=row.id, is_on=is_on)
    return row


async def put_member(session: AsyncSession, agency_id: str, staff_id: str, unit_id: str | None, *, actor: str) -> None:
    """Let a member of staff belong to an agency, or only to one unit of it. What they see changes at once.

    Raises:
        UnknownAgency, UnknownUnit: when there is none.
        RegisterError: when there is no such member.
    """
    agency = await _agency(session, agency_id)
    if unit_id:
        await _unit(session, agency, unit_id)
    if await session.get(Staff, staff_id) is None:
        raise RegisterError("ไม่พบบุคลากรคนนี้ค่ะ")
    row = await session.get(StaffAgency, (staff_id, agency_id)) or StaffAgency(staff_id=staff_id, agency_id=agency_id)
    row.unit_id = unit_id or None
    session.add(row)
    audit.record(session, actor, "agency.member", f"staff:{staff_id}", agency=agency_id, unit=unit_id or None)
    await session.flush()


async def drop_member(session: AsyncSession, agency_id: str, staff_id: str, *, actor: str) -> None:
    """Let a member of staff no longer belong to an agency; who does not, stays so.

    Raises:
        RegisterError: when it is another agency's and their only one: they would see the city's cases, which nobody decided.
    """
    row = await session.get(StaffAgency, (staff_id, agency_id))
    if row is None:
        return
    count = select(func.count()).select_from(StaffAgency).where(StaffAgency.staff_id == staff_id)
    if agency_id != HOME and await session.scalar(count) == 1:
        raise RegisterError("บุคลากรคนนี้มีหน่วยงานเดียว กรุณาเพิ่มเข้าหน่วยงานอื่นก่อน หรือล็อกบัญชีแทนค่ะ มิฉะนั้นจะเห็นเรื่องของเมือง")
    await session.delete(row)
    audit.record(session, actor, "agency.member", f"staff:{staff_id}", agency=agency_id, dropped=True)
    await session.flush()


async def add_rule(
    session: AsyncSession, category: str | None, area: Area, agency_id: str, unit_id: str | None, rank: int, *, actor: str
) -> Rule:
    """Say who looks after a category in an area; without category it is all of them, without area where the agency works.

    Raises:
        UnknownCategory, UnknownArea, UnknownAgency, UnknownUnit: when there is none.
        RegisterError: for a rank that is none, or a rule that says nothing.
    """
    agency = await _agency(session, agency_id)
    if category:
        categories.category(category)
    elif not area.depth and not agency.area.depth:
        raise RegisterError("กฎต้องระบุประเภทเรื่องหรือพื้นที่อย่างน้อยหนึ่งอย่างค่ะ")
    if unit_id:
        await _unit(session, agency, unit_id)
    row = Rule(category=category or None, agency_id=agency_id, unit_id=unit_id or None, rank=_rank(rank))
    _put_area(row, area)
    session.add(row)
    await session.flush()
    audit.record(session, actor, "rule.add", f"rule:{row.id}", category=row.category, agency=agency_id, unit=row.unit_id)
    return row


async def change_rank(session: AsyncSession, rule_id: str, rank: int, *, actor: str) -> None:
    """Move a rule before or behind others that fit equally well.

    Raises:
        RegisterError: when there is no such rule or rank.
    """
    row = await _rule(session, rule_id)
    row.rank = _rank(rank)
    audit.record(session, actor, "rule.rank", f"rule:{rule_id}", rank=row.rank)
    await session.flush()


async def drop_rule(session: AsyncSession, rule_id: str, *, actor: str) -> None:
    """Take a rule away; cases that it routed stay where they are.

    Raises:
        RegisterError: when there is no such rule.
    """
    row = await _rule(session, rule_id)
    await session.delete(row)
    audit.record(session, actor, "rule.drop", f"rule:{rule_id}", category=row.category, agency=row.agency_id, unit=row.unit_id)
    await session.flush()


async def agencies(session: AsyncSession) -> Sequence[Agency]:
    """All agencies: the city first, then those that are on, by name."""
    query = select(Agency).order_by(Agency.id != HOME, Agency.is_on.is_(False), Agency.name_th)
    return (await session.scalars(query)).all()


async def units(session: AsyncSession) -> Sequence[Unit]:
    """All units, those that are on first, by name."""
    return (await session.scalars(select(Unit).order_by(Unit.is_on.is_(False), Unit.name_th))).all()


async def memberships(session: AsyncSession) -> Sequence[StaffAgency]:
    """Who belongs where."""
    return (await session.scalars(select(StaffAgency))).all()


async def _agency(session: AsyncSession, agency_id: str) -> Agency:
    row = await session.get(Agency, agency_id)
    if row is None:
        raise UnknownAgency()
    return row


async def _unit(session: AsyncSession, agency: Agency, unit_id: str) -> Unit:
    row = await session.get(Unit, unit_id)
    if row is None or row.agency_id != agency.id:
        raise UnknownUnit(agency.name_th)
    return row


async def _rule(session: AsyncSession, rule_id: str) -> Rule:
    row = await session.get(Rule, rule_id)
    if row is None:
        raise RegisterError("ไม่พบกฎนี้ อาจถูกนำออกไปแล้วค่ะ")
    return row


async def _free(session: AsyncSession, name_th: str, own: str) -> None:
    if await session.scalar(select(Agency.id).where(Agency.name_th == name_th, Agency.id != own)) is not None:
        raise RegisterError(f"มีหน่วยงานชื่อ “{name_th}” อยู่แล้วค่ะ")


def _put_area(row: Agency | Rule, area: Area) -> None:
    area_name.check(area)
    row.province, row.district, row.subdistrict = area.province, area.district, area.subdistrict


def _level(level: str) -> str:
    if level not in set(Level):
        raise RegisterError("กรุณาเลือกระดับของหน่วยงานค่ะ")
    return level


def _name(typed: str, *, needed: bool = True) -> str:
    name = " ".join(storable(typed).split())
    if len(name) > LONGEST_NAME or (needed and not name):
        raise RegisterError(f"กรุณาใส่ชื่อ ไม่เกิน {LONGEST_NAME} ตัวอักษรค่ะ")
    return name


def _rank(rank: int) -> int:
    if not 0 <= rank <= MOST_RANK:
        raise RegisterError(f"ลำดับต้องเป็นตัวเลข 0 ถึง {MOST_RANK} ค่ะ")
    return rank
