"""The report form: Rasa asks it at every message of a report."""

from dataclasses import replace

from actions.action import Event, TurnAction, slots
from actions.emergency import warn_if_urgent
from actions.report import answers, opening, pressed, same
from actions.report.draft import Draft
from actions.report.questions import ask, next_question
from actions.report.reading import Reading
from actions.turn import Turn
from actions.voice import Voice

FORM = "report_form"
_PREFIX = "report_"
_PAUSED = "paused"  # among the tries: an emergency came between question and answer


class ValidateReportForm(TurnAction):
    """Takes what a message tells and asks the next question itself.

    Setting no slot makes Rasa's form refuse the message: the rules then answer it, and the form comes back here to ask
    again (`Turn.done` names what was done in between).
    """

    called = "validate_report_form"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Read the message, speak, and say which slots it sets."""
        draft, asked = Draft.of(turn.slots), _asked(turn)
        aside = [name for name in turn.done if name != FORM]
        if aside and asked:
            return _ask_again(draft, asked, aside[-1], turn, voice)
        reading = opening.opened(turn, draft) if asked is None else _read(turn, draft, asked)
        if reading is None:
            return []
        if asked is None and turn.words and turn.intent == "report_problem" and not reading.stop:
            reading = replace(reading, draft=await same.answer_perhaps(turn, reading.draft))
        warn_if_urgent(turn, voice)
        reading = replace(reading, draft=await same.looked(turn, reading.draft))
        began = slots(loose_photos=None, loose_place=None) if asked is None else []
        return [*reading.draft.events(draft), *began, *_gone_on(reading, voice)]


def _asked(turn: Turn) -> str | None:
    """The field that was asked for, None at the beginning of a report."""
    requested = str(turn.slots.get("requested_slot") or "")
    return requested.removeprefix(_PREFIX) if requested.startswith(_PREFIX) else None


def _read(turn: Turn, draft: Draft, asked: str) -> Reading | None:
    if draft.times(_PAUSED):
        awake = draft.but(tries={name: count for name, count in draft.tries.items() if name != _PAUSED})
        # a "yes" after an emergency means "go on", not the answer to a question asked before it
        return Reading(awake) if turn.intent == "affirm" else _answer(turn, awake, asked)
    return _answer(turn, draft, asked)


def _answer(turn: Turn, draft: Draft, asked: str) -> Reading | None:
    return pressed.read(turn, draft, asked) if turn.structured else answers.read(turn, draft, asked)


def _ask_again(draft: Draft, asked: str, aside: str, turn: Turn, voice: Voice) -> list[Event]:
    """Come back from something else with the same question.

    Whoever is in danger gets room first, and whoever is asked which question they mean is not asked two things at once.
    """
    requested = slots(requested_slot=f"{_PREFIX}{asked}")
    if aside == "action_emergency":
        voice.say("utter_report_kept")
        return [*draft.tried(_PAUSED).events(draft), *requested]
    if not turn.slots.get("offered_faqs"):
        ask(asked, draft, voice)
    return requested


def _gone_on(reading: Reading, voice: Voice) -> list[Event]:
    for response in reading.say:
        voice.say(response)
    question = None if reading.stop else reading.ask or next_question(reading.draft)
    if question is not None and not reading.quiet:
        ask(question, reading.draft, voice, reading.page)
    requested = "confirmed" if question == "edit" else question
    return slots(requested_slot=f"{_PREFIX}{requested}" if requested else None)
