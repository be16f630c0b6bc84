"""Praise and complaints about the service."""

from contextlib import suppress

from sqlalchemy.ext.asyncio import AsyncSession

from actions import mine, phrases
from actions.action import Event, TurnAction, slots
from actions.backend import backend
from actions.turn import Turn
from actions.voice import Voice
from conversations import feedback
from helpdesk import case as cases
from helpdesk.error import NotRateable

FORM = "feedback_form"
_ASIDE = frozenset({"emergency", "cancel", "ask_service", "check_case_status", "talk_to_human", "change_language"})


class ValidateFeedbackForm(TurnAction):
    """Takes the feedback from the first message, or asks for it."""

    called = "validate_feedback_form"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Take what the message tells."""
        began = turn.slots.get("requested_slot") != "feedback" or (turn.structured and turn.intent == "give_feedback")
        came_back = bool([name for name in turn.done if name != FORM])
        if (began and phrases.says_nothing(turn.words)) or (came_back and not began):
            voice.say("utter_feedback_ask")
            return slots(feedback=None, requested_slot="feedback")  # a form that sets no slot would refuse the message
        if not began and (turn.structured or (turn.intent in _ASIDE and turn.confidence >= 0.5)):
            return []
        if not began and turn.intent == "deny":
            voice.say("utter_anything_else")
            return slots(feedback=None, requested_slot=None)
        return slots(feedback=turn.words, requested_slot=None)


class KeepFeedback(TurnAction):
    """Keeps the feedback, masked, and thanks for it; after stars for a case it is the word that goes with them."""

    called = "action_keep_feedback"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Write it down once."""
        words = str(turn.slots.get("feedback") or turn.words)
        if turn.intent == "deny" or not words:
            return []
        async with backend().database.write() as session:
            await feedback.keep(session, turn.conversation_id, words, key=turn.key("feedback"))
            await _beside_stars(session, turn, words)
        voice.say("utter_feedback_kept")
        return slots(feedback=None, rated_case=None)


async def _beside_stars(session: AsyncSession, turn: Turn, words: str) -> None:
    """Keep the word with the case that was rated just before."""
    case = await cases.find(session, str(turn.slots.get("rated_case") or ""))
    if case is not None and case.rating is not None and case.person_id == await mine.person_of(session, turn):
        with suppress(NotRateable):  # it was reopened meanwhile; the feedback is kept all the same
            await cases.rate(session, case, key=turn.key("word"), stars=case.rating, text=words, actor=turn.actor)
