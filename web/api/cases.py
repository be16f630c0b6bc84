"""``POST /api/v1/cases/draft`` reads a report, ``GET /api/v1/cases/{number}`` shows what everybody may see of a case."""

from typing import Any

from channels.engine import EngineError
from core import clock
from helpdesk import case as cases
from helpdesk import category as categories
from helpdesk.error import UnknownCategory
from helpdesk.public import PublicCase
from web.api.models import CaseRequest, DraftAnswer, DraftCategory, DraftRequest
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
    return DraftAnswer.model_validate(
        {"category": _category(read.get("category")), "place": _first(entities, "place"), "when": _first(entities, "time")}
    )


async def show(known: Parts, asked: CaseRequest) -> PublicCase:
    """The public view of a case."""
    async with known.database.read() as rows:
        found = await cases.find(rows, asked.number)
        if found is None:
            raise Failure(404, "unknown_case", "ไม่พบเรื่องหมายเลขนี้ค่ะ", "There is no case of this number.")
        return await cases.public_view(rows, found)


def _category(guess: Any) -> DraftCategory | None:
    if not isinstance(guess, dict) or not guess.get("name"):
        return None
    try:
        known = categories.category(guess["name"])
    except UnknownCategory:
        return None
    confidence = float(guess.get("confidence") or 0.0)
    return DraftCategory(id=known.id, title_th=known.title_th, title_en=known.title_en, confidence=confidence)


def _first(entities: list[dict[str, Any]], name: str) -> Any:
    return next((one.get("value") for one in entities if one.get("entity") == name), None)
