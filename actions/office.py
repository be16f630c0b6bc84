"""The city's counter: when it is open and where it is."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from actions.action import Event, TurnAction
from actions.turn import Turn
from actions.voice import Voice
from core.settings import settings

_CONTENT = Path(__file__).resolve().parent / "content" / "office.yml"


class Office(BaseModel):
    """What is known of the counter, in one language; ``{city}`` stands for the city's name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    office: str
    hours: str
    place: str


class OfficeInfo(TurnAction):
    """Tells the opening hours and the place; never a telephone number that is not known."""

    called = "action_office_info"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Say it."""
        voice.say("utter_office_info", **office(voice.language).model_dump())
        return []


def office(language: str) -> Office:
    """The counter in Thai (``th``) or English (``en``)."""
    city = settings().city_en if language == "en" else settings().city_th
    told = _offices()[language].model_dump()
    return Office(**{name: line.replace("{city}", city) for name, line in told.items()})


@cache
def _offices() -> dict[str, Office]:
    rows = yaml.safe_load(_CONTENT.read_text(encoding="utf-8"))
    return {language: Office.model_validate(row) for language, row in rows.items()}
