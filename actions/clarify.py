"""What was not understood: searched first, then asked about, then offered to a person."""

from actions.action import Event, TurnAction
from actions.answer import search_and_answer
from actions.turn import Turn
from actions.voice import Voice
from conversations.content import Choice
from core.urgency import response_to, surely_urgent

_OFFERED = 3
_OFFERABLE = frozenset(
    {
        "ask_service",
        "report_problem",
        "check_case_status",
        "add_case_information",
        "dispute_case_closed",
        "ask_office_info",
        "give_feedback",
        "request_my_data",
    }
)
_LIKELY = 0.2  # an emergency this likely is answered as one: a needless number costs less than a missing one


class Clarify(TurnAction):
    """Answers `nlu_fallback`: a question the knowledge base knows, else the likeliest meanings, the second time a person."""

    called = "action_clarify"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Do the best with words that fit no intent."""
        if surely_urgent(turn.words) or turn.chance("emergency") >= _LIKELY:
            voice.say(response_to(turn.words))
            return []
        found = await search_and_answer(turn, voice)
        if found is not None:
            return found
        if turn.before == self.called:
            voice.say("utter_clarify_failed")
        else:
            voice.say("utter_clarify", _meanings(turn, voice))
        return []


def _meanings(turn: Turn, voice: Voice) -> list[Choice]:
    """The likeliest intents in words, and a person."""
    likely = [name for name, _ in turn.ranking if name in _OFFERABLE]
    names = [*dict.fromkeys([*likely[:_OFFERED], "ask_service", "report_problem"])][:_OFFERED]
    return [voice.choice(name, name) for name in [*names, "talk_to_human"]]
