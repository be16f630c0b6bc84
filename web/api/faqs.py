"""``GET /api/v1/faqs/search``: the knowledge base's search."""

from web.api.models import FaqResult, SearchAnswer, SearchRequest
from web.parts import Parts


async def search(known: Parts, asked: SearchRequest) -> SearchAnswer:
    """Find published answers to a question."""
    found = await known.search.find(asked.q, limit=asked.limit)
    return SearchAnswer(
        decision=found.decision,
        results=[FaqResult(id=hit.id, title=hit.title, score=hit.score, answer=hit.answer) for hit in found.hits],
    )
