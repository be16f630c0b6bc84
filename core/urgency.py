"""Urgency: words that tell of an emergency, whatever else a message was taken for."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_CONTENT = Path(__file__).resolve().parent / "urgency.yml"
_GENERAL = "utter_emergency"


class Kind(BaseModel):
    """A kind of emergency: how it is recognised and what is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    response: str
    words: list[str]
    sure: list[str]


def response_to(words: str) -> str:
    """The response that fits: "ไฟไหม้ข้างบ้าน" -> ``utter_emergency_fire``."""
    folded = words.casefold()
    return next((kind.response for kind in _kinds() if any(word in folded for word in kind.words)), _GENERAL)


def surely_urgent(words: str) -> bool:
    """Whether words tell of an emergency beyond doubt: "พ่อหมดสติค่ะ"."""
    folded = words.casefold()
    return any(word in folded for kind in _kinds() for word in kind.sure)


@cache
def _kinds() -> tuple[Kind, ...]:
    return tuple(Kind.model_validate(row) for row in yaml.safe_load(_CONTENT.read_text(encoding="utf-8")))
