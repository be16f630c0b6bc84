"""What buttons, photos and positions do to a report."""

from collections.abc import Callable

from actions.report import answers, corrections, same, titles
from actions.report.draft import OTHER, Draft
from actions.report.reading import Reading, unclear
from actions.turn import Turn

_FIELDS = frozenset({"description", "category", "place", "photos", "contact"})


def read(turn: Turn, draft: Draft, asked: str) -> Reading | None:
    """Read a structured message; None when it does not belong to a report."""
    reader = _READERS.get(turn.intent)
    return reader(turn, draft, asked) if reader else None


def _category(turn: Turn, draft: Draft, asked: str) -> Reading:
    chosen = str(turn.value("category") or "")
    if titles.known(chosen):
        return Reading(draft.but(category=chosen))
    return Reading(draft.but(guess=None), ask="category", page=_number(turn.value("page")))


def _photo(turn: Turn, draft: Draft, asked: str) -> Reading:
    held = draft.photos or []
    new = [str(photo) for photo in turn.values("photo") if str(photo) not in held]
    told = draft.but(photos=[*held, *new])
    if asked == "duplicate":
        told = told.answered("no")  # whoever goes on telling has a report of their own; staff can still merge the two
    if asked == "description" and draft.times("description"):
        # asked twice for words: the photo tells enough, an official will look at it
        told = told.but(description="-")
    return Reading(told, ("utter_photo_added",))


def _location(turn: Turn, draft: Draft, asked: str) -> Reading:
    place = located(turn)
    if place is None:
        return unclear(draft, asked)
    words = (draft.place or {}).get("text")
    return Reading(draft.but(place={**place, "text": place["text"] or words or ""}), ("utter_place_taken",))


def located(turn: Turn) -> dict[str, object] | None:
    """The position of a message, as fields of `helpdesk.place.Place`; None when it is none on this earth."""
    try:
        latitude, longitude = float(turn.value("latitude")), float(turn.value("longitude"))
    except (TypeError, ValueError):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return {"text": str(turn.value("label") or ""), "latitude": latitude, "longitude": longitude}


def _consent(turn: Turn, draft: Draft, asked: str) -> Reading:
    return answers.agreed(draft)


def _no_consent(turn: Turn, draft: Draft, asked: str) -> Reading:
    return Reading(draft.but(contact={}))


def _skip(turn: Turn, draft: Draft, asked: str) -> Reading:
    if asked == "duplicate":
        return same.read(turn, draft)
    if asked == "photos":
        return Reading(draft.but(photos=[]))
    if asked == "contact":
        return Reading(draft.but(contact={}))
    without = {"place": {}, "category": OTHER, "description": "-"}
    return unclear(draft, asked, **{asked: without[asked]}) if asked in without else Reading(draft.tried(asked))


def _edit(turn: Turn, draft: Draft, asked: str) -> Reading:
    field = str(turn.value("field") or "")
    return corrections.reopened(draft, field) if field in _FIELDS else Reading(draft, ask="edit")


def _yes(turn: Turn, draft: Draft, asked: str) -> Reading:
    if asked == "duplicate":
        return same.read(turn, draft)
    if asked == "confirmed":
        return Reading(draft.but(confirmed=True), stop=True)
    if asked == "contact":
        return answers.agreed(draft)
    if asked == "category" and draft.guess:
        return Reading(draft.but(category=draft.guess[0]))
    return Reading(draft.tried("pressed"))


def _no(turn: Turn, draft: Draft, asked: str) -> Reading:
    if asked == "confirmed":
        return Reading(draft, ask="edit")
    if asked == "category":
        return Reading(draft.but(guess=None), ask="category")
    return _skip(turn, draft, asked)


def _same(turn: Turn, draft: Draft, asked: str) -> Reading:
    """A button that begins a report, pressed in the middle of one: the question is asked again."""
    return Reading(draft)


def _number(value: object) -> int:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else 0


_READERS: dict[str, Callable[[Turn, Draft, str], Reading]] = {
    "choose_category": _category,
    "provide_photo": _photo,
    "provide_location": _location,
    "give_consent": _consent,
    "refuse_consent": _no_consent,
    "skip": _skip,
    "edit_field": _edit,
    "affirm": _yes,
    "deny": _no,
    "report_problem": _same,
    "resume_report": _same,
    "contact_case": _same,
    "report_next": _same,
}
