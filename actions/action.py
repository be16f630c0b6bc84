"""What all our actions are: a name, and something done with one turn."""

from abc import abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn
from actions.voice import Voice

Event = dict[str, Any]


class TurnAction(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """A custom action of the domain.

    Whoever implements it sets ``called`` to the name in `domain.yml` and writes `act`. `act` must say something unless a
    form goes on by itself, must give every side effect the key `Turn.key`, because the engine may ask again after a crash,
    and must let an unexpected exception pass: the engine then keeps nothing of the turn and is asked again.
    """

    called: ClassVar[str]

    def name(self) -> str:
        """The name in the domain."""
        return self.called

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        """Read the turn and act; Rasa's entry."""
        turn = Turn.of(tracker)
        return await self.act(turn, Voice(dispatcher, turn.language))

    @abstractmethod
    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Do it; the events change the tracker."""


def slots(**values: Any) -> list[Event]:
    """Events that set slots."""
    return [{"event": "slot", "timestamp": None, "name": name, "value": value} for name, value in values.items()]
