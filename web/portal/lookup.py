"""Looking something up in the help centre: the answer first, then what else may be meant."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import structlog
from aiohttp import web
from sqlalchemy.exc import DBAPIError

from core import thai
from knowledge_base import questions, reading, use
from knowledge_base.entry import Entry
from knowledge_base.search import Found
from web import parts
from web.portal import catalogue, visitor

MOST = 8  # results
LONGEST = 300  # letters of a question that are looked at
FAIR = 0.03  # how likely another FAQ must be the one meant to stand below the first
RECORDED = "20/hour"  # of one address: what a person cannot find, not what a program makes up
COUNTED = "1/minute"  # of one address and answer: a page that is loaded again is not read again
_SHORTEST = 2  # a single letter stands in every question
log = structlog.get_logger()


@dataclass(frozen=True)
class Results:
    """What is shown for the words: ``answer`` if the search is sure of it, and ``others`` that may be meant."""

    words: str
    answer: Entry | None
    others: Sequence[Entry]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.others) + (self.answer is not None)


async def look_up(request: web.Request, words: str) -> tuple[Results, Found]:
    """Search for a citizen's words, also for the beginning of them: "บัตรประชา".

    A single word such as "ภาษี" fits many questions, so that the search is sure of none: those that hold the word come first.
    Only what is live in the database at this moment is shown.
    """
    found = await parts.of(request).search.find(words, limit=MOST)
    likely = [hit.id for place, hit in enumerate(found.results) if place == 0 or hit.score >= FAIR]
    named = await _named(request, words, [hit.id for hit in found.candidates])
    sure = likely[:1] if found.decision == "answer" else []
    wanted = list(dict.fromkeys([*sure, *named, *likely]))[:MOST]
    async with parts.of(request).database.read() as session:
        live = await reading.live_among(session, wanted)
    answer = live.get(sure[0]) if sure else None
    others = [live[faq_id] for faq_id in wanted if faq_id in live and live[faq_id] is not answer]
    return Results(words, answer, others), found


async def note(request: web.Request, results: Results, found: Found) -> None:
    """Count an answer that was given; keep a question that found nothing for the curators, masked."""
    if results.answer is not None:
        await count(request, results.answer.id, "answered")
    elif not results.count and not await visitor.must_wait(request, RECORDED, "not found"):
        async with parts.of(request).database.write() as session:
            await questions.record(session, results.words, "none", channel="help", candidates=found.candidates)


async def count(request: web.Request, faq_id: str, kind: use.Kind) -> None:
    """Count a use of an answer, once a minute for one address; a busy database is no reason to withhold the page."""
    if await visitor.must_wait(request, COUNTED, kind, faq_id):
        return
    try:
        async with parts.of(request).database.write() as session:
            await use.count(session, faq_id, kind, "help")
    except DBAPIError as error:
        log.warning("use not counted", kind=type(error).__name__)


async def _named(request: web.Request, words: str, nearest: Collection[str]) -> list[str]:
    """The FAQs whose question holds the words, those first that the search found nearest."""
    clean = thai.normalise(words)
    if len(clean) < _SHORTEST:
        return []
    shelf = await catalogue.shelf(request)
    holding = [title.id for title in shelf.containing(clean.split(), 5 * MOST)]
    return [*(faq_id for faq_id in nearest if faq_id in holding), *(faq_id for faq_id in holding if faq_id not in nearest)]
