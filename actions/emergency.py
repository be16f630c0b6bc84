"""Emergencies: the right telephone number at once, whatever is going on."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from actions.action import Event, TurnAction
from actions.turn import Turn
from actions.voice import Voice

_CONTENT = Path(__file__).resolve().parent / "content" / "emergency.yml"
_GENERAL = "utter_emergency"


class Kind(BaseModel):
    """A kind of emergency: how it is recognised and what is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    response: str
    words: list[str]
    sure: list[str]


class Emergency(TurnAction):
    """Names the numbers to call; the main ones always, the fitting one first."""

    called = "action_emergency"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Say whom to call."""
        voice.say(response_to(turn.words))
        return []


def response_to(words: str) -> str:
    """The response that fits: "ไฟไหม้ข้างบ้าน" -> ``utter_emergency_fire``."""
    folded = words.casefold()
    return next((kind.response for kind in _kinds() if any(word in folded for word in kind.words)), _GENERAL)


def surely_urgent(words: str) -> bool:
    """Whether words tell of an emergency beyond doubt, whatever intent was recognised."""
    folded = words.casefold()
    return any(word in folded for kind in _kinds() for word in kind.sure)


def warn_if_urgent(turn: Turn, voice: Voice) -> None:
    """Name the numbers first when a message that was taken for something else tells of an emergency."""
    if turn.intent != "emergency" and surely_urgent(turn.words):
        voice.say(response_to(turn.words))


@cache
def _kinds() -> tuple[Kind, ...]:
    return tuple(Kind.model_validate(row) for row in yaml.safe_load(_CONTENT.read_text(encoding="utf-8")))
