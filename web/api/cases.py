"""``POST /api/v1/cases/draft`` reads a report, ``GET /api/v1/cases/{number}`` shows what everybody may see of a case."""

from typing import Any

from channels.engine import EngineError
from core import clock
from helpdesk import case as cases
from helpdesk import category as categories
from helpdesk.category import Category
from helpdesk.error import UnknownCategory
from helpdesk.public import PublicCase
from web.api.models import CaseRequest, DraftAnswer, DraftRequest
from web.failures import Failure
from web.parts import Parts


async def draft(known: Parts, asked: DraftRequest) -> DraftAnswer:
    """Read category, place and time from a report. Nothing is opened and nothing is stored."""
    now = asked.now or clock.now()
    aware = now if now.tzinfo is not None else now.replace(tzinfo=clock.BANGKOK)  # a time without zone is meant in Thailand
    try:
        read = await known.engine.parse(asked.text, aware.isoformat())
    except EngineError as error:
        raise Failure(503, "engine_away") from error
    entities = read.get("entities") or []
    known_category, confidence = _category(read.get("category"))
    return DraftAnswer(
        category=known_category.id if known_category else None,
        category_title=known_category.title_th if known_category else None,
        category_confidence=confidence,
        place=_first(entities, "place"),
        when=_first(entities, "time"),
    )


async def show(known: Parts, asked: CaseRequest) -> PublicCase:
    """The public view of a case."""
    async with known.database.read() as rows:
        found = await cases.find(rows, asked.number)
        if found is None:
            raise Failure(404, "unknown_case", "ไม่พบเรื่องหมายเลขนี้ค่ะ", "There is no case of this number.")
        return await cases.public_view(rows, found)


def _category(guess: Any) -> tuple[Category | None, float]:
    if not isinstance(guess, dict) or not guess.get("name"):
        return None, 0.0
    try:
        return categories.category(guess["name"]), float(guess.get("confidence") or 0.0)
    except UnknownCategory:
        return None, 0.0


def _first(entities: list[dict[str, Any]], name: str) -> Any:
    return next((one.get("value") for one in entities if one.get("entity") == name), None)
