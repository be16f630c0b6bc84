"""Hours of the day as Thais say them: ตีสอง, 8 โมงเช้า, บ่ายสาม, สองทุ่ม, 14.30 น."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import time
from typing import NamedTuple

from bot.thai.numerals import LONG_NUMBER, NUMBER, value_of


class Hour(NamedTuple):
    """An hour and where it is said in the clean text."""

    start: int
    end: int
    at: time


_COUNTED = r"คน|ครั้ง|ที(?!่)|คัน|ตัว|แผล|เส้น|จุด|หลัง|ดวง|บาท|เดือน|ปี|ชั่วโมง|เมตร|ต้น|ราย|ห้อง|ชิ้น"
_DAYS = r"วัน(?!\s*(?:นี้|ที่|จันทร์|อังคาร|พุธ|พฤหัส|ศุกร์|เสาร์|อาทิตย์|พรุ่ง|มะรืน|ก่อน))"  # 3 days, but not "of today"
_NOT_OF_THE_CLOCK = rf"(?!\s*(?:{_DAYS}|{_COUNTED}))"
_PAST = rf"(?:\s*(?P<half>ครึ่ง)|\s*(?P<minutes>{NUMBER}(?=\s*นาที)|{LONG_NUMBER}{_NOT_OF_THE_CLOCK})(?:\s*นาที)?)?"
# "ทุ่ม" also means to throw: without a number it is an hour at the beginning of a word only.
_BEGINNING = "|".join(
    f"(?<={word})" for word in ["นี้", "คืน", "วาน", "ตอน", "เวลา", "ราว", "ๆ", "ประมาณ", "สัก", "เกือบ", "ช่วง", "ก่อน", "หลัง"]
)


def _clock(match: re.Match[str]) -> time | None:
    return _time(int(match["hour"]), int(match["minute"] or 0))


def _twelve(match: re.Match[str]) -> time | None:
    hour = int(match["hour"])
    return _time(hour % 12 + (12 if match["part"] == "pm" else 0), int(match["minute"] or 0)) if hour <= 12 else None


def _midnight(match: re.Match[str]) -> time | None:
    return _time(0, _minutes(match))


def _noon(match: re.Match[str]) -> time | None:
    return _time(12, _minutes(match))


def _before_dawn(match: re.Match[str]) -> time | None:
    hour = value_of(match["number"])
    return _time(hour, _minutes(match)) if 1 <= hour <= 6 else None


def _afternoon(match: re.Match[str]) -> time | None:
    hour = value_of(match["number"]) if match["number"] else 1
    return _time(hour + 12, _minutes(match)) if 1 <= hour <= 6 else None


def _o_clock(match: re.Match[str]) -> time | None:
    """Read "โมง": with เช้า the old count from six may be meant (สองโมงเช้า is 8), else 1 to 5 are of the afternoon."""
    hour = value_of(match["number"])
    if match["part"] == "เช้า":
        hour += 6 if hour < 6 else 0
    elif match["part"] in ("เย็น", "บ่าย") or hour < 6:
        hour += 12 if hour < 12 else 0
    return _time(hour, _minutes(match)) if 6 <= hour <= 18 else None


def _evening(match: re.Match[str]) -> time | None:
    hour = value_of(match["number"]) if match["number"] else 1
    return _time((hour + 18) % 24, _minutes(match)) if 1 <= hour <= 6 else None


_RULES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], time | None]]] = [
    (re.compile(r"(?<![\d:.])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?![\d:])(?:\s*(?:น\.|นาฬิกา|น(?![ก-๎])))?"), _clock),
    (re.compile(r"(?<![\d.,])(?P<hour>\d{1,2})\.(?P<minute>\d{2})\s*(?:น\.|นาฬิกา|น(?![ก-๎]))"), _clock),
    (re.compile(r"(?<=เวลา)\s*(?P<hour>\d{1,2})\.(?P<minute>\d{2})(?![\d.])"), _clock),
    (re.compile(r"(?<![\d.:/])(?P<hour>\d{1,2})(?P<minute>)\s*(?:น\.|นาฬิกา)"), _clock),
    (re.compile(r"(?<![\d.])(?P<hour>\d{1,2})(?:[.:](?P<minute>\d{2}))?\s*(?P<part>am|pm)(?![a-z])"), _twelve),
    (re.compile(rf"เที่ยงคืน{_PAST}"), _midnight),
    (re.compile(rf"เที่ยง(?!วันนี้|วันที่)(?:วัน|ตรง)?(?!ธรรม|แท้|ง){_PAST}|เที่ยง(?=วันนี้|วันที่)"), _noon),
    (re.compile(rf"ตี\s*(?P<number>{NUMBER}){_NOT_OF_THE_CLOCK}{_PAST}"), _before_dawn),
    (re.compile(rf"บ่าย\s*(?:(?P<number>{NUMBER})\s*(?:โมง)?|โมง){_NOT_OF_THE_CLOCK}{_PAST}"), _afternoon),
    (re.compile(rf"(?P<number>{NUMBER})\s*โมง(?:ตรง)?\s*(?P<part>เช้า|เย็น|บ่าย)?{_PAST}"), _o_clock),
    (re.compile(rf"(?P<number>{NUMBER})\s*ทุ่ม(?:ตรง)?{_PAST}"), _evening),
    (
        re.compile(rf"(?P<number>)(?:(?<![ก-๎])|{_BEGINNING})ทุ่ม(?=\s*(?:ครึ่ง|กว่า|นึง|หนึ่ง|ตรง|{LONG_NUMBER}))(?:นึง|หนึ่ง|ตรง)?{_PAST}"),
        _evening,
    ),
    (re.compile(r"สองยาม(?P<half>)(?P<minutes>)"), _midnight),
]


def find_hours(text: str) -> Iterator[Hour]:
    """Find the hours in a clean text; the first rule that reads a place has it."""
    taken: list[Hour] = []
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            at = read(match)
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            if at is not None and not any(start < other.end and other.start < match.end() for other in taken):
                taken.append(Hour(start, match.end(), at))
    yield from sorted(taken)


def _minutes(match: re.Match[str]) -> int:
    if match["half"]:
        return 30
    return value_of(match["minutes"]) if match["minutes"] else 0


def _time(hour: int, minute: int) -> time | None:
    return time(hour, minute) if 0 <= hour < 24 and 0 <= minute < 60 else None
