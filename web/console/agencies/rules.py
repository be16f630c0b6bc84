"""The rules: which agency and unit look after which category in which area, in the order in which they win."""

from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk import area_name, register, routing, rule
from helpdesk.agency import staffed
from helpdesk.category import all_categories
from web import parts
from web.console import page
from web.console.agencies import sheet
from web.console.agencies.sheet import BASE, Typed

PATH = f"{BASE}/rules"
TEMPLATE = "console/agencies/rules.html"
_USUAL_RANK = 100


async def show(request: web.Request) -> web.Response:
    """All rules, and the form for a new one."""
    return await _page(request)


async def add(request: web.Request) -> web.Response:
    """Add a rule. The agency and its unit are one field: ``agc_…`` or ``agc_…/unt_…``."""
    form = await sheet.read(request)

    async def work(session: AsyncSession, actor: str) -> str:
        agency_id, _, unit_id = form.text("target").partition("/")
        rank = form.number("rank", _USUAL_RANK)
        category = form.text("category") or None
        await register.add_rule(session, category, form.area(), agency_id, unit_id or None, rank, actor=actor)
        return f"{PATH}?done=rule"

    return await _page(request, mistake=await sheet.attempt(request, work), typed=form.typed(), status=422)


async def change(request: web.Request) -> web.Response:
    """Change a rule's rank, or take it away: ``what`` is ``rank`` or ``remove``."""
    form, rule_id = await sheet.read(request), request.match_info["id"]

    async def work(session: AsyncSession, actor: str) -> str:
        if request.match_info["what"] == "rank":
            await register.change_rank(session, rule_id, form.number("rank", _USUAL_RANK), actor=actor)
            return f"{PATH}?done=rule"
        await register.drop_rule(session, rule_id, actor=actor)
        return f"{PATH}?done=unruled"

    return await _page(request, mistake=await sheet.attempt(request, work), status=422)


async def _page(request: web.Request, *, mistake: str = "", typed: Typed | None = None, status: int = 200) -> web.Response:
    titles = {one.id: one.title_th for one in all_categories()}
    async with parts.of(request).database.read() as session:
        found = await rule.everything(session)
        silent = {agency.id for _, agency, _ in found if not await staffed(session, agency.id)}
        values: dict[str, Any] = {
            "rows": [
                {
                    "rule": row,
                    "category": titles.get(row.category or "", "ทุกประเภท"),
                    "area": row.area(agency).words(),
                    "target": routing.name(agency, unit),
                    "is_on": agency.is_on and (unit is None or unit.is_on),
                    "silent": agency.id in silent,
                }
                for row, agency, unit in found
            ],
            "targets": await targets(session),
        }
    values |= {
        "base": BASE,
        "path": PATH,
        "categories": all_categories(),
        "provinces": area_name.provinces(),
        "usual_rank": _USUAL_RANK,
        "typed": typed or Typed(),
        "mistake": mistake,
        "done": sheet.done(request),
    }
    return page.render(request, TEMPLATE, status=status, **values)


async def targets(session: AsyncSession) -> list[tuple[str, str]]:
    """Where a case can go, as one list of choices: each agency that is on, and behind it its units."""
    units = [unit for unit in await register.units(session) if unit.is_on]
    found: list[tuple[str, str]] = []
    for agency in await register.agencies(session):
        if agency.is_on:
            found.append((agency.id, agency.name_th))
            own = (unit for unit in units if unit.agency_id == agency.id)
            found += [(f"{agency.id}/{unit.id}", f"{agency.name_th} · {unit.name_th}") for unit in own]
    return found
