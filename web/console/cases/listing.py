"""The list of cases over all channels, by state, kind, who works on them, labels, words, place or number."""

from typing import Any

from aiohttp import web

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
    asked, seen = filters.read(query, member), visible(member)
    after = storable.text(query.get("after", "")[:100])
    async with parts.of(request).database.read() as session:
        found = await listing.page(session, seen, asked, after=after, limit=SHOWN)
        shown = [case.id for case in found.rows]
        values: dict[str, Any] = {
            "found": found,
            "number": await listing.number(session, seen, _as_found(asked, found)),
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
        "kept": filters.kept(request.query_string),
        "done": labels.DONE.get(query.get("done", ""), "") if request.method == "GET" else "",
    }
    return page.show(request, TEMPLATE, "found", status=status, values=values)


def _as_found(asked: listing.Filter, found: listing.Page) -> listing.Filter:
    """The filter by which the rows were found, which is a looser one when the words found nothing."""
    return listing.Filter(**{**vars(asked), "loose": found.loose})
