"""The dashboard: how the help desk does, in figures that say nothing about a single citizen."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

from aiohttp import web
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations import share
from conversations.share import Answered
from core import storable
from helpdesk import rise, statistics
from helpdesk.agency import Agency, CaseShare, agencies_of
from helpdesk.category import all_categories
from helpdesk.record import Case
from helpdesk.service_level import LABELS, Clock
from helpdesk.staff import Member
from helpdesk.statistics import Kept, Period
from helpdesk.visibility import counted
from web import parts
from web.console import access, page
from web.console.access import Route
from web.console.cases import labels

BASE = f"{access.HOME}/dashboard"
TEMPLATE = "console/dashboard.html"
PERIODS = {7: "7 วัน", 30: "30 วัน", 90: "90 วัน", 365: "1 ปี"}
CLOCKS = (Clock.FIRST, Clock.SOLVE)
_USUAL = 30


async def show(request: web.Request) -> web.Response:
    """The figures of a period, of all agencies whose cases the member may count or of one of them."""
    member = access.staff(request)
    length = next((days for days in PERIODS if str(days) == request.query.get("days")), _USUAL)
    async with parts.of(request).database.read() as session:
        agencies = await offered(session, member)
        agency = next((one for one, _ in agencies if one == storable.text(request.query.get("agency", ""))), "")
        seen = await counted(session, member)
        if agency:
            seen = and_(seen, statistics.of_agency(agency))
        values = await figures(session, seen, Period.of(length))
    values |= {
        "length": length,
        "periods": PERIODS,
        "agency": agency,
        "agencies": agencies,
        "base": BASE,
        "source": labels.source,
    }
    values |= {"titles": {one.id: one.title_th for one in all_categories()}, "clocks": {one: LABELS[one] for one in CLOCKS}}
    return page.render(request, TEMPLATE, **values)


async def offered(session: AsyncSession, member: Member) -> Sequence[tuple[str, str]]:
    """The agencies to choose from: the member's own, and those whose cases theirs was invited to."""
    own = await agencies_of(session, member)
    invited = select(Case.agency_id).join(CaseShare, CaseShare.case_id == Case.id).where(CaseShare.agency_id.in_(own))
    query = select(Agency.id, Agency.name_th).where(or_(Agency.id.in_(own), Agency.id.in_(invited))).order_by(Agency.name_th)
    return [(agency_id, name) for agency_id, name in await session.execute(query)]


async def figures(session: AsyncSession, seen: ColumnElement[bool], period: Period) -> dict[str, Any]:
    """Everything the page shows of a period."""
    opened, finished = await statistics.opened(session, seen, period), await statistics.finished(session, seen, period)
    days = {one: await statistics.kept_by_day(session, seen, period, one) for one in CLOCKS}
    stars = await statistics.stars(session, seen, period)
    bot = await share.by_channel(session, period.start)
    return {
        "period": period,
        "volume": [(day, opened.get(day.isoformat(), 0), finished.get(day.isoformat(), 0)) for day in period.days],
        "opened": sum(opened.values()),
        "finished": sum(finished.values()),
        "kinds": await statistics.categories(session, seen, period),
        "channels": await statistics.sources(session, seen, period),
        "kept": {one: reduce(add, days[one].values(), Kept()) for one in CLOCKS},
        "kept_days": [(day, [days[one].get(day.isoformat(), Kept()) for one in CLOCKS]) for day in period.days],
        "kept_kinds": await _by_kind(session, seen, period),
        "stars": stars,
        "rated": sum(stars.values()),
        "mean": _mean(stars),
        "bot": bot,
        "alone": reduce(add, bot.values(), Answered()),
        "rises": await rise.rises(session, seen),
    }


async def _by_kind(session: AsyncSession, seen: ColumnElement[bool], period: Period) -> Sequence[tuple[str, list[Kept]]]:
    """The kept times of each category, those with most late solutions first."""
    found = [await statistics.kept_by_category(session, seen, period, one) for one in CLOCKS]
    rows = [(kind, [one.get(kind, Kept()) for one in found]) for kind in {kind for one in found for kind in one}]
    return sorted(rows, key=lambda row: (-row[1][-1].late, -row[1][0].late, row[0]))


def _mean(stars: Mapping[int, int]) -> float | None:
    given = sum(stars.values())
    return sum(rating * number for rating, number in stars.items()) / given if given else None


ROUTES: list[Route] = [Route("GET", BASE, show, "dashboard.read")]
