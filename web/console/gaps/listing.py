"""The inbox: groups of questions, by state, channel, reason and time, and what is done with several at once."""

from datetime import timedelta
from typing import Any, get_args

from aiohttp import web

from helpdesk import staff
from knowledge_base import counter, gap, inbox, use
from knowledge_base.inbox import Order
from web import parts
from web.console import access, page
from web.console.gaps import labels

BASE = f"{access.HOME}/gaps"
TEMPLATE = "console/gaps/list.html"
SHOWN = 25
_ORDERS: tuple[Order, ...] = get_args(Order)
_LAST_PAGE = 10_000


async def show(request: web.Request) -> web.Response:
    """A page of the list; for htmx the rows only."""
    return await _page(request)


async def several(request: web.Request) -> web.Response:
    """Merge, ignore or take the groups that were ticked: the button pressed is ``do``."""
    form, actor = await request.post(), access.staff(request).actor
    chosen, what = list(dict.fromkeys(str(one) for one in form.getall("id", []))), str(form.get("do", ""))
    if not chosen or (what == "merge" and len(chosen) < 2):
        return await _page(request, mistake=labels.CHOOSE if what != "merge" else labels.CHOOSE_TWO, status=422)
    try:
        async with parts.of(request).database.write() as session:
            match what:
                case "merge":
                    first = await gap.merge(session, chosen, actor)
                case "ignore":
                    for one in sorted(chosen):
                        await gap.ignore(session, one, actor, reason=reason_of(form.get("reason")))
                case "take":
                    for one in sorted(chosen):
                        await gap.take(session, one, actor)
                case _:
                    raise web.HTTPBadRequest
    except gap.GapNotFound:
        return await _page(request, mistake=labels.GONE, status=409)
    except gap.GapTaken as taken:
        return await _page(request, mistake=await told(request, taken), status=409)
    if what == "merge":
        raise web.HTTPSeeOther(f"{BASE}/{first.id}?done=merged")
    raise web.HTTPSeeOther(f"{BASE}?done={'ignored' if what == 'ignore' else 'taken'}")


def reason_of(typed: object) -> str:
    """One of the reasons that the form offers; nothing else gets into the audit log, where no citizen's words belong."""
    return typed if isinstance(typed, str) and typed in labels.IGNORING else labels.IGNORING[-1]


async def told(request: web.Request, taken: gap.GapTaken) -> str:
    """Say who has a group in work."""
    async with parts.of(request).database.read() as session:
        names = await staff.names(session, [taken.assignee])
    return labels.TAKEN.format(name=names[taken.assignee])


async def _page(request: web.Request, *, mistake: str = "", status: int = 200) -> web.Response:
    asked = request.query
    state = asked.get("state", "new") if asked.get("state", "new") in (*gap.STATES, "all") else "new"
    number, days = _number(asked.get("page"), _LAST_PAGE) or 1, asked.get("days", "")
    order: Order = next((one for one in _ORDERS if one == asked.get("order")), "count")
    async with parts.of(request).database.read() as session:
        found = await inbox.groups(
            session,
            state="" if state == "all" else state,
            channel=asked.get("channel", ""),
            reason=asked.get("reason", ""),
            text=asked.get("text", "")[:200].strip(),
            since=counter.today() - timedelta(days=int(days) - 1) if days in labels.PERIODS and days else None,
            assignee=access.staff(request).actor if asked.get("mine") else "",
            order=order,
            limit=SHOWN,
            offset=(number - 1) * SHOWN,
        )
        counts = await inbox.states(session)
        nearest = {str(near["id"]) for group in found.groups for near in group.candidates[:3]}
        titles = await use.named(session, nearest | {group.faq_id for group in found.groups if group.faq_id})
        names = await staff.names(session, [group.assignee for group in found.groups])
    values: dict[str, Any] = {
        "found": found,
        "counts": counts,
        "state": state,
        "order": order,
        "asked": asked,
        "number": number,
        "pages": -(-found.number // SHOWN),
        "titles": titles,
        "names": names,
        "labels": labels,
        "base": BASE,
        "mistake": mistake,
        "done": labels.DONE.get(asked.get("done", ""), "") if request.method == "GET" else "",
    }
    return page.show(request, TEMPLATE, "found", status=status, values=values)


def _number(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isascii() and text.isdecimal() and len(text) < 7 else 0
