"""Days as Thais say and write them: เมื่อวาน, 3 วันก่อน, วันจันทร์หน้า, ต้นเดือน, ๕ พ.ย. ๖๙."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.thai.day_words import FIXED, HOLIDAYS
from bot.thai.numerals import COUNT, NUMBER, WORDS, value_of


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
_ENGLISH = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_ENGLISH_UNITS = {"day": "วัน", "week": "อาทิตย์", "month": "เดือน", "year": "ปี", "hour": "ชั่วโมง", "minute": "นาที"}
_YEAR = r"(?:\s*(?:พ\.?ศ\.?|ค\.?ศ\.?|ปี)?\s*(?P<year>\d{4}|\d{2})(?![\d.:/]|\s*(?:น\.|นาฬิกา|โมง|ทุ่ม|วัน|คน|ดวง|หลัง|บาท)))?"
_AGO = r"(?:ที่|ที)แล้ว|ที่ผ่านมา|ก่อน(?!\s*(?:หน้า(?!นี้)|จะ|วัน(?!นี้)))|ก่อนหน้านี้|มาแล้ว|มานี้|ago"
_UNIT = r"วัน|คืน|อาทิตย์|สัปดาห์|เดือน|ปี|ชั่วโมง|ชม\.?|นาที|days?|weeks?|months?|years?|hours?|minutes?"
_ALREADY = r"(?:แล้ว|แล่ว|แระ|ล่ะ|ละ(?!\s*\d)|เต็ม|ติด|ซ้อน)"
_WHICH = r"ที่แล้ว|ที่ผ่านมา|ก่อน|นี้|หน้า(?!ที่)|ที่จะถึง(?:นี้)?|ที่จะมา(?:ถึง)?(?:นี้)?"
_WHICH_MONTH = r"(?:เดือน|ด\.)\s*(?P<which>ที่แล้ว|ที่ผ่านมา|ก่อน|นี้|หน้า(?!ที่))"
_WHICH_YEAR = r"\s*(?:ของ)?ปี\s*(?P<which_year>ที่แล้ว|ที่ผ่านมา|ก่อน|นี้|หน้า(?!ที่))"
_BACK_AND_FORTH = {"ที่แล้ว": -1, "ที่ผ่านมา": -1, "ก่อน": -1, "หน้า": 1}

# "เมื่อคืนวันศุกร์" is of Friday, not of yesterday.
_NO_OTHER_DAY = rf"(?!\s*(?:ของ\s*)?(?:วัน\s*(?:ที่\s*\d|{'|'.join(_WEEKDAYS)})|วัน\s*พฤหัส))"
_FIXED_PATTERN = rf"(?:{'|'.join(re.escape(word) for word in sorted(FIXED, key=len, reverse=True))}){_NO_OTHER_DAY}"
_HOLIDAY_PATTERN = "|".join(sorted(HOLIDAYS, key=len, reverse=True))


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
    days = FIXED[match.group()]
    if match.group() in ("เมื่อเย็น", "เมื่อตอนเย็น", "เมื่อหัวค่ำ") and now.hour >= 18:
        days = 0
    return now.date() + timedelta(days=days)


def _holiday(match: re.Match[str], now: datetime) -> date | None:
    month, day = HOLIDAYS[match["holiday"]]
    return _in_year(match, now, month, day)


def _in_year(match: re.Match[str], now: datetime, month: int, day: int) -> date | None:
    """Read a day of the year: of the one that is said ("ปีที่แล้ว"), else the one nearest to now."""
    said = match["which_year"]
    steps = (_BACK_AND_FORTH.get(said, 0),) if said else (-1, 0, 1)
    return _nearest(now, [(now.year + step, month, day) for step in steps])


def _iso(match: re.Match[str], now: datetime) -> date:
    return date(_year(match["year"], now), int(match["month"]), int(match["day"]))


def _written(match: re.Match[str], now: datetime) -> date | None:
    """Read "5 พ.ย. 69"; without a year it is the one nearest to now."""
    month = _month(match)
    day = value_of(match["day"] or match["day_words"])
    if match["year"]:
        return date(_year(match["year"], now), month, day)
    return _in_year(match, now, month, day)


def _month(match: re.Match[str]) -> int:
    return next(number for number in range(1, 13) if match[f"m{number}"])


def _part_of_named_month(match: re.Match[str], now: datetime) -> date | None:
    """Read "ต้นเดือนตุลา" and "เดือนตุลา": the first, the 15th or the last day."""
    month = _month(match)
    year = _year(match["year"], now) if match["year"] else (_in_year(match, now, month, 1) or now).year
    last = monthrange(year, month)[1]
    return date(year, month, {"ต้น": 1, None: 1, "กลาง": 15}.get(match["part"], last))


def _slashed(match: re.Match[str], now: datetime) -> date | None:
    day, month = int(match["day"]), int(match["month"])
    if match["year"]:
        return date(_year(match["year"], now), month, day)
    return _in_year(match, now, month, day)


def _of_month(match: re.Match[str], now: datetime) -> date | None:
    """Read "วันที่ 5": of the month that makes it nearest to now, or of the last, if it is "ที่ผ่านมา"."""
    days = [first.replace(day=value_of(match["day"])) for first in _months_with(match, now)]
    if match["past"]:
        days = [day for day in days if day <= now.date()]
    return min(days, key=lambda day: abs(day - now.date()), default=None)


def _months_with(match: re.Match[str], now: datetime) -> list[date]:
    months = [_month_away(now.date(), step) for step in ((0,) if match["present"] else (-1, 0, 1))]
    return [first for first in months if value_of(match["day"]) <= monthrange(first.year, first.month)[1]]


def _of_which_month(match: re.Match[str], now: datetime) -> date:
    """Read "วันที่ 5 เดือนที่แล้ว"."""
    return _month_away(now.date(), _BACK_AND_FORTH.get(match["which"], 0)).replace(day=value_of(match["day"]))


def _weekday(match: re.Match[str], now: datetime) -> date:
    """Read "วันจันทร์ที่แล้ว"; "วันจันทร์" alone is the last one, for people mostly tell what has happened."""
    wanted = next(place for place, name in enumerate(_WEEKDAYS) if name.startswith(match["weekday"].rstrip("ฯ")))
    today = now.date()
    which = match["which"] or ""
    if which.startswith(("หน้า", "next")):
        return today + timedelta(days=7 - today.weekday() + wanted)
    if which.startswith(("นี้", "ที่จะ", "this")):
        return today + timedelta(days=(wanted - today.weekday()) % 7)
    back = (today.weekday() - wanted) % 7
    return today - timedelta(days=back or (7 if which else 0))


def _ago(match: re.Match[str], now: datetime) -> date | datetime:
    return _moved(now, -_count(match), match["unit"])


def _ahead(match: re.Match[str], now: datetime) -> date | datetime:
    return _moved(now, _count(match), match["unit"])


def _half(match: re.Match[str], now: datetime) -> date | datetime:
    """Read "ครึ่งชั่วโมงที่แล้ว", "ชั่วโมงครึ่งแล้ว" and "อีกครึ่งเดือน"."""
    whole = _count(match) if match["whole"] else 0
    sign = 1 if match.group().startswith("อีก") else -1
    if match["unit"] in ("ชั่วโมง", "ชม.", "ชม"):
        return now + sign * timedelta(minutes=60 * whole + 30)
    days = {"เดือน": 15, "ปี": 182}[match["unit"]]
    return _moved(datetime.combine(now.date() + sign * timedelta(days=days), now.time()), sign * whole, match["unit"])


def _english_weekday(match: re.Match[str], now: datetime) -> date:
    wanted = _ENGLISH.index(match["weekday"][:3])
    today = now.date()
    if match["which"] == "next":
        return today + timedelta(days=7 - today.weekday() + wanted)
    if match["which"] == "this":
        return today + timedelta(days=(wanted - today.weekday()) % 7)
    return today - timedelta(days=(today.weekday() - wanted) % 7 or 7)


def _english_unit(match: re.Match[str], now: datetime) -> date | datetime:
    return _moved(now, -1 if match["which"] == "last" else 1, match["unit"])


def _count(match: re.Match[str]) -> int:
    return value_of(match["number"]) if match["number"] else 1


def _moved(now: datetime, count: int, unit: str) -> date | datetime:
    unit = _ENGLISH_UNITS.get(unit.rstrip("s"), unit)
    if unit in ("ชั่วโมง", "ชม.", "ชม"):
        return now + timedelta(hours=count)
    if unit == "นาที":
        return now + timedelta(minutes=count)
    if unit in ("เดือน", "ปี"):
        first = _month_away(now.date(), count * (12 if unit == "ปี" else 1))
        return first.replace(day=min(now.day, monthrange(first.year, first.month)[1]))
    return now.date() + timedelta(days=count * (1 if unit in ("วัน", "คืน") else 7))


def _part_of_month(match: re.Match[str], now: datetime) -> date:
    step = _BACK_AND_FORTH.get(match["which"], 0)
    first = _month_away(now.date(), step)
    last = monthrange(first.year, first.month)[1]
    return first.replace(day={"ต้น": 1, "กลาง": 15}.get(match["part"], last))


def _part_of_year(match: re.Match[str], now: datetime) -> date:
    year = now.year + _BACK_AND_FORTH.get(match["which"], 0)
    return {"ต้น": date(year, 1, 1), "กลาง": date(year, 7, 1)}.get(match["part"], date(year, 12, 31))


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
            rf"(?:วัน\s*{_WEEKDAY}\s*(?:ที่)?\s*|วันที่\s*)?(?:(?<![\d/.])(?P<day>\d{{1,2}})|(?<=ที่)(?P<day_words>{WORDS}))[\s\-]*(?:เดือน\s*)?(?:{_MONTH})"
            rf"(?![a-z])-?{_YEAR}(?:{_WHICH_YEAR})?"
        ),
        _written,
    ),
    (
        re.compile(
            r"(?:วันที่\s*)?(?<![\d/.\-])(?P<day>\d{1,2})(?P<sep>[/\-.])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})(?P<which_year>)"
            r"(?![\d/\-]|\.\d)"
        ),
        _slashed,
    ),
    (
        re.compile(
            r"(?:วันที่|เมื่อ|ตั้งแต่|ถึง)\s*(?P<day>\d{1,2})[/\-](?P<month>\d{1,2})(?P<year>)(?P<which_year>)"
            r"(?![\d/\-]|\s*(?:หมู่|ม\.))"
        ),
        _slashed,
    ),
    (re.compile(rf"วันที่\s*(?P<day>\d{{1,2}}|{WORDS})\s*{_WHICH_MONTH}"), _of_which_month),
    (
        re.compile(
            rf"(?:วันที่|วัน\s*{_WEEKDAY}\s*ที่)\s*(?P<day>\d{{1,2}}(?![\d/\-.:])|{WORDS}(?!โมง|ทุ่ม))"
            r"(?!\s*(?:คน|วัน(?!นี้)|โมง|ทุ่ม|น\.))(?:\s*(?:(?P<past>ที่ผ่านมา|ที่แล้ว)|(?P<present>นี้)))?"
        ),
        _of_month,
    ),
    (re.compile(_FIXED_PATTERN), _fixed),
    (
        re.compile(rf"(?:(?P<part>ต้น|กลาง|สิ้น|ปลาย)\s*(?:เดือน)?|เดือน)\s*(?:{_MONTH})(?![a-z]){_YEAR}(?:{_WHICH_YEAR})?"),
        _part_of_named_month,
    ),
    (re.compile(r"(?P<part>ต้น|กลาง|สิ้น|ปลาย)เดือน\s*(?P<which>ที่แล้ว|ที่ผ่านมา|ก่อน|นี้|หน้า)?"), _part_of_month),
    (re.compile(r"(?P<part>ต้น|กลาง|สิ้น|ปลาย)ปี\s*(?P<which>ที่แล้ว|ที่ผ่านมา|ก่อน|นี้|หน้า)?"), _part_of_year),
    (
        re.compile(rf"(?<!ทุก)(?<!ทุกๆ)วัน\s*{_WEEKDAY}(?!\s*(?:ถึง|-|–))\s*(?P<which>{_WHICH})?"),
        _weekday,
    ),
    (
        re.compile(
            r"(?<!ดวง)(?<!ซอย)(?<!ถนน)(?<!วัน)(?P<weekday>จันทร์|อังคาร|พุธ|พฤหัส(?:บดี|ฯ)?|ศุกร์|เสาร์)\s*"
            rf"(?P<which>{_WHICH})"
        ),
        _weekday,
    ),
    (
        re.compile(rf"(?P<whole>)ครึ่ง(?P<unit>ชั่วโมง|ชม\.?|เดือน|ปี)\s*(?:{_AGO}|กว่า(?:ๆ)?\s*แล้ว|{_ALREADY})"),
        _half,
    ),
    (
        re.compile(rf"(?P<whole>(?P<number>{COUNT})?\s*)(?P<unit>ชั่วโมง|ชม\.?|เดือน|ปี)ครึ่ง\s*(?:{_AGO}|กว่า(?:ๆ)?\s*แล้ว|{_ALREADY})"),
        _half,
    ),
    (re.compile(r"อีก\s*(?P<whole>)ครึ่ง(?P<unit>ชั่วโมง|ชม\.?|เดือน|ปี)"), _half),
    (re.compile(rf"(?:{NUMBER}\s*-\s*)?(?P<number>{COUNT})\s*(?P<unit>{_UNIT})\s*(?:กว่าๆ?\s*)?(?:{_AGO})"), _ago),
    (
        re.compile(
            r"(?P<number>)(?P<unit>อาทิตย์|สัปดาห์|เดือน|ปี|ชั่วโมง)\s*(?:นึง|หนึ่ง|กว่า)?\s*"
            r"(?:ที่แล้ว|ที่ผ่านมา|ก่อน(?!\s*(?:หน้า(?!นี้)|จะ|วัน)))"
        ),
        _ago,
    ),
    (
        re.compile(
            rf"(?:มา(?:ได้|เป็นเวลา|ตั้ง|เกือบ|ร่วม|กว่า|ประมาณ)*\s*)?(?:{NUMBER}\s*-\s*)?(?P<number>{COUNT})\s*"
            rf"(?P<unit>{_UNIT})\s*(?:กว่าๆ?\s*|กว่าๆ?ๆ\s*)?{_ALREADY}"
        ),
        _ago,
    ),
    (
        re.compile(
            rf"(?:มา(?:ได้|เป็นเวลา|ตั้ง|เกือบ|ร่วม|กว่า|ประมาณ)*|นาน(?:ได้|ถึง|กว่า|เกือบ|ร่วม)*)\s*(?P<number>{COUNT})\s*"
            r"(?P<unit>วัน|คืน|อาทิตย์|สัปดาห์|เดือน|ปี|ชั่วโมง|ชม\.?)(?:กว่าๆ?)?(?!\s*(?:ละ|ต่อ|/|หน้า|ข้างหน้า|หลัง|ที่))"
        ),
        _ago,
    ),
    (
        re.compile(
            r"(?:มา)?(?:เป็น|ร่วม|เกือบ|จะ|ได้)+(?P<number>)(?P<unit>อาทิตย์|สัปดาห์|เดือน|ปี|ชั่วโมง)(?:นึง|หนึ่ง|กว่า|ๆ)*\s*" + _ALREADY
        ),
        _ago,
    ),
    (re.compile(r"(?:มา\s*)?(?P<number>)(?P<unit>อาทิตย์|สัปดาห์|เดือน|ปี|ชั่วโมง)(?:นึง|หนึ่ง|กว่า)\s*" + _ALREADY), _ago),
    (re.compile(rf"(?:อีก|in)\s*(?P<number>{COUNT})\s*(?P<unit>{_UNIT})"), _ahead),
    (re.compile(r"อีก(?P<number>)(?P<unit>วัน|อาทิตย์|สัปดาห์|เดือน|ปี|ชั่วโมง)(?:นึง|หนึ่ง|เดียว)"), _ahead),
    (re.compile(r"(?P<number>)(?P<unit>อาทิตย์|สัปดาห์|เดือน|ปี)หน้า(?!ที่)"), _ahead),
    (re.compile(rf"(?P<holiday>{_HOLIDAY_PATTERN})(?:{_WHICH_YEAR})?"), _holiday),
    (
        re.compile(
            r"(?P<which>last|next|this|on)\s+(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?(?![a-z])"
        ),
        _english_weekday,
    ),
    (re.compile(r"(?P<which>last|next)\s+(?P<unit>week|month|year)(?![a-z])"), _english_unit),
]  # longer and surer forms first
