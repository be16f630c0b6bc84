"""Agencies that work on cases: the city itself, provincial offices, state enterprises; their units and their people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.database import Base
from helpdesk import staff
from helpdesk.area import Area
from helpdesk.staff import Member

HOME = "agc_home"  # the id of the installation's own city: whatever nobody else is responsible for is its work


class Level(StrEnum):
    """What kind of agency it is, as Thailand is governed."""

    CENTRAL = "central"
    PROVINCIAL = "provincial"
    LOCAL = "local"


LEVELS: Mapping[Level, str] = {
    Level.CENTRAL: "ราชการส่วนกลางและรัฐวิสาหกิจ",
    Level.PROVINCIAL: "ราชการส่วนภูมิภาค",
    Level.LOCAL: "ราชการส่วนท้องถิ่น",
}


class Agency(Base):
    """One agency, such as ``การไฟฟ้าส่วนภูมิภาค``. Without province, district and subdistrict it works in the whole country."""

    __tablename__ = "agency"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("agc"))
    level: Mapped[str]  # a `Level`
    name_th: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str]
    province: Mapped[str | None]  # Thai names without จังหวัด, อำเภอ, ตำบล, as in `helpdesk.place.Place`
    district: Mapped[str | None]
    subdistrict: Mapped[str | None]
    is_on: Mapped[bool] = mapped_column(default=True)  # off: keeps its cases, gets no new ones
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def area(self) -> Area:
        """Where it works."""
        return Area(self.province, self.district, self.subdistrict)


class Unit(Base):
    """A part of an agency that does the work, such as ``กองช่าง``."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("agency_id", "name_th"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("unt"))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    name_th: Mapped[str]
    name_en: Mapped[str]
    is_on: Mapped[bool] = mapped_column(default=True)


class StaffAgency(Base):
    """That a member of staff belongs to an agency, or only to one unit of it. Who stands in no row belongs to the city."""

    __tablename__ = "staff_agency"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), primary_key=True, index=True)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))


class CaseShare(Base):
    """That an agency beside the responsible one may read a case and work on it."""

    __tablename__ = "case_share"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), primary_key=True, index=True)
    actor: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)


async def agencies_of(session: AsyncSession, member: Member) -> frozenset[str]:
    """The ids of the agencies a member belongs to; the city's where they stand in no row."""
    found = await session.scalars(select(StaffAgency.agency_id).where(StaffAgency.staff_id == member.id))
    return frozenset(found) or frozenset({HOME})


async def people(session: AsyncSession, agency_id: str, right: str, unit_id: str | None = None) -> list[Member]:
    """An agency's members of staff who may log in and have the right, by name.

    Args:
        session: Any transaction.
        agency_id: The agency.
        right: A key of `helpdesk.role.RIGHTS`.
        unit_id: Leave out those who belong to another unit only.
    """
    rows = (await session.scalars(select(StaffAgency))).all()
    anywhere = {row.staff_id for row in rows}
    here = {row.staff_id for row in rows if row.agency_id == agency_id and (unit_id is None or row.unit_id in (None, unit_id))}
    return [
        member
        for member in await staff.members(session, right)
        if member.id in here or (agency_id == HOME and member.id not in anywhere)
    ]


async def with_people(session: AsyncSession, right: str) -> Sequence[Agency]:
    """The agencies beside the city that somebody with this right belongs to, by name."""
    ids = [member.id for member in await staff.members(session, right)]
    belongs = select(StaffAgency.agency_id).where(StaffAgency.staff_id.in_(ids), StaffAgency.agency_id != HOME)
    query = select(Agency).where(Agency.is_on.is_(True), Agency.id.in_(belongs)).order_by(Agency.name_th)
    return (await session.scalars(query)).all()


async def staffed(session: AsyncSession, agency_id: str) -> bool:
    """Whether somebody can take an agency's cases here; of the city that is taken for granted."""
    return agency_id == HOME or bool(await people(session, agency_id, "case.work"))
