"""Emergencies: the right telephone number at once, whatever is going on."""

from actions.action import Event, TurnAction
from actions.turn import Turn
from actions.voice import Voice
from core.urgency import response_to, surely_urgent


class Emergency(TurnAction):
    """Names the numbers to call; the main ones always, the fitting one first."""

    called = "action_emergency"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Say whom to call."""
        voice.say(response_to(turn.words))
        return []


def warn_if_urgent(turn: Turn, voice: Voice) -> None:
    """Name the numbers first when a message that was taken for something else tells of an emergency."""
    if turn.intent != "emergency" and surely_urgent(turn.words):
        voice.say(response_to(turn.words))
