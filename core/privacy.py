"""Masking of personal data in what citizens and officers write, so that it may be shown or kept.

It errs on the side of hiding: a word too many is lost rather than a telephone number shown. Every step looks at each
character a bounded number of times, so the time grows with the length of the text only.
"""

import re
from collections.abc import Iterator
from functools import cache

PHONE, CITIZEN, NUMBER = "[เบอร์โทร]", "[เลขประชาชน]", "[หมายเลข]"
EMAIL, ACCOUNT, NAME, HOUSE = "[อีเมล]", "[ไอดี]", "[ชื่อ]", "[บ้านเลขที่]"

_Span = tuple[int, int, str]  # start, end, what stands there instead

_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")  # could break up a number unseen
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９＋（）．／＠‐‑‒–—−－\u00a0", "01234567890123456789+()./@-------\u0020")

_CASE_NUMBER = r"(?<![A-Za-z0-9])[Pp][5-9]\d-\d{6,9}-\d(?!\d)"
_RUN = re.compile(rf"(?P<case>{_CASE_NUMBER})|\+?\(?\d(?:[ \t.\-()*_]{{0,4}}\d)+", re.ASCII)
_BANK = re.compile(r"(?<!\d)(?!0[689])\d{3}-\d-\d{5}-\d(?!\d)", re.ASCII)  # an account as Thai banks write it
_GROUP = re.compile(r"\d+", re.ASCII)
_PHONE_DIGITS = re.compile(r"0[689]\d{8}|0[1-57]\d{7}|(?:00)?660?[689]\d{8}|(?:00)?660?[2-57]\d{7}|[689]\d{8}", re.ASCII)
_LONG = 9  # that many digits in one piece are somebody's number, whatever it is
_MANY = 5  # that many left over beside a number may be a part of another
_MOST = 15  # no number of a person has more digits

_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-")
_ACCOUNT = re.compile(
    r"(?:\bline|(?<!ออน)ไลน์?|facebook|\bfb|เฟซบุ๊ก|เฟสบุ๊ค|เฟส)[ \t]{0,3}(?:id|ไอดี)?[ \t]{0,3}[:=：]?[ \t]{0,3}"
    r"(?P<hide>@?[a-z0-9][a-z0-9._\-]{3,})|(?P<handle>@[a-z0-9_][a-z0-9._\-]{2,})",
    re.ASCII | re.IGNORECASE,
)

_LETTER = r"A-Za-z\u00c0-\u024f\u0e01-\u0e2e\u0e40-\u0e44"
_MARK = r"\u0e2f-\u0e3a\u0e45-\u0e4e"
# offices and common words that begin like a title and a name, and words that end like a title
_NOT_NAMES = (
    r"นายก(?:เทศ|รัฐ|อบ[ตจ]|องค์|สมาคม|เมือง|พัทยา|ฯ|\s|[().,!?]|$)|นาย(?<=เจ้านาย)|นาย(?:อำเภอ|ทะเบียน|ช่าง|จ้าง|หน้า|ตรวจ|สถานี|ทหาร|ตำรวจ)"
    r"|นาย(?<=ทนาย)ความ|นางเลิ้ง|คุณ(?:ภาพ|ค่า|ลักษณะ|ประโยชน์|ช่วย|ควร|ต้อง|ไม่|ได้)|คุณ(?<=ขอบคุณ)|คุณ(?<=ขอบพระคุณ)|คุณ(?<=บุญคุณ)"
)
_TITLE = (
    rf"(?!{_NOT_NAMES})(?:นางสาว|นาง(?!สาว(?![{_MARK}]))|นายแพทย์|แพทย์หญิง|นาย(?!แพทย์)|น\.ส\.|ด\.ช\.|ด\.ญ\.|เด็กชาย|เด็กหญิง|คุณ"
    r"|(?:ผม|ฉัน|หนู)ชื่อ|\b(?:mrs|mr|ms|miss|dr)\b\.?|\bmy\s{1,3}name\s{1,3}is\b)"
    rf"\s{{0,3}}(?=[{_LETTER}])"
)
# a word of a name stops where the next title begins, so that "นายสมชาย และนางสมศรี ใจดี" hides all three names
_WORD = rf"(?!{_TITLE})[{_LETTER}](?:(?!{_TITLE})[{_LETTER}{_MARK}.'’\-])*"
_POLITE = r"(?<!ค่ะ)(?<!คะ)(?<!ครับ)"  # after "คุณสมชายคะ" the sentence goes on, not the name
_NAME = re.compile(rf"{_TITLE}(?P<given>{_WORD})(?:{_POLITE}[ \t]{{1,3}}(?P<family>{_WORD}(?: ณ {_WORD})?))?", re.IGNORECASE)
_GOES_ON = (  # how a sentence goes on after a name: "นางสาวมาลี ขอถามเรื่องบัตร"
    "ขอ จะ อยาก ต้อง ไม่ ทำ แจ้ง ถาม สอบถาม ใช้ เป็น อยู่ ที่ ได้ ไป มา มี ถูก โดน หาย ต่อ เปลี่ยน ย้าย ค่ะ คะ ครับ แล้ว และ กับ "
    "โทร เบอร์ บ้าน เลข อายุ เสียชีวิต ตาย เกิด ของ ชื่อ นามสกุล บัตร ทะเบียน"
)

