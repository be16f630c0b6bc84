"""The beginning of a session: a welcome, and the offer to go on with a half-told report."""

from typing import Any

from actions.action import Event, TurnAction, slots
from actions.report.draft import Draft
from actions.turn import Turn
from actions.voice import Voice
from core.settings import settings


class StartSession(TurnAction):
    """Carries the slots into the new session; Rasa runs it before the first message of each."""

    called = "action_session_start"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Offer to go on where the last session ended."""
        draft = Draft.of(turn.slots)
        if draft.told:
            voice.say("utter_offer_resume", report_about=draft.about)
        started: dict[str, Any] = {"event": "session_started", "timestamp": None}
        listening = {"event": "action", "name": "action_listen", "policy": None, "confidence": None, "timestamp": None}
        return [started, *slots(**_carried(turn)), listening]


class Welcome(TurnAction):
    """Greets by the city's name and says that a machine is speaking."""

    called = "action_welcome"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Say who is here and what can be done."""
        voice.say("utter_welcome", city=settings().city_en if voice.language == "en" else settings().city_th)
        return []


def _carried(turn: Turn) -> dict[str, Any]:
    """What the new session keeps: not the question that was open, nor photos that belonged to nothing."""
    left = {"requested_slot", "loose_photos", "loose_place", "session_started_metadata", "rated_case"}
    return {name: value for name, value in turn.slots.items() if value is not None and name not in left}
