"""Masking: personal data taken out of a question before it is kept for the curators."""

import re
from functools import cache

from core import thai

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CITIZEN = re.compile(r"(?<!\d)\d(?:[ .\-_/]?\d){12}(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?66|0)(?:[ .\-_()]*\d){8,9}(?!\d)")
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ \-]?\d){8,}(?!\d)")  # bank accounts, cards, passports without letters
_HOUSE = re.compile(r"(บ้านเลขที่|เลขที่บ้าน|เลขที่|บ้าน|ห้อง|house no\.?|no\.)\s*\d+(?:\s*[/\-]\s*\d+)*")
_PLOT = re.compile(r"(?<![\d/.])\d{1,4}/\d{1,5}(?![\d/])(?=\s*(?:หมู่|ม\.|ซอย|ซ\.|ถนน|ถ\.|ต\.|ตำบล|แขวง|$|\s))")
_TITLE = re.compile(r"(นางสาว|น\.ส\.|นส\.|เด็กชาย|เด็กหญิง|ด\.ช\.|ด\.ญ\.|นาย|นาง|\b(?:mr|mrs|ms|miss)\b\.?)\s*")
_RUN = re.compile(r"[\u0e01-\u0e4ea-z.'-]+")
_SURNAME = re.compile(rf" ((?!ณ ){_RUN.pattern})")
_OF_PLACE = re.compile(rf" ณ {_RUN.pattern}")
# Words that begin with a title and are no name.
_NO_NAMES = (
    "นายจ้าง นายกเทศ นายกรัฐ นายกสมาคม นายกสภา นายกอบต นายกอบจ นายก\u0e2f นายอำเภอ นายทะเบียน นายหน้า นายทุน นายแพทย์ นายช่าง "
    "นายตำรวจ นายทหาร นายร้อย นายสถานี นายธนาคาร นายประกัน นายตรวจ นางพยาบาล นางแบบ นางงาม นางฟ้า นางเอก"
)
_SENTENCE_STARTS = (
    "ขอ จะ อยาก ต้อง ไม่ ทำ แจ้ง ถาม สอบถาม ใช้ เป็น อยู่ ที่ ได้ ไป มา มี ถูก โดน หาย ต่อ เปลี่ยน ย้าย ค่ะ คะ ครับ แล้ว และ กับ "
    "โทร เบอร์ บ้าน เลข อายุ เสียชีวิต ตาย เกิด ของ ชื่อ นามสกุล บัตร ทะเบียน"
)


def mask(text: str) -> str:
    """Take out what points to a person.

    Args:
        text: "นายสมชาย ใจดี 1-1017-00230-70-8 โทร 081-234-5678 บัตรหายทำไง".

    Returns:
        The clean text with marks in its place: "นาย[ชื่อ] [เลขบัตร] โทร [โทรศัพท์] บัตรหายทำไง". Rather a word too many
        is taken out than a name left in.
    """
    clean = thai.normalise(text)
    for pattern, mark in (
        (_EMAIL, "[อีเมล]"),
        (_CITIZEN, "[เลขบัตร]"),
        (_PHONE, "[โทรศัพท์]"),
        (_LONG_NUMBER, "[เลข]"),
        (_HOUSE, r"\1[เลขที่]"),
        (_PLOT, "[เลขที่]"),
    ):
        clean = pattern.sub(mark, clean)
    return _without_names(clean)


def _without_names(text: str) -> str:
    """Take out what follows a title up to the space, and the next word where it looks like a surname."""
    kept: list[str] = []
    position = 0
    for title in _TITLE.finditer(text):
        first = _RUN.match(text, title.end())
        if title.start() < position or first is None or _is_no_name(text, title, first.group()):
            continue
        kept += [text[position : title.start()], title.group(1), "[ชื่อ]"]
        position = _end_of_name(text, first.end())
    return "".join([*kept, text[position:]])


def _end_of_name(text: str, end: int) -> int:
    """Go over the surname, if one stands after the given name, and over "ณ อยุธยา"."""
    surname = _SURNAME.match(text, end)
    if surname is not None and _may_be_surname(surname.group(1)):
        end = surname.end()
    of_place = _OF_PLACE.match(text, end)
    return of_place.end() if of_place else end


def _is_no_name(text: str, title: re.Match[str], run: str) -> bool:
    """Tell words like นายจ้าง and เจ้านาย from titles; where a known given name follows, as in นางฟ้าใส, it is a title."""
    if text[: title.start()].endswith(("เจ้า", "ขุน")) or re.match(r"นายก(?:\s|$)", text[title.start() :]):
        return True
    word = next((word for word in _NO_NAMES.split() if text.startswith(word, title.start())), None)
    if word is None:
        return False
    surname = _SURNAME.match(text, title.end() + len(run))
    named = surname is not None and surname.group(1) in _surnames()  # then even นายธนาคาร is somebody
    shortest = len(word) - len(title.group()) + (not named)
    return not any(run[:length] in _given_names() for length in range(shortest, len(run) + 1))


def _may_be_surname(word: str) -> bool:
    return word in _surnames() or not word.startswith(tuple(_SENTENCE_STARTS.split()))


@cache
def _given_names() -> frozenset[str]:
    from pythainlp.corpus import thai_female_names, thai_male_names

    return frozenset(thai_female_names() | thai_male_names())


@cache
def _surnames() -> frozenset[str]:
    from pythainlp.corpus import thai_family_names

    return frozenset(thai_family_names())
