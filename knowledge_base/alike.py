"""Likeness: whether two questions are nearly the same words, for grouping what citizens could not find."""

import re
from functools import cache, lru_cache

from knowledge_base.wording import Wording, read_synonyms, trigrams

SAME = 0.77  # of the variants of 150 FAQs, 2.1 million pairs that mean different things, none is as alike
_MARKS = r"(?<![\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])"
_NOT_LETTERS = re.compile(rf"[\W_]+{_MARKS}")
_COURTESIES = re.compile(
    r"สวัสดี|หวัดดี|(?:ขอ)?(?:สอบ)?ถาม(?:เรื่อง|ว่า)?|รบกวน|อยาก(?:ทราบ|รู้)(?:ว่า)?|ช่วยบอก|หน่อย|(?:นะ)?(?:ค่ะ|คะ|ครับ|คับ|ค้าบ|จ้า|จ๊ะ|ฮะ)"
    r"|ต้อง|แล้ว|ถ้า|ผม|ดิฉัน|หนู|\b(?:hello|hi|please|excuse me)\b"
)
_NUMBERS = re.compile(r"\d+")
Shape = tuple[frozenset[str], tuple[str, ...]]


def likeness(one: str, other: str) -> float:
    """How much of their letters two questions share, from 0 to 1; 0 when they name different numbers.

    "ขอถามหน่อยค่ะ เลี้ยงช้างในบ้านได้ไหม" and "เลี้ยงช้างในบ้านได้มั้ยคะ" come near 1; "แบบ ภ.ง.ด.90" and "แบบ ภ.ง.ด.91" give 0.
    """
    (ours, our_numbers), (theirs, their_numbers) = shape(one), shape(other)
    if our_numbers != their_numbers or not ours or not theirs:
        return 0.0
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


@lru_cache(maxsize=8192)
def shape(text: str) -> Shape:
    """The trigrams of a question in the curators' wording, without courtesies, and the numbers it names in order of size."""
    canonical = _wording().canonical(text)
    bare = _NOT_LETTERS.sub("", _COURTESIES.sub(" ", canonical)) or _NOT_LETTERS.sub("", canonical)
    return frozenset(trigrams(bare)), tuple(sorted(_NUMBERS.findall(canonical)))


@cache
def _wording() -> Wording:
    return Wording(read_synonyms())
