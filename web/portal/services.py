"""The help centre: its front page, looking something up, and one page for each group."""

from datetime import timedelta
from itertools import batched

from aiohttp import web

from core import clock
from knowledge_base import reading
from knowledge_base.reading import Shelf, Title
from web import parts
from web.portal import catalogue, groups, lookup, page, visitor
from web.portal.groups import Group

RATE = "60/minute"  # submitted searches of one address
TYPING_RATE = "240/minute"  # those that a browser sends while somebody types, one every quarter of a second at most
PAGE = 100  # questions on one page of a group
LISTED = 6  # of the most asked, and of those read over last
_DAYS = 30  # over which the most asked are counted

Grouped = list[tuple[str, Group, list[Title], int]]


def grouped(shelf: Shelf, teasers: int = 0) -> Grouped:
    """The groups as (id, its names, its first questions, how many it has)."""
    return [
        (group_id, groups.named(group_id), list(shelf.groups[group_id][:teasers]), len(shelf.groups[group_id]))
        for group_id in groups.in_order(shelf.groups)
    ]


async def index(request: web.Request) -> web.Response:
    """The front page; with ``?q=`` what was found; with ``?typing=1`` that alone, to be put into the page."""
    words = request.query.get("q", "").strip()[: lookup.LONGEST]
    typing = "typing" in request.query
    if typing or words:
        wait = await visitor.must_wait(request, TYPING_RATE if typing else RATE, "typing" if typing else "search")
        if wait:
            return _too_often(request, words, typing, wait)
    if not words:
        return await _front(request)
    results, found = await lookup.look_up(request, words)
    if not typing:
        await lookup.note(request, results, found)
    template = "results.html" if typing else "search.html"
    response = page.render(request, template, results=results, words=words, typing=typing, group=groups.named, too_often=False)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


async def group(request: web.Request) -> web.Response:
    """All questions of a group, a hundred on a page."""
    group_id = request.match_info["group"]
    titles = (await catalogue.shelf(request)).groups.get(group_id, ())
    pages = list(batched(titles, PAGE))
    number = request.query.get("page", "1")
    if not number.isascii() or not number.isdigit() or not 1 <= int(number[:9]) <= len(pages):
        raise web.HTTPNotFound
    return page.render(
        request,
        "group.html",
        group_id=group_id,
        group=groups.named(group_id),
        titles=pages[int(number) - 1],
        count=len(titles),
        number=int(number),
        pages=len(pages),
    )


async def _front(request: web.Request) -> web.Response:
    shelf = await catalogue.shelf(request)
    since = clock.local(clock.now()).date() - timedelta(days=_DAYS)
    async with parts.of(request).database.read() as session:
        asked = await reading.most_read(session, since, 2 * LISTED)
    return page.render(
        request,
        "services.html",
        groups=grouped(shelf),
        count=len(shelf.titles),
        asked=[shelf.titles[faq_id] for faq_id in asked if faq_id in shelf.titles][:LISTED],
        recent=shelf.recent[:LISTED],
        words="",
    )


def _too_often(request: web.Request, words: str, typing: bool, wait: int) -> web.Response:
    nothing = lookup.Results(words, None, ())
    template = "results.html" if typing else "search.html"
    response = page.render(
        request, template, status=429, results=nothing, words=words, typing=typing, group=groups.named, too_often=True
    )
    response.headers["Retry-After"] = str(wait)
    return response
