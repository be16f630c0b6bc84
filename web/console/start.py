"""The console's start page: what the member may work on."""

from aiohttp import web

from web.console import access, page
from web.console.access import Route


async def show(request: web.Request) -> web.Response:
    """One card for each area."""
    return page.render(request, "console/start.html", areas=page.areas(access.staff(request)))


async def lead(_request: web.Request) -> web.Response:
    """The address without its slash."""
    raise web.HTTPSeeOther(f"{access.HOME}/")


ROUTES = [Route("GET", access.HOME, lead, ""), Route("GET", f"{access.HOME}/", show, "")]