_HOUSE = re.compile(
    r"(?P<sign>บ้านเลขที่|บ้านที่|เลขที่บ้าน|เลขที่|ห้องเลขที่|ห้องที่|ห้อง)[ \t:]{0,3}"
    r"(?P<hide>\d{1,8}(?:[ \t]{0,2}(?:[/\-]|ทับ)[ \t]{0,2}\d{1,8}){0,3})"
    r"|(?<![\d/])(?P<slash>\d{1,5}[ \t]?/[ \t]?\d{1,5})(?![\d/])"
    r"|(?<![\d/])(?P<village>\d{1,5})(?=[ \t]{0,3}(?:หมู่|ม\.)[ \t]{0,3}(?:ที่)?[ \t]{0,3}\d)",
    re.ASCII,
)
# "ภ.ง.ด.90/91" is a form, "ซอยลาดพร้าว 71/2" is a street and "วันที่ 22/11" a day; "ซอยข้างบ้าน 71/2" may be a house
_STREET = re.compile(
    r"ด\.[ \t]{0,2}$|(?:ซอย|ซ\.|แยก)[ \t]{0,2}(?:(?!บ้าน|ห้อง|เลขที่)[^\s\d/]){0,24}[ \t]{0,2}$|(?:วันที่|เมื่อ)[ \t]{0,2}$"
)
_POLE = re.compile(r"เสา(?:ไฟ)?(?:ฟ้า)?(?:ต้น)?[ \t]{0,3}$")  # "เสาไฟเลขที่ 12" helps to find the lamp


def mask(text: str) -> str:
    """Replace personal data: telephone and citizen numbers, e-mails, account names, names after a title, house numbers.

    Args:
        text: Such as "ติดต่อนายสมชาย ใจดี 081-234-5678 บ้านเลขที่ 99/1 ซอย 5".

    Returns:
        "ติดต่อนาย[ชื่อ] [เบอร์โทร] บ้านเลขที่ [บ้านเลขที่] ซอย 5". Digits may be Thai, and numbers may be broken up by spaces,
        dots or dashes. Case numbers stay.
    """
    text = _HIDDEN.sub("", text)
    folded = text.translate(_DIGITS)  # one character for one, so that places are the same in both
    found = sorted([*_emails(folded), *_accounts(folded), *_numbers(folded), *_names(folded), *_houses(folded)])
    return _replaced(text, found)


