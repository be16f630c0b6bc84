"""Days as Thais say and write them: เมื่อวาน, 3 วันก่อน, วันจันทร์หน้า, ต้นเดือน, ๕ พ.ย. ๖๙."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.thai.numerals import NUMBER, value_of


class Day(NamedTuple):
    """A day and where it is said in the clean text; `at` is set when the words mean a moment, as "2 ชั่วโมงที่แล้ว"."""

    start: int
    end: int
    on: date
    at: datetime | None = None


_Read = Callable[[re.Match[str], datetime], "date | datetime | None"]


def _short(first: str, second: str) -> str:
    """Match "พ.ย.", "พ. ย." and "พย" before a space; "มี ค" of "มี คน" is no month."""
    return rf"{first}\.\s?{second}\.?|{first}{second}(?![ก-๎])"


_MONTHS = [
    rf"มกราคม|มกรา|{_short('ม', 'ค')}|january|jan", rf"กุมภาพันธ์|กุมภา|{_short('ก', 'พ')}|february|feb",
    rf"มีนาคม|มีนา|{_short('มี', 'ค')}|march|mar", rf"เมษายน|เมษา|{_short('เม', 'ย')}|april|apr",
    rf"พฤษภาคม|พฤษภา|{_short('พ', 'ค')}|may", rf"มิถุนายน|มิถุนา|{_short('มิ', 'ย')}|june|jun",
    rf"กรกฎาคม|กรกฎา|{_short('ก', 'ค')}|july|jul", rf"สิงหาคม|สิงหา|{_short('ส', 'ค')}|august|aug",
    rf"กันยายน|กันยา|{_short('ก', 'ย')}|september|sept?", rf"ตุลาคม|ตุลา|{_short('ต', 'ค')}|october|oct",
    rf"พฤศจิกายน|พฤศจิกา|{_short('พ', 'ย')}|november|nov", rf"ธันวาคม|ธันวา|{_short('ธ', 'ค')}|december|dec",
]  # fmt: skip
_MONTH = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_MONTHS, 1))
_WEEKDAYS = ["จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์"]
_WEEKDAY = r"(?P<weekday>จันทร์|อังคาร|พุธ|พฤหัส(?:บดี|ฯ)?|ศุกร์|เสาร์|อาทิตย์)"
_YEAR = r"(?:\s*(?:พ\.?ศ\.?|ค\.?ศ\.?|ปี)?\s*(?P<year>\d{4}|\d{2})(?![\d.:/]|\s*(?:น\.|นาฬิกา|โมง|ทุ่ม|วัน|คน|ดวง|หลัง|บาท)))?"
_AGO = r"ที่แล้ว|ที่ผ่านมา|ก่อน(?!\s*(?:หน้า(?!นี้)|จะ|วัน))|ก่อนหน้านี้|มาแล้ว"

_FIXED = {
    "วันนี้": 0, "เช้านี้": 0, "บ่ายนี้": 0, "เย็นนี้": 0, "คืนนี้": 0, "ค่ำนี้": 0, "เมื่อเช้า": 0, "เมื่อเช้านี้": 0, "เมื่อสาย": 0,
    "เมื่อบ่าย": 0, "เมื่อเย็น": -1, "เมื่อเที่ยง": 0, "เมื่อตอนเช้า": 0, "เมื่อตอนบ่าย": 0, "เมื่อวาน": -1, "เมื่อวานนี้": -1, "วานนี้": -1,
    "เมื่อวานซืน": -2, "เมื่อวานซืนนี้": -2, "วานซืน": -2, "เมื่อคืน": -1, "เมื่อคืนนี้": -1, "เมื่อคืนวาน": -1, "เมื่อคืนก่อน": -2, "พรุ่งนี้": 1,
    "วันพรุ่งนี้": 1, "มะรืน": 2, "มะรืนนี้": 2, "วันมะรืน": 2, "วันมะรืนนี้": 2, "today": 0, "yesterday": -1, "tomorrow": 1,
    "last night": -1, "tonight": 0, "this morning": 0,
}  # fmt: skip
_FIXED_PATTERN = "|".join(sorted(_FIXED, key=len, reverse=True))


def find_days(text: str, now: datetime) -> Iterator[Day]:
    """Find the days in a clean text; the first rule that reads a place has it."""
    taken: list[Day] = []
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in taken):
                continue
            when = _sane(read, match, now)
            if isinstance(when, datetime):
                taken.append(Day(match.start(), match.end(), when.date(), when))
            elif when is not None:
                taken.append(Day(match.start(), match.end(), when))
    yield from sorted(taken, key=lambda day: day.start)


def _sane(read: _Read, match: re.Match[str], now: datetime) -> date | datetime | None:
    """Read a match; days that no calendar has, as 31/2/69, are none."""
    try:
        return read(match, now)
    except (ValueError, OverflowError):
        return None


def _fixed(match: re.Match[str], now: datetime) -> date:
    days = _FIXED[match.group()]
    if match.group() == "เมื่อเย็น" and now.hour >= 18:
        days = 0
    return now.date() + timedelta(days=days)


def _iso(match: re.Match[str], now: datetime) -> date:
    return date(_year(match["year"], now), int(match["month"]), int(match["day"]))


def _written(match: re.Match[str], now: datetime) -> date | None:
    """Read "5 พ.ย. 69"; without a year it is the one nearest to now."""
    month = next(number for number in range(1, 13) if match[f"m{number}"])
    day = int(match["day"])
    if match["year"]:
        return date(_year(match["year"], now), month, day)
    return _nearest(now, [(now.year + step, month, day) for step in (-1, 0, 1)])


def _slashed(match: re.Match[str], now: datetime) -> date | None:
    day, month = int(match["day"]), int(match["month"])
    if match["year"]:
        return date(_year(match["year"], now), month, day)
    return _nearest(now, [(now.year + step, month, day) for step in (-1, 0, 1)])


def _of_month(match: re.Match[str], now: datetime) -> date | None:
    """Read "วันที่ 5": of the month that makes it nearest to now."""
    months = [_month_away(now.date(), step) for step in (-1, 0, 1)]
    return _nearest(now, [(first.year, first.month, int(match["day"])) for first in months])


def _weekday(match: re.Match[str], now: datetime) -> date:
    """Read "วันจันทร์ที่แล้ว"; "วันจันทร์" alone is the last one, for people mostly tell what has happened."""
    wanted = next(place for place, name in enumerate(_WEEKDAYS) if name.startswith(match["weekday"].rstrip("ฯ")))
    today = now.date()
    which = match["which"] or ""
    if which.startswith("หน้า"):
        return today + timedelta(days=7 - today.weekday() + wanted)
    if which.startswith(("นี้", "ที่จะ")):
        return today + timedelta(days=(wanted - today.weekday()) % 7)
    back = (today.weekday() - wanted) % 7
    return today - timedelta(days=back or (7 if which else 0))


def _ago(match: re.Match[str], now: datetime) -> date | datetime:
    return _moved(now, -_count(match), match["unit"])


def _ahead(match: re.Match[str], now: datetime) -> date | datetime:
    return _moved(now, _count(match), match["unit"])


def _count(match: re.Match[str]) -> int:
    return value_of(match["number"]) if match["number"] else 1


def _moved(now: datetime, count: int, unit: str) -> date | datetime:
    if unit in ("ชั่วโมง", "ชม.", "ชม"):
        return now + timedelta(hours=count)
    if unit == "นาที":
        return now + timedelta(minutes=count)
    if unit in ("เดือน", "ปี"):
        first = _month_away(now.date(), count * (12 if unit == "ปี" else 1))
        return first.replace(day=min(now.day, monthrange(first.year, first.month)[1]))
    return now.date() + timedelta(days=count * (1 if unit in ("วัน", "คืน") else 7))


def _part_of_month(match: re.Match[str], now: datetime) -> date:
    step = {"ที่แล้ว": -1, "ก่อน": -1, "หน้า": 1}.get(match["which"] or "", 0)
    first = _month_away(now.date(), step)
    last = monthrange(first.year, first.month)[1]
    return first.replace(day={"ต้น": 1, "กลาง": 15}.get(match["part"], last))


def _part_of_year(match: re.Match[str], now: datetime) -> date:
    year = now.year + {"ที่แล้ว": -1, "ก่อน": -1, "หน้า": 1}.get(match["which"] or "", 0)
    return date(year, 1, 1) if match["part"] == "ต้น" else date(year, 12, 31)


def _month_away(day: date, step: int) -> date:
    """Return the first day of the month `step` months away."""
    months = day.year * 12 + day.month - 1 + step
    return date(months // 12, months % 12 + 1, 1)


def _nearest(now: datetime, candidates: list[tuple[int, int, int]]) -> date | None:
    days = [date(*parts) for parts in candidates if 1 <= parts[2] <= monthrange(*parts[:2])[1]]
    return min(days, key=lambda day: abs(day - now.date()), default=None)


def _year(digits: str, now: datetime) -> int:
    """Return the Christian year: 2569 and 69 are 2026, and so are 2026 and 26."""
    year = int(digits)
    if year >= 2400:
        return year - 543
    if year >= 100:
        return year
    return min(2000 + year, 1957 + year, key=lambda candidate: abs(candidate - now.year))


_RULES: list[tuple[re.Pattern[str], _Read]] = [
    (re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"), _iso),
    (
        re.compile(
            rf"(?:วัน\s*{_WEEKDAY}\s*(?:ที่)?\s*|วันที่\s*)?(?<![\d/.])(?P<day>\d{{1,2}})\s*(?:เดือน\s*)?(?:{_MONTH})"
            rf"(?![a-z]){_YEAR}"
        ),
        _written,
    ),
    (
        re.compile(
            r"(?:วันที่\s*)?(?<![\d/.\-])(?P<day>\d{1,2})(?P<sep>[/\-.])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})"
            r"(?![\d/\-]|\.\d)"
        ),
        _slashed,
    ),
    (re.compile(r"วันที่\s*(?P<day>\d{1,2})[/\-](?P<month>\d{1,2})(?P<year>)(?![\d/\-])"), _slashed),
    (re.compile(r"วันที่\s*(?P<day>\d{1,2})(?![\d/\-.:]|\s*(?:คน|วัน))"), _of_month),
    (re.compile(_FIXED_PATTERN), _fixed),
    (re.compile(r"(?P<part>ต้น|กลาง|สิ้น|ปลาย)เดือน\s*(?P<which>ที่แล้ว|ก่อน|นี้|หน้า)?"), _part_of_month),
    (re.compile(r"(?P<part>ต้น|สิ้น|ปลาย)ปี\s*(?P<which>ที่แล้ว|ก่อน|นี้|หน้า)?"), _part_of_year),
    (
        re.compile(
            rf"(?<!ทุก)(?<!ทุกๆ)วัน\s*{_WEEKDAY}(?!\s*(?:ถึง|-|–))"
            r"\s*(?P<which>ที่แล้ว|ที่ผ่านมา|ก่อน|นี้|หน้า(?!ที่)|ที่จะถึง(?:นี้)?)?"
        ),
        _weekday,
    ),
    (
        re.compile(
            r"(?<![ก-๎])(?P<weekday>จันทร์|อังคาร|พุธ|พฤหัส(?:บดี)?|ศุกร์|เสาร์)\s*"
            r"(?P<which>ที่แล้ว|ที่ผ่านมา|ก่อน|นี้|หน้า(?!ที่)|ที่จะถึง(?:นี้)?)"
        ),
        _weekday,
    ),
    (
        re.compile(
            rf"(?:{NUMBER}\s*-\s*)?(?P<number>{NUMBER})\s*(?P<unit>วัน|คืน|อาทิตย์|สัปดาห์|เดือน|ปี|ชั่วโมง|ชม\.?|นาที)\s*"
            rf"(?:{_AGO})"
        ),
        _ago,
    ),
    (
        re.compile(r"(?P<number>)(?P<unit>อาทิตย์|สัปดาห์|เดือน|ปี|ชั่วโมง)\s*(?:ที่แล้ว|ที่ผ่านมา|ก่อน(?!\s*(?:หน้า(?!นี้)|จะ|วัน)))"),
        _ago,
    ),
    (
        re.compile(
            rf"(?:มา(?:ได้|เป็นเวลา)?\s*)?(?:{NUMBER}\s*-\s*)?(?P<number>{NUMBER})\s*"
            r"(?P<unit>วัน|คืน|อาทิตย์|สัปดาห์|เดือน|ปี|ชั่วโมง|ชม\.?|นาที)\s*(?:กว่า\s*)?แล้ว"
        ),
        _ago,
    ),
    (re.compile(r"(?:มา)?เป็น(?P<number>)(?P<unit>อาทิตย์|สัปดาห์|เดือน|ปี)(?:กว่า)?แล้ว"), _ago),
    (re.compile(rf"อีก\s*(?P<number>{NUMBER})\s*(?P<unit>วัน|คืน|อาทิตย์|สัปดาห์|เดือน|ปี|ชั่วโมง|นาที)"), _ahead),
    (re.compile(r"(?P<number>)(?P<unit>อาทิตย์|สัปดาห์|เดือน|ปี)หน้า(?!ที่)"), _ahead),
]  # longer and surer forms first
