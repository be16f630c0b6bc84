"""Rules: which agency, and which unit of it, looks after a category of cases in an area."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.database import Base
from helpdesk import area as areas
from helpdesk.agency import Agency, Unit
from helpdesk.area import Area


class Rule(Base):
    """``street-light`` in ``ต.บางพูด`` is the work of this agency's unit. Without category it holds for all of them.

    A rule without area holds wherever its agency works. Names of areas are Thai, without จังหวัด, อำเภอ, ตำบล.
    """

    __tablename__ = "routing_rule"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("rul"))
    category: Mapped[str | None] = mapped_column(index=True)
    province: Mapped[str | None]
    district: Mapped[str | None]
    subdistrict: Mapped[str | None]
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    rank: Mapped[int] = mapped_column(default=100)  # of rules that fit equally well the smallest wins
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    def area(self, agency: Agency) -> Area:
        """Where it holds: its own area, else its agency's."""
        own = Area(self.province, self.district, self.subdistrict)
        return own if own.depth else agency.area


Fitting = tuple[Rule, Agency, Unit | None]


async def fitting(session: AsyncSession, category: str, place: Area) -> list[Fitting]:
    """The rules for a category at a place, the one that wins first; those of agencies or units that are off are left out.

    The narrowest area wins, then a rule for this very category, then the smaller rank, then the older rule.
    """
    query = _all().where(or_(Rule.category == category, Rule.category.is_(None)), Agency.is_on)
    query = query.where(or_(Unit.id.is_(None), Unit.is_on))
    known = areas.read(place.province or "", place.district or "", place.subdistrict or "")
    rows = [(rule, agency, unit) for rule, agency, unit in await session.execute(query) if rule.area(agency).covers(known)]
    return sorted(rows, key=_order)


async def everything(session: AsyncSession) -> Sequence[Fitting]:
    """All rules by category, those for all categories last, and in the order in which they win."""
    rows = [(rule, agency, unit) for rule, agency, unit in await session.execute(_all())]
    return sorted(rows, key=lambda row: (row[0].category is None, row[0].category or "", _order(row)))


def _all() -> Select[Rule, Agency, Unit]:
    joined = select(Rule, Agency, Unit).join(Agency, Agency.id == Rule.agency_id)
    return joined.outerjoin(Unit, Unit.id == Rule.unit_id)


def _order(row: Fitting) -> tuple[int, bool, int, datetime, str]:
    rule, agency, _ = row
    return (-rule.area(agency).depth, rule.category is None, rule.rank, rule.created_at, rule.id)
