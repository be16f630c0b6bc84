"""Where a place begins and ends: mends what the sequence model found, and looks again where it found nothing.

The model learns from a few hundred sentences. What always holds is put right here: "แถว" and "ค่ะ" are no part of a place, a
name of the gazetteer is never cut, and a landmark with a name between two gaps is a place.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.thai.gazetteer import Gazetteer
from bot.thai.landmarks import Word
from bot.thai.place_words import (
    AREA_SIGNS,
    BESIDE,
    FIXED_THINGS,
    GENERIC,
    LANDMARKS,
    LEADING,
    PARTICLES,
    POINTING,
    SIDES,
    VERBS,
    WEAK,
)

Found = tuple[int, int, float]
Range = tuple[int, int]

_AGAIN = 0.5  # how sure one is of what only the rules found
_LONGEST_CHUNK = 7  # words
_LONGEST_NAME = 5


def mended(words: Sequence[Word], found: Sequence[Found], gazetteer: Gazetteer) -> list[Found]:
    """Give places their right edges.

    Args:
        words: The words of a message with their places in the text.
        found: The (start, end, confidence) of each place that the model saw.
        gazetteer: The known names.

    Returns:
        The same with better edges; for none at all, what the rules see: "แยกเกษตร" in "น้ำท่วมแล้วคับ แยกเกษตร".
    """
    ranges = []
    for start, end, sure in found:
        first, after = _range(words, start, end)
        first, after = _trimmed(words, first, after)
        if first < after:
            first, after = _without_bare_part(words, first, after)
            ranges.append((_longer_left(words, first, gazetteer), _longer_right(words, after, gazetteer), sure))
    if not ranges:
        ranges = [(first, after, _AGAIN) for first, after in _looked_for(words, gazetteer)]
    return [(words[first][1], words[after - 1][2], sure) for first, after, sure in _joined(words, ranges)]


def _range(words: Sequence[Word], start: int, end: int) -> Range:
    inside = [place for place, (_, begins, ends) in enumerate(words) if begins < end and start < ends]
    return inside[0], inside[-1] + 1


def _trimmed(words: Sequence[Word], first: int, after: int) -> Range:
    """Cut off what leads to a place and what follows it."""
    while first < after and (words[first][0] in LEADING or words[first][0] in PARTICLES or not words[first][0][0].isalnum()):
        first += 1
    while first < after and (words[after - 1][0] in PARTICLES or not _is_part(words[after - 1][0][-1])):
        after -= 1
    parts = [place for place in range(first + 1, after) if _gap(words, place)]
    for place in reversed(parts):
        if words[place][0] in VERBS:
            after = place
    return first, after


def _is_part(char: str) -> bool:
    """Tell what a place may end with: letters, digits, Thai vowels and tone marks, ฯ and a closing bracket."""
    return char.isalnum() or char in "ฯ)" or "\u0e30" <= char <= "\u0e4e"


def _without_bare_part(words: Sequence[Word], first: int, after: int) -> Range:
    """Drop a part without a name before a gap: "ถนน หน้าตลาดใหม่" is the end of one phrase and the beginning of another."""
    for place in range(first + 1, after):
        if _gap(words, place):
            bare = all(word in BESIDE or word in LANDMARKS for word, _, _ in words[first:place])
            return (place, after) if bare and _opens(words, place) else (first, after)
    return first, after


def _longer_left(words: Sequence[Word], first: int, gazetteer: Gazetteer) -> int:
    """Take in the thing that stands right before: "สนามเด็กเล่น|ใต้ทางด่วน", and a named landmark before a gap."""
    while first > 0 and words[first][0] in BESIDE - LEADING and not _gap(words, first) and words[first - 1][0] in FIXED_THINGS:
        first -= 1
        if first > 0 and not _gap(words, first) and words[first - 1][0] in FIXED_THINGS | {"ริม", "กลาง", "ไซต์"}:
            first -= 1
    if first > 0 and _gap(words, first) and words[first - 1][0] in BESIDE - LEADING - PARTICLES:
        return first - 1  # "หน้า อบต.ท่าเสา"
    if first > 0 and _gap(words, first):
        begins = max((place for place in range(first) if place == 0 or _gap(words, place)), default=0)
        if _named_chunk(words, begins, first, gazetteer):
            return begins
    return first


def _longer_right(words: Sequence[Word], after: int, gazetteer: Gazetteer) -> int:
    """Take in the rest of a known name, and the side that follows: "ริมคูเมือง|ด้านแจ่งหัวลิน"."""
    for begins in range(max(after - _LONGEST_NAME, 0), after):
        known = _known(words, begins, gazetteer)
        after = max(after, known)
    if after < len(words) and not _gap(words, after) and words[after][0] in SIDES:
        ends = after + 1
        while ends < len(words) and ends - after <= 4 and not _gap(words, ends) and not _ends_a_name(words, ends):
            ends += 1
        after = ends if ends > after + 1 else after
    return after


def _looked_for(words: Sequence[Word], gazetteer: Gazetteer) -> list[Range]:
    """Find the first landmark with a name: at a gap, after a word such as ที่, or an office with a known name."""
    for place in range(len(words)):
        if not _opens(words, place) or words[place][0] in LEADING:
            continue
        at_edge = place == 0 or _gap(words, place) or words[place - 1][0] in LEADING or not words[place - 1][0].isalnum()
        after = _named_chunk(words, place, len(words), gazetteer)
        sure = after and (_known(words, after - 1, gazetteer) == after or words[after - 1][0][0].isdigit())
        pointed = place > 0 and words[place - 1][0] in POINTING
        weak = words[place][0] in WEAK
        if after and ((at_edge and not weak) or (at_edge and (pointed or sure)) or (sure and len(words[place][0]) > 4)):
            return [(place, after)]
    return []


def _named_chunk(words: Sequence[Word], place: int, limit: int, gazetteer: Gazetteer) -> int:
    """Return where a landmark with its name ends, 0 if there is none at a word; `limit` is where it must end at the latest."""
    at = place
    while at < limit and words[at][0] in BESIDE and not (at > place and _gap(words, at)):
        at += 1
    if at >= limit or not _landmark(words[at][0]):
        return 0
    at += 1
    while at < limit and words[at][0] == ".":
        at += 1
    named = words[at - 1][0] not in LANDMARKS and words[at - 1][0] not in AREA_SIGNS and words[at - 1][0] != "."
    known = _known(words, at, gazetteer) if at < limit else 0
    if known and known <= limit:
        return _with_number(words, known, limit)
    end = at
    while end < limit and end - place < _LONGEST_CHUNK and not _gap(words, end) and not _ends_a_name(words, end):
        named = named or (words[end][0] not in GENERIC and words[end][0] not in LANDMARKS and words[end][0] not in BESIDE)
        end += 1
    closed = end == len(words) or _gap(words, end) or words[end][0] in PARTICLES or words[end][0] in VERBS
    end = _with_number(words, end, limit)
    named = named or words[end - 1][0][0].isdigit()
    return end if named and closed and (limit == len(words) or end == limit) else 0


def _with_number(words: Sequence[Word], end: int, limit: int) -> int:
    """Take in a number after a gap: "ซอยลาซาล 24"."""
    following = words[end + 1][0] if end + 1 < len(words) else ""
    counts = following in {"วัน", "คน", "ดวง", "คัน", "ตัว", "ครั้ง", "เดือน", "ปี", "โมง", "ทุ่ม", "ชั่วโมง", "ต้น", "หลัง", "บาท"}
    return end + 1 if end < limit and words[end][0][0].isdigit() and not counts else end


def _joined(words: Sequence[Word], ranges: Sequence[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Make one of places that overlap or that nothing but a gap divides."""
    joined: list[tuple[int, int, float]] = []
    for first, after, sure in sorted(ranges):
        if joined and first <= joined[-1][1]:
            begins, ends, least = joined[-1]
            joined[-1] = (begins, max(ends, after), min(least, sure))
        else:
            joined.append((first, after, sure))
    return joined


