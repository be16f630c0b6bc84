"""The wish to speak with a person."""

from actions.action import Event, TurnAction
from actions.backend import backend
from actions.office import office
from actions.turn import Turn
from actions.voice import Voice
from conversations import announcement, handover, waiting
from conversations.content import Choice

_NO_WAY_BACK = {"api"}  # programs ask and get their answer in the same call: a person's words would not reach anybody


class HandOver(TurnAction):
    """Puts the conversation into the queue when somebody may come; else offers a case so that an official writes back."""

    called = "action_hand_over"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Hand over, once for each message, and say how the citizen stands; what was being told stays to be gone on with."""
        standing = await _put_through(turn, voice.language)
        if standing is None:
            voice.say("utter_hand_over", hours=office(voice.language).hours)
            return []
        stay = Choice(title=announcement.stay(voice.language), payload="/cancel")
        voice.say("utter_queued", [stay], standing=standing)
        return [{"event": "active_loop", "timestamp": None, "name": None}] if turn.loop else []


async def _put_through(turn: Turn, language: str) -> str | None:
    """How the citizen stands in the queue: "คุณอยู่คิวที่ 2 ค่ะ"; None when nobody may come."""
    shared = backend()
    somebody = turn.channel not in _NO_WAY_BACK and await shared.reception.somebody()
    async with shared.database.write() as session:
        wait = await handover.waited(session, turn.conversation_id, turn.message_id)
        if wait is None and somebody:
            wait = await handover.ask(session, turn.conversation_id, turn.message_id, reason=waiting.ASKED, actor=turn.actor)
        if wait is None:
            return None
        place, minutes = await waiting.position(session, wait), await waiting.estimate(session)
    return announcement.standing(language, place, minutes)
