"""The wish to speak with a person."""

from actions.action import Event, TurnAction
from actions.office import office
from actions.turn import Turn
from actions.voice import Voice


class HandOver(TurnAction):
    """Says honestly that nobody is on line in this channel, and offers a case so that an official writes back."""

    called = "action_hand_over"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Offer what there is; a yes opens the report form."""
        voice.say("utter_hand_over", hours=office(voice.language).hours)
        return []
