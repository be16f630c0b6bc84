"""Saved views: filters under a name, each member's own."""

from aiohttp import web

from core import storable
from helpdesk import saved_view
from helpdesk.saved_view import ViewRefused
from web import parts
from web.console import access
from web.console.cases import filters, listing


async def save(request: web.Request) -> web.Response:
    """Keep the filter that the form names."""
    form = await request.post()
    name, query = storable.text(str(form.get("name", ""))), filters.kept(str(form.get("query", "")))
    try:
        async with parts.of(request).database.write() as session:
            await saved_view.save(session, access.staff(request).id, name, query)
    except ViewRefused as refusal:
        return await listing.render(request, mistake=str(refusal), status=422)
    raise web.HTTPSeeOther(f"{listing.BASE}?{query}&done=view" if query else f"{listing.BASE}?done=view")


async def remove(request: web.Request) -> web.Response:
    """Forget a view."""
    async with parts.of(request).database.write() as session:
        await saved_view.remove(session, access.staff(request).id, request.match_info["id"])
    raise web.HTTPSeeOther(f"{listing.BASE}?done=unview")
