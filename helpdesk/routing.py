"""Routing: to whom a new case goes, with a reason that can be read."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk import area as areas
from helpdesk import category as categories
from helpdesk import rule as rules
from helpdesk.agency import HOME, Agency, CaseShare, Unit, staffed
from helpdesk.area import Area
from helpdesk.category import Category
from helpdesk.record import Case
from helpdesk.rule import Rule

SYSTEM = "system"
_RECEPTION = "other"  # the category whose unit speaks with agencies that have nobody here


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case goes. ``words`` is what citizens read as its unit, ``because`` a Thai sentence without full stop."""

    agency_id: str | None  # None where not even the city is registered yet
    unit_id: str | None
    words: str
    because: str
    rule_id: str | None = None


async def route(session: AsyncSession, category: Category, place: Area) -> Route:
    """Who looks after this category at this place.

    The best rule decides; without one the case stays with the city and the category's own unit. An agency of which nobody
    works here cannot take a case: the city's reception keeps it and speaks with that agency.
    """
    fitting = await rules.fitting(session, category.id, place)
    if not fitting:
        return await _home(session, category, place)
    rule, agency, unit = fitting[0]
    words, why = name(agency, unit), _why(category, rule, agency)
    if await staffed(session, agency.id):
        return Route(agency.id, unit.id if unit else None, words, f"ส่งให้ {words} {why}", rule.id)
    return await _reception(session, words, why, rule.id)


async def assign(session: AsyncSession, case: Case) -> Route:
    """Give a case that is being opened to whom it belongs. The city may read what it passes on, unless it is confidential."""
    chosen = await route(session, categories.category(case.category), place_of(case))
    case.agency_id, case.unit_id, case.routed_because = chosen.agency_id, chosen.unit_id, chosen.because
    case.unit = chosen.words
    return chosen


def keep_city_informed(session: AsyncSession, case: Case) -> None:
    """Let the city read and work on a case of another agency, since citizens ask the city; not on a confidential one."""
    if case.agency_id not in (None, HOME) and not case.confidential:
        session.add(CaseShare(case_id=case.id, agency_id=HOME, actor=SYSTEM))


def place_of(case: Case) -> Area:
    """Where a case is, as far as its names of areas say."""
    return areas.read(case.province or "", case.district or "", case.subdistrict or "")


def name(agency: Agency, unit: Unit | None) -> str:
    """What citizens read: the city's unit alone, of another agency its name first: ``การไฟฟ้าส่วนภูมิภาค``."""
    if unit is None:
        return agency.name_th
    return unit.name_th if agency.id == HOME else f"{agency.name_th} {unit.name_th}"


async def unit_named(session: AsyncSession, agency_id: str, words: str) -> Unit | None:
    """An agency's unit that is on, by its Thai name."""
    return await session.scalar(select(Unit).where(Unit.agency_id == agency_id, Unit.name_th == words, Unit.is_on))


async def _home(session: AsyncSession, category: Category, place: Area) -> Route:
    city = await session.get(Agency, HOME)
    unit = await unit_named(session, HOME, category.unit)
    where = f"ใน {place.words()}" if place.depth else ""
    because = f"ส่งให้ {category.unit} เพราะเป็นเรื่อง{category.title_th}{where}"
    return Route(city.id if city else None, unit.id if unit else None, category.unit, because)


async def _reception(session: AsyncSession, words: str, why: str, rule_id: str) -> Route:
    desk = categories.category(_RECEPTION).unit
    unit = await unit_named(session, HOME, desk)
    because = f"ให้ {desk} ประสาน {words} {why} แต่หน่วยงานนี้ยังไม่มีเจ้าหน้าที่ในระบบ"
    return Route(HOME, unit.id if unit else None, f"{desk} (ประสาน{words})", because, rule_id)


def _why(category: Category, rule: Rule, agency: Agency) -> str:
    place = rule.area(agency)
    where = f"ใน {place.words()}" if place.depth else ""
    if rule.category is None:
        return f"เพราะดูแลทุกเรื่อง{where}"
    return f"เพราะเป็นเรื่อง{category.title_th}{where}"
