"""The list of cases over all channels, by state, kind, who works on them, labels, words, place or number."""

from typing import Any

from aiohttp import web
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from core import clock, ids, storable
from helpdesk import follower, listing, staff, staff_notice
from helpdesk.category import category
from helpdesk.visibility import visible
from web import parts
from web.console import access, page
from web.console.cases import filters, labels
from web.console.cases.outcome import Told

BASE = f"{access.HOME}/cases"
TEMPLATE = "console/cases/list.html"
SHOWN = 50


async def show(request: web.Request) -> web.Response:
    """A page of the list; for htmx the rows only."""
    return await render(request)


async def render(
    request: web.Request, *, told: Told | None = None, mistake: str = "", status: int = 200, typed: dict[str, str] | None = None
) -> web.Response:
    """The list as its address asks for it, with what became of cases that were changed together."""
    member, query = access.staff(request), request.query
    asked = filters.read(query, member)
    after = storable.text(query.get("after", "")[:100])
    async with parts.of(request).database.read() as session:
        seen = await visible(session, member)
        found = await listing.page(session, seen, asked, after=after, limit=SHOWN)
        shown = [case.id for case in found.rows]
        values: dict[str, Any] = {
            "found": found,
            "number": await _number(session, seen, asked, found, after),
            "counts": await listing.counts(session, seen),
            "labels_of": await listing.labels_of(session, shown),
            "followers": await follower.numbers(session, shown),
            "names": await staff.names(session, [f"staff:{case.assignee}" for case in found.rows if case.assignee]),
            "unread": await staff_notice.unread(session, member),
            **await filters.offered(session, member),
        }
    values |= {
        "asked": asked,
        "query": query,
        "state": asked.state,
        "category": category,
        "now": clock.now(),
        "labels": labels,
        "base": BASE,
        "told": told,
        "mistake": mistake,
        "typed": typed or {},
        "form_key": ids.new_id("frm"),
        "works": member.may("case.work"),
        "more_than": listing.COUNTED,
        "latest": listing.LATEST,
        "shown": SHOWN,
        "kept": filters.kept(request.query_string),
        "done": labels.DONE.get(query.get("done", ""), "") if request.method == "GET" else "",
    }
    return page.show(request, TEMPLATE, "found", status=status, values=values)


async def _number(
    session: AsyncSession, seen: ColumnElement[bool], asked: listing.Filter, found: listing.Page, after: str
) -> int | None:
    """How many cases fit. Of words that more than a page has, none is counted: that took longer than finding the page."""
    if not asked.text.strip():
        return await listing.number(session, seen, asked)
    return None if found.after or after else len(found.rows)
