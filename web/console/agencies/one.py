"""One agency: its name and area, its units, and the people who work in it."""

from typing import Any

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk import area_name, register, staff
from helpdesk.agency import HOME, LEVELS, Agency, people
from helpdesk.category import all_categories
from helpdesk.role import TITLES
from helpdesk.rule import Rule
from web import parts
from web.console import page
from web.console.agencies import sheet
from web.console.agencies.sheet import BASE, Typed
from web.failures import Failure

TEMPLATE = "console/agencies/one.html"


async def show(request: web.Request) -> web.Response:
    """The agency's page."""
    return await _page(request)


async def change(request: web.Request) -> web.Response:
    """Change its name, level and area, put it on or off."""
    form, agency_id = await sheet.read(request), request.match_info["id"]

    async def work(session: AsyncSession, actor: str) -> str:
        names = form.text("level"), form.text("name_th"), form.text("name_en")
        await register.change_agency(session, agency_id, *names, form.area(), bool(form.text("is_on")), actor=actor)
        return f"{BASE}/{agency_id}?done=changed"

    return await _page(request, mistake=await sheet.attempt(request, work), typed=form.typed(), status=422)


async def unit(request: web.Request) -> web.Response:
    """Add a unit, or change one."""
    form, agency_id = await sheet.read(request), request.match_info["id"]

    async def work(session: AsyncSession, actor: str) -> str:
        unit_id = form.text("unit") or None
        is_on = unit_id is None or bool(form.text("is_on"))
        await register.put_unit(session, agency_id, unit_id, form.text("name_th"), form.text("name_en"), is_on, actor=actor)
        return f"{BASE}/{agency_id}?done=unit"

    return await _page(request, mistake=await sheet.attempt(request, work), status=422)


async def member(request: web.Request) -> web.Response:
    """Take a member of staff into the agency, or let one go: ``what`` is ``join`` or ``leave``."""
    form, agency_id = await sheet.read(request), request.match_info["id"]

    async def work(session: AsyncSession, actor: str) -> str:
        if request.match_info["what"] == "leave":
            await register.drop_member(session, agency_id, form.text("staff"), actor=actor)
            return f"{BASE}/{agency_id}?done=left"
        await register.put_member(session, agency_id, form.text("staff"), form.text("unit") or None, actor=actor)
        return f"{BASE}/{agency_id}?done=member"

    return await _page(request, mistake=await sheet.attempt(request, work), status=422)


async def _page(request: web.Request, *, mistake: str = "", typed: Typed | None = None, status: int = 200) -> web.Response:
    async with parts.of(request).database.read() as session:
        agency = await session.get(Agency, request.match_info["id"])
        if agency is None:
            raise Failure(404)
        values = await _values(session, agency)
    values |= {
        "agency": agency,
        "base": BASE,
        "path": f"{BASE}/{agency.id}",
        "is_home": agency.id == HOME,
        "levels": LEVELS,
        "provinces": area_name.provinces(),
        "titles": TITLES,
        "typed": typed or Typed(),
        "mistake": mistake,
        "done": sheet.done(request),
    }
    return page.render(request, TEMPLATE, status=status, **values)


async def _values(session: AsyncSession, agency: Agency) -> dict[str, Any]:
    rows = {row.staff_id: row for row in await register.memberships(session) if row.agency_id == agency.id}
    here = await people(session, agency.id, "")
    titles = {one.id: one.title_th for one in all_categories()}
    rules = await session.scalars(select(Rule).where(Rule.agency_id == agency.id))
    return {
        "units": [unit for unit in await register.units(session) if unit.agency_id == agency.id],
        "people": [(one, rows.get(one.id)) for one in here],
        "others": [one for one in await staff.members(session) if one.id not in rows],
        "looks_after": sorted({titles.get(rule.category or "", "ทุกประเภท") for rule in rules}),
    }
