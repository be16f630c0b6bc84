"""What a button sends: an intent with its entities, as /report_problem{"category": "flooding"}."""

from __future__ import annotations

import json
import re
from typing import Any

from rasa.shared.core.domain import Domain

from bot.runtime.errors import BadRequest

EXTRACTOR = "payload"
_PAYLOAD = re.compile(r"/(?P<intent>[^\s{]+)\s*(?P<entities>\{.*\})?", re.DOTALL)


def parse_payload(payload: str, domain: Domain) -> dict[str, Any]:
    """Read a payload into what the pipeline would have said about a text.

    Args:
        payload: The intent after a slash, then its entities as a JSON object if it has any. A list gives one entity for
            each of its members.
        domain: The domain, which must know the intent.

    Returns:
        text, intent, intent_ranking and entities, with confidence 1.

    Raises:
        BadRequest: If the payload has another form or an unknown intent.
    """
    match = _PAYLOAD.fullmatch(payload.strip())
    if not match:
        raise BadRequest("payload must be /intent or /intent{...}")
    name = match["intent"]
    if name not in domain.intents:
        raise BadRequest("payload names an intent that the domain does not have")
    intent = {"name": name, "confidence": 1.0}
    return {
        "text": payload,
        "intent": intent,
        "intent_ranking": [dict(intent)],
        "entities": _entities(match["entities"]),
    }


def _entities(content: str | None) -> list[dict[str, Any]]:
    try:
        values = json.loads(content) if content else {}
    except ValueError as error:
        raise BadRequest("the entities of the payload are no JSON object") from error
    return [
        {"entity": name, "value": value, "extractor": EXTRACTOR, "start": 0, "end": 0}
        for name, given in values.items()
        for value in (given if isinstance(given, list) else [given])
    ]
