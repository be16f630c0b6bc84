"""The console's addresses: each area lists its own, and all of them stand behind the same door."""

from aiohttp import web

from web.console import (
    access,
    account,
    audit,
    dashboard,
    exchange,
    login,
    people,
    search,
    second_factor,
    start,
    statistics,
    synonyms,
)
from web.console.access import Route
from web.console.agencies.routes import ROUTES as AGENCIES
from web.console.cases.routes import ROUTES as CASES
from web.console.chats.routes import ROUTES as CHATS
from web.console.faqs.routes import ROUTES as FAQS
from web.console.gaps.routes import ROUTES as GAPS
from web.console.oidc import sign_in
from web.console.utterances.routes import ROUTES as UTTERANCES

ROUTES: list[Route] = [
    *start.ROUTES,
    *login.ROUTES,
    *account.ROUTES,
    *second_factor.ROUTES,
    *people.ROUTES,
    *AGENCIES,
    *CASES,
    *CHATS,
    *search.ROUTES,
    *dashboard.ROUTES,
    *audit.ROUTES,
    *GAPS,
    *UTTERANCES,
    *statistics.ROUTES,
    *FAQS,
    *exchange.ROUTES,
    *synonyms.ROUTES,
]


def routes() -> list[web.RouteDef]:
    """Every address of the console."""
    return [*login.open_routes(), *sign_in.open_routes(), *access.served(ROUTES)]
