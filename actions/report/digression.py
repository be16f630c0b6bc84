"""Whether a message in the middle of a report answers the question or turns to something else."""

from actions import phrases
from actions.report import telling
from actions.report.draft import Draft
from actions.turn import Turn

# what has its own answer wherever it is said
ASIDE = frozenset(
    {
        "ask_service",
        "check_case_status",
        "talk_to_human",
        "ask_capabilities",
        "ask_office_info",
        "change_language",
        "give_feedback",
        "dispute_case_closed",
        "subscribe_alerts",
        "unsubscribe_alerts",
        "request_my_data",
        "bot_challenge",
        "chitchat",
        "insult",
        "out_of_scope",
        "greet",
        "thank",
        "goodbye",
    }
)
_QUESTIONS = frozenset(
    {"ask_service", "ask_office_info", "ask_capabilities", "bot_challenge", "check_case_status", "request_my_data"}
)
_OWN_WORDS = frozenset({"description", "place"})  # questions that are answered in free words
_LONG = 40  # letters; whoever wants to stop says it shortly


def turns_away(turn: Turn, asked: str, draft: Draft) -> bool:
    """Whether the form must leave this message to the rules.

    Args:
        turn: The message.
        asked: The field that was asked for, such as ``place``.
        draft: What was told so far.
    """
    if turn.intent == "emergency":
        return turn.confidence >= 0.4
    if turn.intent == "cancel":
        return turn.confidence >= 0.4 and len(turn.words) <= _LONG
    if phrases.unknown(turn.words) or phrases.skips(turn.words):
        return False
    if asked == "description" and draft.kind == "contact":
        return False  # whatever is to be told to an official, also a question
    if asked in _OWN_WORDS:
        return _leaves_own_words(turn, asked)
    return _leaves_choice(turn, asked)


def _leaves_own_words(turn: Turn, asked: str) -> bool:
    """Free words may be classified as anything, so a strong sign is wanted before they are not taken as the answer."""
    if asked == "place" and _is_place(turn):
        # "หน้าเซเว่นปากซอย 3" is an answer, "สำนักงานเขตเปิดกี่โมง" is a question that happens to hold a place
        return turn.intent in _QUESTIONS and phrases.asks(turn.words) and turn.confidence >= 0.6
    if phrases.asks(turn.words):
        return turn.intent in ASIDE or turn.intent == "nlu_fallback"
    if asked == "description" and turn.intent in {"out_of_scope", "give_feedback", "ask_service", "dispute_case_closed"}:
        return turn.confidence >= 0.8  # a complaint told as a feeling is still the description
    return turn.intent in ASIDE and turn.confidence >= 0.6


def _leaves_choice(turn: Turn, asked: str) -> bool:
    """Where a button or a short word was expected, whatever has its own answer is something else."""
    if asked == "contact" and (turn.value("phone") or not phrases.asks(turn.words)):
        return turn.intent in ASIDE and turn.confidence >= 0.7 and not turn.value("phone")
    if phrases.asks(turn.words) and turn.intent == "nlu_fallback":
        return True
    return turn.intent in ASIDE and turn.confidence >= 0.55


def second_problem(turn: Turn, draft: Draft) -> bool:
    """Whether the words tell of another problem than the one being reported."""
    other = telling.told_category(turn)
    likely = turn.intent == "report_problem" and turn.confidence >= 0.5
    return likely and other is not None and draft.category is not None and other != draft.category and len(turn.words) >= 8


def _is_place(turn: Turn) -> bool:
    return phrases.names_a_place(turn.words) or turn.value("place") is not None
