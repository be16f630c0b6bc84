"""What counts as an answer to each question of a report, said in words."""

import re
from collections.abc import Callable

from actions import phrases
from actions.report import corrections, digression, same, telling, titles
from actions.report.draft import OTHER, Draft
from actions.report.reading import GIVE_UP, Reading, unclear
from actions.turn import Turn

_DIGITS = re.compile(r"\d")
_NAME = re.compile(r"^(?:(?:ผม|ดิฉัน|ฉัน|หนู)?\s*ชื่อ|my name is|i am|i'm)\s*", re.IGNORECASE)
_NUMBER_WORDS = re.compile(r"(?:เบอร์(?:โทร)?(?:ศัพท์)?|โทร(?:ศัพท์)?|มือถือ|ติดต่อ|phone|tel|number)\S*\s*", re.IGNORECASE)
_POLITE = re.compile(r"\s*(?:ค่ะ|คะ|ครับ|คับ|นะคะ|นะครับ|จ้า)\s*$")
_TELLING = frozenset({"report_problem", "add_case_information", "nlu_fallback"})
_LONGEST_NAME = 60
_LONG_ENOUGH = 12  # letters of words that add something


def read(turn: Turn, draft: Draft, asked: str) -> Reading | None:
    """Read words as the answer to what was asked, or as a correction of what was told.

    Returns:
        What the words did to the draft, or None when they are about something else.
    """
    corrected = corrections.read(turn, draft)
    if corrected is not None:
        return corrected
    if digression.turns_away(turn, asked, draft):
        return None
    if asked != "description" and digression.second_problem(turn, draft) and not _answers_place(turn, asked):
        return Reading(draft.but(next=_problem(turn)), ("utter_second_problem",))
    return _READERS[asked](turn, draft)


def _answers_place(turn: Turn, asked: str) -> bool:
    return asked == "place" and (phrases.names_a_place(turn.words) or turn.value("place") is not None)


def _problem(turn: Turn) -> dict[str, object]:
    return {"words": turn.words, "guess": telling.guess(turn), "place": telling.place(turn)}


def _description(turn: Turn, draft: Draft) -> Reading:
    empty = turn.intent in {"affirm", "deny"} or phrases.says_nothing(turn.words)
    if phrases.unknown(turn.words) or empty:
        return unclear(draft, "description", description="-")
    return Reading(telling.absorbed(turn, draft.but(description=turn.words)))


def _category(turn: Turn, draft: Draft) -> Reading:
    named = titles.named(turn.words)
    if named is not None:
        return Reading(draft.but(category=named))
    if turn.intent == "affirm" and draft.guess:
        return Reading(draft.but(category=draft.guess[0]))
    if phrases.unknown(turn.words):
        return unclear(draft.but(guess=None), "category", category=OTHER)
    if turn.intent == "deny":
        return Reading(draft.but(guess=None), ask="category", page=1)
    told = telling.told_category(turn)
    if told is not None and turn.intent == "report_problem":
        return Reading(draft.but(category=told))
    return unclear(draft.but(guess=None), "category", category=OTHER)


def _place(turn: Turn, draft: Draft) -> Reading:
    if phrases.unknown(turn.words) or phrases.skips(turn.words):
        return unclear(draft, "place", place={})
    if turn.intent in {"affirm", "deny"} and not phrases.names_a_place(turn.words):
        return unclear(draft, "place", place={})
    found = [entity for entity in turn.entities if entity.get("entity") == "place"]
    return Reading(draft.but(place={"text": turn.words, **telling.areas(found)}))


def _photos(turn: Turn, draft: Draft) -> Reading:
    if turn.intent in {"deny", "skip"} or phrases.unknown(turn.words) or phrases.skips(turn.words):
        return Reading(draft.but(photos=[]))
    if turn.intent == "affirm" or len(turn.words) < _LONG_ENOUGH:
        return unclear(draft, "photos", photos=[])
    tried = unclear(_with_more(turn, draft), "photos", photos=[])
    return Reading(tried.draft, ("utter_noted", *tried.say))


def _contact(turn: Turn, draft: Draft) -> Reading:
    held = draft.contact or {}
    phone = turn.value("phone")
    if phone:
        return Reading(draft.but(contact={**held, **_name_beside(turn, str(phone)), "phone": str(phone), "consent": True}))
    if turn.intent == "deny" or phrases.unknown(turn.words) or phrases.skips(turn.words):
        return Reading(draft.but(contact={}))
    if turn.intent == "affirm":
        return agreed(draft)
    if len(_DIGITS.findall(turn.words)) >= 6:
        tried = unclear(draft, "contact", contact={})
        return tried if tried.say else Reading(tried.draft, ("utter_phone_incomplete",), quiet=True)
    if _is_name(turn, agreed_before=bool(held.get("consent"))):
        return Reading(draft.but(contact={**held, "name": _bare_name(turn.words), "consent": True}))
    return unclear(draft, "contact", contact={})


def _is_name(turn: Turn, *, agreed_before: bool) -> bool:
    if len(turn.words) > _LONGEST_NAME or turn.intent == "affirm":
        return False
    said = turn.intent == "nlu_fallback" or turn.confidence < 0.4 or (agreed_before and turn.intent not in digression.ASIDE)
    return said or _NAME.search(turn.words) is not None


def agreed(draft: Draft) -> Reading:
    """The citizen agrees to be contacted; what to write down may still have to be asked."""
    return Reading(draft.but(contact={**(draft.contact or {}), "consent": True}))


def _confirmed(turn: Turn, draft: Draft) -> Reading:
    if turn.intent == "affirm":
        return Reading(draft.but(confirmed=True), stop=True)
    if turn.intent == "deny" and not phrases.unknown(turn.words):
        return Reading(draft, ask="edit")
    if turn.intent in _TELLING and len(turn.words) >= _LONG_ENOUGH:
        return Reading(telling.absorbed(turn, _with_more(turn, draft)), ("utter_noted",))
    tried = draft.tried("confirmed")
    if tried.times("confirmed") > GIVE_UP:
        return Reading(tried.but(confirmed=False), stop=True)
    return Reading(tried)


def _with_more(turn: Turn, draft: Draft) -> Draft:
    """The words that answer nothing belong to the description."""
    return draft.but(description=f"{draft.description}\n{turn.words}" if draft.description else turn.words)


def _name_beside(turn: Turn, phone: str) -> dict[str, str]:
    """A name written beside a telephone number: "สมชาย 081-234-5678"."""
    spans = [(entity.get("start", 0), entity.get("end", 0)) for entity in turn.entities if entity.get("entity") == "phone"]
    start, end = spans[0]
    rest = _bare_name(f"{turn.text[:start]} {turn.text[end:]}")
    rest = _NUMBER_WORDS.sub(" ", rest).strip(" ,:./-")
    return {"name": rest} if 2 <= len(rest) <= _LONGEST_NAME else {}


def _bare_name(words: str) -> str:
    return _POLITE.sub("", _NAME.sub("", " ".join(words.split()))).strip()


_READERS: dict[str, Callable[[Turn, Draft], Reading]] = {
    "description": _description,
    "category": _category,
    "place": _place,
    "duplicate": same.read,
    "photos": _photos,
    "contact": _contact,
    "confirmed": _confirmed,
}
