"""Canned answers: the page on which they are kept."""

from aiohttp import web

from conversations import canned
from conversations.canned import CannedError
from helpdesk import staff
from web import parts
from web.console import access, page
from web.console.chats import labels, listing, room

BASE = f"{listing.BASE}/canned"
TEMPLATE = "console/chats/canned.html"


async def show(request: web.Request) -> web.Response:
    """All of them, with a form for one more."""
    return await _page(request)


async def keep(request: web.Request) -> web.Response:
    """Add one, or change the one of the field ``id``."""
    form, actor = await request.post(), access.staff(request).actor
    title, text, chosen = (str(form.get(name, "")) for name in ("title", "text", "id"))
    try:
        async with parts.of(request).database.write() as session:
            await canned.keep(session, title, text, actor=actor, canned_id=chosen)
    except CannedError as error:
        return await _page(request, mistake=str(error), typed=(chosen, title, text), status=422)
    raise web.HTTPSeeOther(f"{BASE}?done=kept")


async def remove(request: web.Request) -> web.Response:
    """Delete one."""
    try:
        async with parts.of(request).database.write() as session:
            await canned.remove(session, request.match_info["canned"], actor=access.staff(request).actor)
    except CannedError as error:
        return await _page(request, mistake=str(error), status=409)
    raise web.HTTPSeeOther(f"{BASE}?done=removed")


async def _page(
    request: web.Request, *, mistake: str = "", typed: tuple[str, str, str] = ("", "", ""), status: int = 200
) -> web.Response:
    async with parts.of(request).database.read() as session:
        kept = await canned.everything(session)
        names = await staff.names(session, [one.changed_by for one in kept])
    return page.render(
        request,
        TEMPLATE,
        status=status,
        kept=kept,
        names=names,
        typed=typed,
        mistake=mistake,
        placeholders=room.placeholders(request),
        may_edit=access.staff(request).may("case.supervise"),
        longest_title=canned.LONGEST_TITLE,
        longest_text=canned.LONGEST_TEXT,
        base=BASE,
        chats=listing.BASE,
        done=labels.DONE.get(request.query.get("done", ""), "") if request.method == "GET" else "",
    )
