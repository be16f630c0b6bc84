"""The public pages' addresses, in Thai and below ``/en`` in English."""

from aiohttp import web

from web.portal import api, article, cases, home, own_case, services, sitemap

PAGES = {
    "/": home.show,
    "/services": services.index,
    "/services/group/{group}": services.group,
    "/services/{id}": article.show,
    "/cases": cases.find,
    "/cases/{number}": cases.show,
    "/api/docs": api.show,
}
FORMS = {
    "/services/{id}/helpful": article.helpful,
    "/services/{id}/missing": article.missing,
    "/cases/{number}/own": own_case.send,
}


def routes() -> list[web.RouteDef]:
    """Every page in both languages, and what search engines ask for."""
    found = [web.get("/en", home.show)]
    for language in ("", "/en"):
        found += [web.get(f"{language}{path}", handler) for path, handler in PAGES.items()]
        found += [web.post(f"{language}{path}", handler) for path, handler in FORMS.items()]
    return [
        *found,
        web.get("/robots.txt", sitemap.robots),
        web.get("/sitemap.xml", sitemap.show),
        web.get(r"/sitemap-{number:\d{1,4}}.xml", sitemap.piece),
    ]