def _replaced(text: str, found: list[_Span]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, instead in found:
        if start >= done:
            pieces += [text[done:start], instead]
        done = max(done, end)  # of two that overlap the first gives the word, both are hidden
    return "".join([*pieces, text[done:]])


def _emails(text: str) -> Iterator[_Span]:
    """Walk outwards from every @; a pattern would look at a long word again from each of its letters."""
    done = 0
    at = text.find("@")
    while at >= 0:
        start, end = at, at + 1
        while start > done and text[start - 1] in _LOCAL:
            start -= 1
        while end < len(text) and text[end] in _LOCAL:
            end += 1
        if start < at and end > at + 1:
            yield start, end, EMAIL
            done = end
        at = text.find("@", max(end, at + 1))


def _accounts(text: str) -> Iterator[_Span]:
    for match in _ACCOUNT.finditer(text):
        name = "hide" if match["hide"] else "handle"
        yield match.start(name), match.end(name), ACCOUNT


def _numbers(text: str) -> Iterator[_Span]:
    for account in _BANK.finditer(text):
        yield account.start(), account.end(), NUMBER
    for run in _RUN.finditer(text):
        if run["case"] is None:
            yield from _in_run([(group.start() + run.start(), group.group()) for group in _GROUP.finditer(run.group())], text)


def _in_run(groups: list[tuple[int, str]], text: str) -> Iterator[_Span]:
    """Find the numbers of persons among groups of digits that stand close together: 5 | 081 | 234 | 5678."""
    index = 0
    spared: list[tuple[int, str]] = []
    found: list[_Span] = []
    while index < len(groups):
        taken, instead = _longest(groups, index)
        if taken:
            found += [*_rest(spared), _span(groups[index : index + taken], text, instead)]
            spared = []
        else:
            spared.append(groups[index])
        index += taken or 1
    if found:
        yield from (*found, *_rest(spared))


def _rest(groups: list[tuple[int, str]]) -> list[_Span]:
    """Beside a number many digits may be a part of the next one, wrongly cut; a few are a soi or a count."""
    if sum(len(digits) for _, digits in groups) < _MANY:
        return []
    return [_span(groups, "", NUMBER)]


def _span(groups: list[tuple[int, str]], text: str, instead: str) -> _Span:
    start, (last, digits) = groups[0][0], groups[-1]
    while start > 0 and text[start - 1 : start] in ("+", "("):
        start -= 1
    return start, last + len(digits), instead


def _longest(groups: list[tuple[int, str]], index: int) -> tuple[int, str]:
    """How many groups from ``index`` on make a number, the most that do, and what to write instead; 0 when none do."""
    best: tuple[int, str] = (0, "")
    digits = ""
    for count, (_, group) in enumerate(groups[index : index + _MOST], start=1):
        digits += group
        instead = _kind(digits, pieces=count)
        if instead:
            best = (count, instead)
        if len(digits) > _MOST:
            break
    return best


def _kind(digits: str, *, pieces: int) -> str:
    if len(digits) == 13:
        return CITIZEN
    if _PHONE_DIGITS.fullmatch(digits):
        return PHONE
    return NUMBER if pieces == 1 and len(digits) >= _LONG else ""


def _names(text: str) -> Iterator[_Span]:
    for match in _NAME.finditer(text):
        family = match["family"]
        yield match.start("given"), match.end("family" if family and _is_family_name(family) else "given"), NAME


def _is_family_name(word: str) -> bool:
    """Tell a surname from the sentence that goes on; a known surname is one even when it begins like a sentence."""
    return not word.startswith(tuple(_GOES_ON.split())) or word in _family_names()


@cache
def _family_names() -> frozenset[str]:
    from pythainlp.corpus import thai_family_names  # read when first needed: it is a large file

    return frozenset(thai_family_names())


def _houses(text: str) -> Iterator[_Span]:
    for match in _HOUSE.finditer(text):
        before = text[max(match.start() - 32, 0) : match.start()]
        if match["hide"] is not None:
            if not (match["sign"].startswith("เลขที่") and _POLE.search(before)):
                yield match.start("hide"), match.end("hide"), HOUSE
        elif match["slash"] is None:
            yield match.start("village"), match.end("village"), HOUSE
        elif not _STREET.search(before):
            yield match.start("slash"), match.end("slash"), HOUSE
