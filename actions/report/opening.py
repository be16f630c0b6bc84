"""How a report begins: with words, with a photo, with a wish to be called, or where it was left."""

from actions import phrases
from actions.report import telling
from actions.report.draft import OTHER, Draft
from actions.report.reading import Reading
from actions.turn import Turn


def opened(turn: Turn, held: Draft) -> Reading:
    """The first reading of a report.

    Args:
        turn: The message that began it.
        held: What the slots hold of an earlier report that was not sent.
    """
    yes = "action_go_on" in turn.done
    if turn.intent == "report_next" or (yes and held.next and not held.told):
        return Reading(_second(held))
    if turn.intent == "resume_report" or yes:
        return _resumed(held)
    if _wants_a_call(turn):
        asked = turn.slots.get("last_question") if turn.before == "action_answer" else None
        return Reading(Draft(kind="contact", category=OTHER, place={}, photos=[], description=asked))
    fresh = Draft(photos=turn.slots.get("loose_photos") or None, place=turn.slots.get("loose_place") or None)
    chosen = turn.value("category")
    if chosen:
        fresh = fresh.but(category=str(chosen))
    if turn.structured or turn.intent == "affirm":
        return Reading(fresh)
    if phrases.says_nothing(turn.words):
        return Reading(fresh)
    return Reading(telling.absorbed(turn, fresh.but(description=turn.words)))


def _resumed(held: Draft) -> Reading:
    if not held.told:
        return Reading(held, ("utter_nothing_to_resume",), stop=True)
    return Reading(held.but(confirmed=None, tries={}))


def _wants_a_call(turn: Turn) -> bool:
    """Whether an official shall call back: a button, or a yes to the offer."""
    agreed = turn.intent == "affirm" and turn.before == "action_hand_over"
    return agreed or turn.intent == "contact_case" or "action_rate_answer" in turn.done


def _second(held: Draft) -> Draft:
    told = held.next or {}
    return Draft(description=told.get("words"), guess=told.get("guess"), place=told.get("place"))
