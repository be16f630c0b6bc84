"""Try it: a question as a citizen would type it, what the search makes of it and why, and what the citizen would get."""

from aiohttp import web

from actions.card import answer_card, offer, related
from actions.sentences import sentence
from actions.voice import choice
from actions.words import word
from conversations.content import Outward
from knowledge_base import faq
from knowledge_base.search import Found, Search
from web import parts
from web.console import page
from web.console.faqs import labels, preview, sheet

LONGEST = 1_000  # letters
_CHOICES = 200  # FAQs to choose the earlier answer from


async def show(request: web.Request) -> web.Response:
    """The form; with ``?q=`` the five best, their scores and signals, the decision and the answer."""
    question, context = sheet.asked(request, "q", LONGEST), sheet.asked(request, "context", 80)
    search = parts.of(request).search
    explained = await search.explain(question) if question else None
    found = await search.find(question, context_faq=context or None) if question else None
    async with parts.of(request).database.read() as session:
        published = await faq.listing(session, state="published", on=True, limit=_CHOICES)
    return page.show(
        request,
        "console/faqs/try.html",
        "result",
        values={
            "question": question,
            "context": context,
            "explained": explained,
            "found": found,
            "preview": preview.drawn(await said(search, found)) if found else None,
            "published": published,
            "labels": labels,
            "base": sheet.BASE,
            "longest": LONGEST,
        },
    )


async def said(search: Search, found: Found) -> Outward:
    """What the assistant would send, in Thai."""
    if found.decision == "answer":
        answer, *others = found.results
        return answer_card(answer, "th", await related(search, answer, others))
    if found.decision == "suggest":
        none = choice(word("none of these", "th"), "rate_answer", helpful="no")
        return sentence("utter_suggest", "th").model_copy(
            update={"choices": [*(offer(hit, "th") for hit in found.results), none]}
        )
    return sentence("utter_no_answer", "th")