def _opens(words: Sequence[Word], place: int) -> bool:
    return words[place][0] in BESIDE or _landmark(words[place][0])


def _landmark(word: str) -> bool:
    """Tell landmarks, also those that a dictionary has joined with what follows: อนุสาวรีย์ชัย."""
    return word in LANDMARKS or any(len(sign) > 3 and word.startswith(sign) for sign in LANDMARKS)


def _ends_a_name(words: Sequence[Word], place: int) -> bool:
    word = words[place][0]
    told = word in VERBS or word.startswith("เป็น")  # "ถนนเป็นหลุม" is no name of a street
    return told or word in PARTICLES or word in LEADING or not word[0].isalnum()


def _known(words: Sequence[Word], place: int, gazetteer: Gazetteer) -> int:
    """Return the end of the longest known name of three letters or more that begins at a word, 0 if there is none."""
    name, longest = "", 0
    for end in range(place, min(place + _LONGEST_NAME, len(words))):
        if end > place and _gap(words, end):
            break
        name += words[end][0]
        real = len(name) > 2 and name not in PARTICLES and name not in VERBS  # เลย is a province, but hardly ever meant
        longest = end + 1 if real and gazetteer.level(name) else longest
    return longest


def _gap(words: Sequence[Word], place: int) -> bool:
    return place > 0 and words[place][1] > words[place - 1][2]
