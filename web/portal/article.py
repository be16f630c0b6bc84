"""One answer's page, and what citizens say about it."""

import asyncio

import structlog
from aiohttp import hdrs, web

from core import clock
from knowledge_base import questions, reading
from knowledge_base.entry import Entry
from knowledge_base.hit import Hit, hit
from knowledge_base.reading import Title
from knowledge_base.search import Search
from web import answer, parts
from web.failures import Failure
from web.portal import catalogue, groups, language, lookup, page, schema, visitor

RELATED = 3
PATIENCE = 0.5  # seconds that a page waits for related questions, while the index is being built
THUMB_RATE = "30/hour"
WISH_RATE = "10/hour"
LONGEST_WISH = 300  # letters
_HEADINGS = {
    "steps": ("ขั้นตอน", "Steps"),
    "documents": ("เอกสารที่ใช้", "Documents"),
    "fee": ("ค่าธรรมเนียม", "Fee"),
    "time": ("ใช้เวลา", "Time it takes"),
    "where": ("ติดต่อที่", "Where"),
    "hours": ("เวลาทำการ", "Hours"),
}
_SAID = ("yes", "no", "told")
log = structlog.get_logger()


async def show(request: web.Request) -> web.Response:
    """A question with its whole answer, or word that it is being revised."""
    faq_id = request.match_info["id"]
    async with parts.of(request).database.read() as session:
        entry = await reading.live_entry(session, faq_id)
        gone = entry is None and await reading.was_public(session, faq_id)
    if gone:
        return page.render(request, "gone.html", status=410)
    if entry is None:
        raise web.HTTPNotFound
    await _count_view(request, entry)
    return await _page(request, entry)


async def helpful(request: web.Request) -> web.Response:
    """A thumb from the form; JSON for the page's script, else back to the page with thanks."""
    entry, form = await _sent(request, THUMB_RATE)
    said = form.get("helpful")
    if said not in ("yes", "no"):
        raise Failure(422)
    key = await visitor.name(request, "thumb", entry.id)
    async with parts.of(request).database.write() as session:
        counted = await questions.helpful(session, entry.id, said == "yes", f"help:{key}")
        if counted and said == "no":
            await questions.record(session, entry.question.th, "unhelpful", channel="help", candidates=[hit(entry, 1.0)])
    return _thanks(request, entry, said)


async def missing(request: web.Request) -> web.Response:
    """What a citizen missed in the answer goes to the curators, masked."""
    entry, form = await _sent(request, WISH_RATE)
    words = str(form.get("words", "")).strip()[:LONGEST_WISH]
    if words:
        async with parts.of(request).database.write() as session:
            await questions.record(session, words, "unhelpful", channel="help", candidates=[hit(entry, 1.0)])
    return _thanks(request, entry, "told")


async def _page(request: web.Request, entry: Entry) -> web.Response:
    spoken = language.of(request)
    say = language.say(spoken)
    base = parts.of(request).settings.base_url
    address = base + language.path(spoken, f"/services/{entry.id}")
    group = groups.named(entry.group)
    way = [
        (say("บริการและคำตอบ", "Services and answers"), base + language.path(spoken, "/services")),
        (say(group.th, group.en), base + language.path(spoken, f"/services/group/{entry.group}")),
        (say(entry.question.th, entry.question.en), address),
    ]
    headings = {name: say(*words) for name, words in _HEADINGS.items()}
    return page.render(
        request,
        "service.html",
        entry=entry,
        group=group,
        headings=headings,
        address=address,
        reviewed=_day(entry, spoken),
        related=await _related(request, entry),
        helped=said if (said := request.query.get("helped", "")) in _SAID else "",
        data=[schema.block(schema.faq_page(entry, headings, address, spoken)), schema.block(schema.breadcrumbs(way))],
        longest_wish=LONGEST_WISH,
        now=clock.now(),
    )


def _day(entry: Entry, spoken: str) -> str:
    """The day on which somebody last read the answer over: ``22 พฤศจิกายน 2569``; empty if nobody noted it."""
    if entry.reviewed is None:
        return ""
    return language.day(entry.reviewed, spoken)


async def _related(request: web.Request, entry: Entry) -> list[Title]:
    """What the search finds near the answer, filled up from its group."""
    shelf = await catalogue.shelf(request)
    near = await _near(parts.of(request).search, entry.id)
    beside = [title.id for title in shelf.groups.get(entry.group, ())]
    wanted = [faq_id for faq_id in dict.fromkeys([*near, *beside]) if faq_id != entry.id and faq_id in shelf.titles]
    return [shelf.titles[faq_id] for faq_id in wanted[:RELATED]]


async def _near(search: Search, faq_id: str) -> list[str]:
    """The ids the search finds near a FAQ; none while it cannot say so quickly: the answer itself needs no search."""
    asking = asyncio.create_task(search.related(faq_id, RELATED))
    done, _ = await asyncio.wait({asking}, timeout=PATIENCE)
    if not done:
        asking.add_done_callback(_failure)  # it goes on, since others may wait for the same index
        return []
    return [] if _failure(asking) else [near.id for near in asking.result()]


def _failure(asked: asyncio.Task[tuple[Hit, ...]]) -> bool:
    """Whether a search failed, noted in the log."""
    error = None if asked.cancelled() else asked.exception()
    if error is not None:
        log.warning("no related questions", kind=type(error).__name__)
    return asked.cancelled() or error is not None


async def _count_view(request: web.Request, entry: Entry) -> None:
    """Count that a person opened the page: neither a browser that loads it in advance, nor a request for its head."""
    if request.method == hdrs.METH_GET and "Sec-Purpose" not in request.headers:
        await lookup.count(request, entry.id, "viewed")


async def _sent(request: web.Request, rate: str) -> tuple[Entry, dict[str, str]]:
    """The answer that a form is about, and what is in the form; refused if another site sent it or it comes too often."""
    if not visitor.from_our_page(request):
        raise Failure(403)
    if wait := await visitor.must_wait(request, rate, request.path.rsplit("/", 1)[-1]):
        raise Failure(429, retry_after=wait)
    async with parts.of(request).database.read() as session:
        entry = await reading.live_entry(session, request.match_info["id"])
    if entry is None:
        raise web.HTTPNotFound
    return entry, {name: value for name, value in (await request.post()).items() if isinstance(value, str)}


def _thanks(request: web.Request, entry: Entry, said: str) -> web.Response:
    if "application/json" in request.headers.get(hdrs.ACCEPT, ""):
        return answer.json({"helped": said})
    back = language.path(language.of(request), f"/services/{entry.id}?helped={said}#helped")
    return web.Response(status=303, headers={hdrs.LOCATION: back})
