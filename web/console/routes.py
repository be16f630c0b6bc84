"""The console's addresses: each area lists its own, and all of them stand behind the same door."""

from aiohttp import web

from web.console import access, login, people, start
from web.console.access import Route

ROUTES: list[Route] = [
    *start.ROUTES,
    *login.ROUTES,
    *people.ROUTES,
]


def routes() -> list[web.RouteDef]:
    """Every address of the console."""
    return [*login.open_routes(), *access.served(ROUTES)]
