"""Rules for phrases that say where: หน้าปากซอยลาดพร้าว 71, ต.ในเมือง อ.เมือง จ.ขอนแก่น, ตรงข้ามวัดใหม่."""

from __future__ import annotations

from collections.abc import Sequence

from bot.thai.gazetteer import Gazetteer
from bot.thai.place_words import AREA_SIGNS, BESIDE, LANDMARKS, STOPS

Word = tuple[str, int, int]  # the clean word, its start and its end in the text as it was typed
Span = tuple[int, int]

_NAME_WORDS = 3  # Thai names are cut into about so many words when no dictionary has them


def find_phrases(words: Sequence[Word], gazetteer: Gazetteer) -> list[Span]:
    """Find the phrases that name a place, each as long as it goes.

    Args:
        words: Its words with their places, as core.thai cuts them.
        gazetteer: The known names.

    Returns:
        The (start, end) of each phrase in the text as it was typed.
    """
    found: list[Span] = []
    place = 0
    while place < len(words):
        after = _phrase(words, place, gazetteer)
        if after:
            found.append((words[place][1], words[after - 1][2]))
            place = after
        else:
            place += 1
    return found


def _phrase(words: Sequence[Word], place: int, gazetteer: Gazetteer) -> int:
    """Return the end of the phrase that begins at a word, 0 if none does."""
    end = named = 0
    while place < len(words):
        word = words[place][0]
        unit = _unit(words, place, gazetteer)
        if unit:
            place = end = named = unit
        elif word in BESIDE and (not named or _touches(words, place)):
            place += 1
        elif named and word[0].isdigit() and not _counts(words, place):
            place = end = place + 1
        elif named and word in "./,-()":
            place += 1
        else:
            break
    return end


def _unit(words: Sequence[Word], place: int, gazetteer: Gazetteer) -> int:
    """Return the end of one part of a phrase: a sign or landmark with its name, or a name that needs no sign."""
    word = words[place][0]
    if word in AREA_SIGNS or (word in LANDMARKS and not _abbreviation_alone(words, place)):
        start = place + 1
        while start < len(words) and words[start][0] in ".":
            start += 1
        end = _name(words, start, gazetteer)
        return end if end > start or (len(word) > 2 and word not in AREA_SIGNS) else 0
    end = _known(words, place, gazetteer)
    name = "".join(words[at][0] for at in range(place, end))
    return end if end and gazetteer.level(name) == "province" and len(name) > 3 else 0


def _name(words: Sequence[Word], place: int, gazetteer: Gazetteer) -> int:
    """Return where a name that begins at a word ends: a known one, a number, or the next few words without a gap."""
    known = _known(words, place, gazetteer)
    if known:
        return known
    end = place
    while end < len(words) and end - place < _NAME_WORDS:
        word = words[end][0]
        if word in STOPS or word in BESIDE or word in LANDMARKS or word in AREA_SIGNS or not word[0].isalnum():
            break
        if end > place and not _touches(words, end) and not word[0].isdigit():
            break
        end += 1
    return end


def _known(words: Sequence[Word], place: int, gazetteer: Gazetteer) -> int:
    """Return the end of the longest known name that begins at a word, 0 if there is none."""
    name, longest = "", 0
    for end in range(place, min(place + 5, len(words))):
        if end > place and not _touches(words, end):
            break
        name += words[end][0]
        longest = end + 1 if gazetteer.level(name) else longest
    return longest


def _touches(words: Sequence[Word], place: int) -> bool:
    """Tell whether a word follows the one before it without a gap."""
    return place > 0 and words[place][1] == words[place - 1][2]


def _abbreviation_alone(words: Sequence[Word], place: int) -> bool:
    """Tell whether a letter such as ม is no sign here: a sign is followed by a dot or a number."""
    if len(words[place][0]) > 2:
        return False
    following = words[place + 1][0] if place + 1 < len(words) else ""
    return following != "." and not following[:1].isdigit()


def _counts(words: Sequence[Word], place: int) -> bool:
    """Tell whether a number counts something, as in "3 วัน" or "2 ดวง"."""
    following = words[place + 1][0] if place + 1 < len(words) else ""
    return following in {"วัน", "ดวง", "คน", "คัน", "ตัว", "ครั้ง", "เดือน", "ปี", "อาทิตย์", "โมง", "ทุ่ม", "ชั่วโมง", "นาที", "ต้น", "หลัง"}
