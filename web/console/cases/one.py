"""The page of a case: what was told, where, by whom it is worked on, its history, and what may be done next."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from core import audit, ids
from helpdesk import alert, nearby, staff
from helpdesk.category import all_categories, category
from web import parts
from web.console import access, page
from web.console.cases import labels, listing, looking, panels, sheet

TEMPLATE = "console/cases/case.html"


async def show(request: web.Request) -> web.Response:
    """The page; that it was read is written into the audit log."""
    return await render(request)


async def print_out(request: web.Request) -> web.Response:
    """The case on paper."""
    return await render(request, template="console/cases/print.html")


async def render(
    request: web.Request,
    *,
    template: str = TEMPLATE,
    mistake: str = "",
    where: str = "",
    typed: Mapping[str, Any] | None = None,
    status: int = 200,
) -> web.Response:
    """The page as the case is now, with what a refused form had in it (``typed``) and what was wrong (``mistake``).

    ``where`` names the form that was refused.
    """
    known, member = parts.of(request), access.staff(request)
    async with known.database.write() as session:
        case = await sheet.found(session, request)
        audit.record(session, member.actor, "case.read", f"case:{case.number}")
        await alert.done(session, member, case)
    async with known.database.read() as session:
        shown = await sheet.opened(session, member, case)
        present = await looking.others(request, case)
        values: dict[str, Any] = {
            **sheet.values_of(shown),
            "members": await staff.members(session, "case.work"),
            "looking": list((await staff.names(session, present)).values()),
            "panels": await panels.of(session, member, shown),
        }
    values |= {
        "marks": nearby.marks(case, shown.around),
        "kind": category(case.category),
        "categories": all_categories(),
        "labels": labels,
        "base": listing.BASE,
        "works": member.may("case.work"),
        "mistake": mistake,
        "where": where,
        "typed": typed or {},
        "form_key": ids.new_id("frm"),
        "done": labels.DONE.get(request.query.get("done", ""), "") if request.method == "GET" else "",
        "unknown": request.query.get("unknown", "")[:200],
        "new_number": request.query.get("new", "")[:20],
    }
    return page.render(request, template, status=status, **values)
