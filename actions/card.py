"""The card that shows an answer, the same in a talk and in the curators' preview."""

from collections.abc import Sequence

from actions.voice import choice
from actions.words import word
from conversations.content import Card, CardField, Choice
from knowledge_base.answer import Language, display
from knowledge_base.hit import Hit
from knowledge_base.search import Search

_FITS = 0.1  # how well another FAQ must fit to be offered below the answer
_MOST = 3


def answer_card(hit: Hit, language: Language, related: Sequence[Hit] = ()) -> Card:
    """The question that is answered, how far the answer can be relied on, the short answer, its parts, thumbs, what is near."""
    shown = display(hit, language)
    return Card(
        title=shown.title,
        subtitle=shown.warning or None,
        text=shown.summary,
        fields=[CardField(label=part.heading, value=part.text) for part in (*shown.sections, *shown.origin)],
        choices=[*_thumbs(hit, language), *(offer(near, language) for near in related)],
        faq_id=hit.id,
    )


async def related(search: Search, hit: Hit, near: Sequence[Hit] = ()) -> list[Hit]:
    """What to offer below an answer: ``near``, the question's next best, and then the answer's own kin."""
    found = {one.id: one for one in (*near, *await search.related(hit.id, _MOST)) if one.score >= _FITS}
    return list(found.values())[:_MOST]


def offer(hit: Hit, language: Language) -> Choice:
    """A button that asks for this answer."""
    return choice(hit.title_en if language == "en" else hit.title, "choose_faq", faq=hit.id)


def _thumbs(hit: Hit, language: Language) -> list[Choice]:
    return [
        choice(word("helpful", language), "rate_answer", faq=hit.id, helpful="yes"),
        choice(word("not helpful", language), "rate_answer", faq=hit.id, helpful="no"),
    ]
