"""Values: what stands in one cell, as text, and back; the same for YAML, CSV and XLSX."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from core import clock

STATES: Mapping[str, str] = {
    "draft": "draft",
    "ร่าง": "draft",
    "ฉบับร่าง": "draft",
    "in_review": "in_review",
    "in review": "in_review",
    "รอตรวจ": "in_review",
    "รอตรวจทาน": "in_review",
    "published": "published",
    "เผยแพร่": "published",
    "เผยแพร่แล้ว": "published",
    "เผยแพร่อยู่": "published",
    "archived": "archived",
    "เลิกใช้": "archived",
    "เก็บเข้าคลัง": "archived",
}
YES, NO = "ใช่", "ไม่ใช่"
_YES = frozenset({YES, "จริง", "ยืนยันแล้ว", "เปิด", "true", "yes", "y", "1"})
_NO = frozenset({NO, "ไม่", "เท็จ", "ยังไม่ยืนยัน", "ปิด", "false", "no", "n", "0"})
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_NAMED = re.compile(r"(\d{1,2})\s*([\u0e01-\u0e4e.]+?)\s*(?:พ\.ศ\.\s*)?(\d{4})")
_MONTHS = {name: number for names in (clock.MONTHS, clock.SHORT_MONTHS) for number, name in enumerate(names, start=1)}
_BUDDHIST = 2400  # years from here on are Buddhist
_YEARS = range(1990, 2200)


class BadValue(ValueError):
    """A cell that cannot be read; the words are Thai."""


def clean(text: str) -> str:
    """One kind of line end, nothing that cannot be seen but must not be stored, no space at the ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs")).strip()


def joined(items: list[str]) -> str:
    r"""A list as one cell, one item a line; a line end inside an item is written "\\n", and a backslash twice."""
    return "\n".join(item.replace("\\", "\\\\").replace("\n", "\\n") for item in items)


def split(text: str) -> list[str]:
    r"""The items of a cell; empty lines are passed over. "\\n" is a line end inside an item."""
    return [item for line in text.split("\n") if (item := _unescaped(line).strip())]


def _unescaped(line: str) -> str:
    return re.sub(r"\\([\\n])", lambda found: "\n" if found.group(1) == "n" else "\\", line)


def a_date(text: str) -> date:
    """A day: "2027-05-22", "22/05/2570", "๒๒/๕/๒๕๗๐" and "22 พฤษภาคม 2570" are the same.

    Raises:
        BadValue: it is none, or not in the calendar.
    """
    plain = text.translate(_DIGITS).strip()
    if found := _ISO.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := _SLASHES.fullmatch(plain):
        day, month, year = (int(part) for part in found.groups())
    elif (found := _NAMED.fullmatch(plain)) and found.group(2) in _MONTHS:
        day, month, year = int(found.group(1)), _MONTHS[found.group(2)], int(found.group(3))
    else:
        raise BadValue(f"อ่านวันที่ {_short(text)} ไม่ได้ ให้เขียนแบบ 2027-05-22 หรือ 22/05/2570")
    year -= 543 if year >= _BUDDHIST else 0
    try:
        read = date(year, month, day)
    except ValueError:
        raise BadValue(f"ไม่มีวันที่ {_short(text)} ในปฏิทิน") from None
    if year not in _YEARS:
        raise BadValue(f"ปีของวันที่ {_short(text)} ไม่น่าถูกต้อง")
    return read


def a_yes(text: str) -> bool:
    """Yes or no, in Thai or English.

    Raises:
        BadValue: it is neither.
    """
    plain = text.strip().lower()
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise BadValue(f"ต้องเป็น {YES} หรือ {NO} แต่พบ {_short(text)}")


def a_state(text: str) -> str:
    """A state by its name or Thai word: "ร่าง" -> "draft".

    Raises:
        BadValue: there is no such state.
    """
    if state := STATES.get(text.strip().lower()):
        return state
    raise BadValue(f"ไม่มีสถานะ {_short(text)} ให้ใช้ draft, in_review, published หรือ archived")


def a_number(text: str) -> int:
    """A whole number above 0.

    Raises:
        BadValue: it is none.
    """
    plain = text.strip().translate(_DIGITS)
    if re.fullmatch(r"[0-9]{1,9}", plain) and int(plain):
        return int(plain)
    raise BadValue(f"ต้องเป็นจำนวนเต็มบวก แต่พบ {_short(text)}")


def _short(text: str) -> str:
    """The text in quotes, cut: it may be a whole page in the wrong column."""
    plain = " ".join(text.split())
    return f"“{plain[:40]}…”" if len(plain) > 40 else f"“{plain}”"
