"""The city's front page."""

from aiohttp import web

from helpdesk.category import Category, all_categories
from web.portal import catalogue, page, services

ON_THE_FRONT_PAGE = 6  # groups; each with its first questions
QUESTIONS = 4


async def show(request: web.Request) -> web.Response:
    """Greeting, services, what can be reported, and how to follow a report."""
    groups = services.grouped(await catalogue.shelf(request), QUESTIONS)
    return page.render(request, "home.html", groups=groups[:ON_THE_FRONT_PAGE], categories=_offered())


def _offered() -> list[Category]:
    return [category for category in all_categories() if not category.confidential][:12]
