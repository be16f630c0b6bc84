"""Thai numerals in words, from หนึ่ง to เก้าสิบเก้า."""

from __future__ import annotations

_UNITS = {
    "หนึ่ง": 1, "นึง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "เจด": 7, "แปด": 8, "เก้า": 9,
}  # fmt: skip
_TENS = {"": 1, "ยี่": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9}

_UNIT = "|".join(_UNITS)
_TEENS = rf"(?:ยี่|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)?สิบ(?:เอ็ด|{_UNIT}|(?!เอ็ด|{_UNIT}))"
WORDS = rf"(?:{_TEENS}|{_UNIT})"
NUMBER = rf"(?:\d{{1,2}}(?!\d)|{WORDS})"
COUNT = rf"(?:(?<!\d)\d{{1,3}}(?!\d)|{WORDS})"
LONG_NUMBER = rf"(?:\d{{2}}(?!\d)|{_TEENS})"  # of two digits, as minutes are said after the hour


def value_of(text: str) -> int:
    """Return the number that a text matching NUMBER means: "ยี่สิบเอ็ด" is 21, "7" is 7."""
    if text.isdigit():
        return int(text)
    tens, ten, units = text.rpartition("สิบ")
    if not ten:
        return _UNITS[text]
    return 10 * _TENS[tens] + (1 if units == "เอ็ด" else _UNITS.get(units, 0))
