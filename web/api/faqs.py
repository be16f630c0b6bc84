"""``GET /api/v1/faqs/search``: the knowledge base's search."""

from knowledge_base.hit import Hit
from web.api.models import FaqDetails, FaqResult, SearchAnswer, SearchRequest
from web.parts import Parts


async def search(known: Parts, asked: SearchRequest) -> SearchAnswer:
    """Find published answers to a question."""
    found = await known.search.find(asked.q, limit=asked.limit)
    return SearchAnswer(decision=found.decision, results=[_result(hit) for hit in found.results])


def _result(hit: Hit) -> FaqResult:
    return FaqResult(
        id=hit.id,
        title=hit.title,
        title_en=hit.title_en,
        score=hit.score,
        answer=hit.summary,
        answer_en=hit.summary_en,
        details=FaqDetails.model_validate(hit.answer),
        agency=hit.agency,
        source=hit.source,
        verified=hit.verified,
    )
