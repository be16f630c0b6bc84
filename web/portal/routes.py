"""The public pages' addresses, in Thai and below ``/en`` in English."""

from aiohttp import web

from web.portal import api, cases, home, services

PAGES = {
    "/": home.show,
    "/services": services.index,
    "/services/{id}": services.show,
    "/cases": cases.find,
    "/cases/{number}": cases.show,
    "/api/docs": api.show,
}


def routes() -> list[web.RouteDef]:
    """Every page in both languages."""
    thai = [web.get(path, handler) for path, handler in PAGES.items()]
    english = [web.get(f"/en{path}", handler) for path, handler in PAGES.items()]
    return [*thai, *english, web.get("/en", home.show)]
