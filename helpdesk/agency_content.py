"""The agencies that come with the project: read strictly, brought in once."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from core import audit
from core.settings import Settings
from helpdesk import area as areas
from helpdesk import routing
from helpdesk.agency import HOME, Agency, Level, Unit
from helpdesk.area import Area
from helpdesk.rule import Rule

CONTENT = Path(__file__).resolve().parent / "content" / "agencies.yml"
AUTHOR = "system:content"


class WrittenUnit(BaseModel):
    """A unit as the file has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name_th: str
    name_en: str


class WrittenRule(BaseModel):
    """A rule as the file has it; ``area`` is ``จังหวัด/อำเภอ/ตำบล``, as far as needed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    category: str
    area: str = ""
    unit: str = ""


class WrittenAgency(BaseModel):
    """An agency as the file has it; the city's names are empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    level: Level
    name_th: str = ""
    name_en: str = ""
    area: str = ""
    units: list[WrittenUnit] = []
    rules: list[WrittenRule] = []


@cache
def written() -> tuple[WrittenAgency, ...]:
    """All agencies of the file."""
    rows = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
    return tuple(WrittenAgency.model_validate(row) for row in rows)


async def seed(session: AsyncSession, settings: Settings) -> int:
    """Bring in the agencies that are not there yet, with their units and rules; gives how many.

    The city is called what the settings call it, also after they changed.
    """
    added = 0
    for one in written():
        row = await session.get(Agency, one.id)
        if row is None:
            await _add(session, one, settings)
            added += 1
        elif one.id == HOME:
            row.name_th, row.name_en = settings.city_th, settings.city_en
    await session.flush()
    return added


async def _add(session: AsyncSession, one: WrittenAgency, settings: Settings) -> None:
    city = one.id == HOME
    place = _area(one.area)
    session.add(
        Agency(
            id=one.id,
            level=one.level,
            name_th=settings.city_th if city else one.name_th,
            name_en=settings.city_en if city else one.name_en,
            province=place.province,
            district=place.district,
            subdistrict=place.subdistrict,
        )
    )
    await session.flush()
    session.add_all(Unit(agency_id=one.id, name_th=unit.name_th, name_en=unit.name_en) for unit in one.units)
    await session.flush()
    for rule in one.rules:
        await _add_rule(session, one.id, rule)
    audit.record(session, AUTHOR, "agency.add", f"agency:{one.id}")


async def _add_rule(session: AsyncSession, agency_id: str, rule: WrittenRule) -> None:
    place = _area(rule.area)
    unit = await routing.unit_named(session, agency_id, rule.unit) if rule.unit else None
    session.add(
        Rule(
            category=rule.category,
            province=place.province,
            district=place.district,
            subdistrict=place.subdistrict,
            agency_id=agency_id,
            unit_id=unit.id if unit else None,
        )
    )


def _area(text: str) -> Area:
    return areas.read(*text.split("/")) if text else Area()
