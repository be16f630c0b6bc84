"""The agencies, the form for a new one, and the place to try: which category, where, and who gets it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk import area_name, register, routing, rule
from helpdesk.agency import HOME, LEVELS
from helpdesk.category import all_categories, category
from helpdesk.error import CaseError
from web import parts
from web.console import page
from web.console.agencies import sheet
from web.console.agencies.sheet import BASE, Form, Typed

TEMPLATE = "console/agencies/list.html"


async def show(request: web.Request) -> web.Response:
    """The list, and what was tried."""
    return await _page(request)


async def add(request: web.Request) -> web.Response:
    """Take an agency in."""
    form = await sheet.read(request)

    async def work(session: AsyncSession, actor: str) -> str:
        names = form.text("level"), form.text("name_th"), form.text("name_en")
        made = await register.add_agency(session, *names, form.area(), actor=actor)
        return f"{BASE}/{made.id}?done=added"

    return await _page(request, mistake=await sheet.attempt(request, work), typed=form.typed(), status=422)


async def _page(request: web.Request, *, mistake: str = "", typed: Typed | None = None, status: int = 200) -> web.Response:
    asked = Form(request.query) if request.method == "GET" else Form()
    async with parts.of(request).database.read() as session:
        members = Counter(row.agency_id for row in await register.memberships(session))
        values: dict[str, Any] = {
            "rows": await register.agencies(session),
            "units": Counter(unit.agency_id for unit in await register.units(session) if unit.is_on),
            "members": members,
            "tried": await _tried(session, asked) if asked.text("category") else None,
        }
    values |= {
        "base": BASE,
        "home": HOME,
        "levels": LEVELS,
        "categories": all_categories(),
        "provinces": area_name.provinces(),
        "asked": asked.typed(),
        "typed": typed or Typed(),
        "mistake": mistake,
        "done": sheet.done(request),
    }
    return page.render(request, TEMPLATE, status=status, **values)


async def _tried(session: AsyncSession, asked: Form) -> Mapping[str, Any]:
    """Who would get a case of this category at this place, and the rules that fit, the one that wins first."""
    try:
        kind, place = category(asked.text("category")), asked.area()
        area_name.check(place)
    except CaseError as refusal:
        return {"mistake": str(refusal)}
    found = await routing.route(session, kind, place)
    fitting = await rule.fitting(session, kind.id, place)
    lines = [(row.area(agency).words(), routing.name(agency, unit), row.rank) for row, agency, unit in fitting]
    return {"mistake": "", "route": found, "rules": lines}
