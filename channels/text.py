"""Text within a platform's limits. Platforms count differently: code points, UTF-16 units (LINE) or bytes (Instagram)."""

import unicodedata
from collections.abc import Callable

Measure = Callable[[str], int]
ELLIPSIS = "…"
_BREAKS = ("\n\n", "\n", "ค่ะ ", "คะ ", ". ", " ")  # the best places to cut a text, best first
_LEAST = 0.4  # a part may be cut at a better place if it is still this full
_JOINER = "\u200d"


def utf16_len(text: str) -> int:
    """The length as LINE counts it: ``utf16_len("ไฟ💡")`` is 4. A lone half of a pair counts as one."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_len(text: str) -> int:
    """The length in bytes as Instagram counts it: ``utf8_len("ไฟ")`` is 6."""
    return len(text.encode("utf-8", "surrogatepass"))


def clip(text: str, limit: int, measure: Measure = len) -> str:
    """The text, ended with ``…`` where it would not fit; a letter keeps its vowels and tone marks."""
    if measure(text) <= limit:
        return text
    return text[: _room(text, limit - measure(ELLIPSIS), measure)].rstrip() + ELLIPSIS


def split(text: str, limit: int, measure: Measure = len) -> list[str]:
    """The text in parts that fit, cut at paragraphs, lines or spaces where possible. Nothing but blanks is lost."""
    parts, rest = [], text.strip()
    while measure(rest) > limit:
        room = _room(rest, limit, measure)
        cut = _cut(rest, room)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts


def _room(text: str, limit: int, measure: Measure) -> int:
    """How many characters fit, at least one, without parting a letter from its marks."""
    low, high = 1, min(len(text), max(1, limit))
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    end = low
    while 1 < end < len(text) and _belongs(text, end):
        end -= 1
    return end if end > 1 or not _belongs(text, 1) else low


def _belongs(text: str, place: int) -> bool:
    """Whether the character at ``place`` is written on or joined to the one before it."""
    return (
        unicodedata.combining(text[place]) > 0
        or unicodedata.category(text[place]) in {"Mn", "Me", "Mc"}
        or (text[place] == _JOINER or text[place - 1] == _JOINER or text[place] in "ะาำๅๆ" or text[place - 1] in "เแโใไ")
    )


def _cut(text: str, room: int) -> int:
    for mark in _BREAKS:
        found = text.rfind(mark, 0, room)
        if found >= 0 and found + len(mark) >= room * _LEAST:
            return found + len(mark)
    return room
