"""The sentences of `domain.yml`, for those who want to show what the assistant says without asking it."""

from functools import cache
from typing import Any

import yaml

from conversations.content import Choice, Text
from core.settings import ROOT
from knowledge_base.answer import Language

FILE = ROOT / "domain.yml"


def sentence(response: str, language: Language) -> Text:
    """What a response says: ``sentence("utter_suggest", "th")`` is "หมายถึงเรื่องไหนคะ".

    Raises:
        KeyError: There is no such response.
    """
    said = _responses()[response]
    english = next((one for one in said if one.get("condition")), None)
    chosen = english if language == "en" and english else next(one for one in said if not one.get("condition"))
    return Text(text=chosen["text"], choices=[Choice(**button) for button in chosen.get("buttons", [])])


@cache
def _responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["responses"]
    return found
