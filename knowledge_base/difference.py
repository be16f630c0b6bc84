"""Differences: what one text of a FAQ says and another does not, field by field, word by word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any, Literal

from core import clock, thai

Kind = Literal["same", "added", "removed"]
LineKind = Literal["same", "added", "removed", "changed"]
FIELDS = (
    "question.th",
    "question.en",
    "summary.th",
    "summary.en",
    "steps",
    "documents",
    "fee",
    "time",
    "where",
    "hours",
    "link",
    "agency",
    "source",
    "group",
    "variants",
    "review_by",
    "reviewed",
    "verified",
)
_LONGEST = 4_000  # letters up to which words are compared; what is longer is shown as replaced
_ALIKE = 0.4  # from here on two lines are one line that was changed
_DAYS = frozenset({"review_by", "reviewed"})
_WHOLE = _DAYS | {"link", "group", "verified"}  # fields whose words mean nothing alone


@dataclass(frozen=True)
class Part:
    """A piece of a line; plain text, to be escaped by whoever shows it."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Line:
    """One line: a whole field, or one item of a list. Its parts together are the old line without what was added."""

    kind: LineKind
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Change:
    """One field that differs. Lists keep the lines that are the same too, so that one sees where a line stands."""

    field: str
    lines: tuple[Line, ...]


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Compare two bodies as `Entry.body` gives them.

    Args:
        old: The older one; an empty mapping for a FAQ that was not there before.
        new: The newer one.

    Returns:
        A change for each field that differs, in the order of `FIELDS`: a fee that was "100 บาท" and is "200 บาท" gives
        the parts removed "100", added "200", same " บาท". Days are in words ("22 พฤษภาคม 2570").
    """
    found = ((field, _lines(old, field), _lines(new, field)) for field in FIELDS)
    return [Change(field, tuple(_compared(field, before, after))) for field, before, after in found if before != after]


def _lines(body: Mapping[str, Any], field: str) -> list[str]:
    """A field as lines; one that says nothing has none."""
    value: Any = body
    for name in field.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, list):
        return [str(one) for one in value]
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return ["หน่วยงานยืนยันแล้ว" if value else "หน่วยงานยังไม่ยืนยัน"]
    return [_day(str(value)) if field in _DAYS else str(value)]


def _day(text: str) -> str:
    try:
        return clock.thai_date(date.fromisoformat(text))
    except ValueError:
        return text


def _compared(field: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        old, new = before[old_from:old_to], after[new_from:new_to]
        if kind == "equal":
            yield from (Line("same", (Part("same", line),)) for line in old)
        else:
            yield from _replaced(old, new, woven=field not in _WHOLE)


def _replaced(old: Sequence[str], new: Sequence[str], *, woven: bool) -> Iterator[Line]:
    """Lines that stand in the same place are compared word by word if they are alike."""
    for place in range(max(len(old), len(new))):
        before = old[place] if place < len(old) else ""
        after = new[place] if place < len(new) else ""
        parts = _words(before, after) if woven and before and after else ()
        if parts:
            yield Line("changed", parts)
            continue
        if before:
            yield Line("removed", (Part("removed", before),))
        if after:
            yield Line("added", (Part("added", after),))


def _words(before: str, after: str) -> tuple[Part, ...]:
    """The parts of a changed line, or none when the two have too little in common."""
    if max(len(before), len(after)) > _LONGEST:
        return ()
    old, new = _cut(before), _cut(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if _alike(old, new) < _ALIKE:
        return ()
    parts: list[Part] = []
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if kind == "equal":
            parts.append(Part("same", gone))
            continue
        parts += [Part("removed", gone)] if gone else []
        parts += [Part("added", come)] if come else []
    return tuple(parts)


def _alike(old: Sequence[str], new: Sequence[str]) -> float:
    """How much of two lines is the same, from 0 to 1; blanks count nothing."""
    before, after = ([piece for piece in pieces if not piece.isspace()] for pieces in (old, new))
    return SequenceMatcher(None, before, after, autojunk=False).ratio()


def _cut(text: str) -> list[str]:
    """The text in words and what stands between them; joined again it is the same text."""
    pieces: list[str] = []
    end = 0
    for _, start, stop in thai.spans(text):
        pieces += [text[end:start], text[start:stop]]
        end = stop
    return [piece for piece in (*pieces, text[end:]) if piece]
