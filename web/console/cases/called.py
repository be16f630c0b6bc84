"""What a member of staff was told: called in a note, a case given to them, an objection, an answer."""

from aiohttp import web

from helpdesk import staff_notice
from web import parts
from web.console import access, page
from web.console.cases import labels, listing

PATH = f"{listing.BASE}/called"


async def show(request: web.Request) -> web.Response:
    """The newest notices, unread ones first."""
    member = access.staff(request)
    async with parts.of(request).database.read() as session:
        rows = await staff_notice.latest(session, member)
    done = labels.DONE.get(request.query.get("done", ""), "")
    return page.render(request, "console/cases/called.html", rows=rows, base=listing.BASE, path=PATH, done=done)


async def read(request: web.Request) -> web.Response:
    """Mark those as read that were on the page."""
    ids = [str(one) for one in (await request.post()).getall("id", [])][:100]
    async with parts.of(request).database.write() as session:
        await staff_notice.mark_read(session, access.staff(request), ids)
    raise web.HTTPSeeOther(f"{PATH}?done=read")
