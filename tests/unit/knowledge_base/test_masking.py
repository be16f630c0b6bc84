"""Personal data does not reach the curators' list."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythainlp.corpus import thai_family_names, thai_female_names, thai_male_names

from core import thai
from knowledge_base.masking import mask

AROUND = st.sampled_from(["", "บัตรหายทำไง ", "สวัสดีครับ ", "โทรกลับ ", "ต่อภาษีรถ "])
FIRST = st.sampled_from(sorted(thai_male_names() | thai_female_names()))
LAST = st.sampled_from(sorted(thai_family_names()))
TITLE = st.sampled_from(["นาย", "นาง", "นางสาว", "น.ส.", "นาย ", "นางสาว "])
GAP = st.sampled_from(["", "-", " ", "."])
DIGIT = st.sampled_from("0123456789")
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def digits(text: str) -> str:
    return re.sub(r"\D", "", thai.normalise(text))


@given(AROUND, st.lists(DIGIT, min_size=13, max_size=13), GAP, st.booleans(), AROUND)
def test_no_citizen_number_survives(before: str, number: list[str], gap: str, in_thai: bool, after: str) -> None:
    written = gap.join(number)
    masked = mask(f"{before} {written.translate(THAI_DIGITS) if in_thai else written} {after}")
    assert digits(masked) == ""
    assert "[" in masked


@given(AROUND, st.sampled_from(["0", "+66", "66"]), st.lists(DIGIT, min_size=8, max_size=9), GAP, AROUND)
def test_no_telephone_survives(before: str, prefix: str, number: list[str], gap: str, after: str) -> None:
    assert digits(mask(f"{before} {prefix}{gap}{gap.join(number)} {after}")) == ""


@given(AROUND, st.from_regex(r"[a-z0-9]{1,12}([._+-][a-z0-9]{1,6})?@[a-z0-9]{2,10}(\.[a-z]{2,6}){1,2}", fullmatch=True), AROUND)
def test_no_address_of_electronic_mail_survives(before: str, address: str, after: str) -> None:
    assert "@" not in mask(f"{before} {address} {after}")


@given(AROUND, TITLE, FIRST, LAST, AROUND)
def test_no_name_after_a_title_survives(before: str, title: str, first: str, last: str, after: str) -> None:
    masked = mask(f"{before}{title}{first} {last} {after}")
    assert "[ชื่อ]" in masked
    rest = (
        masked.replace(thai.normalise(before), "")
        .replace(thai.normalise(after), "")
        .replace("[ชื่อ]", "")
        .replace(title.strip(), "")
    )
    assert rest.strip() in ("", "สาว")  # of นาง with a name like สาวิตรี


@given(st.text(max_size=300))
def test_any_text_can_be_masked(text: str) -> None:
    mask(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("นายสมชาย ใจดี 1-1017-00230-70-8 โทร 081-234-5678 บัตรหายทำไง", "นาย[ชื่อ] [เลขบัตร] โทร [โทรศัพท์] บัตรหายทำไง"),
        ("บ้านเลขที่ 99/12 หมู่ 3 น้ำไม่ไหล", "บ้านเลขที่[เลขที่] หมู่ 3 น้ำไม่ไหล"),
        ("อยู่ 45/6 ซอย 2 ขอมิเตอร์ไฟ", "อยู่ [เลขที่] ซอย 2 ขอมิเตอร์ไฟ"),
        ("เมลมาที่ somchai.j@example.co.th นะ", "เมลมาที่ [อีเมล] นะ"),
        ("บัญชี 123-4-56789-0 เงินไม่เข้า", "บัญชี [เลข] เงินไม่เข้า"),
        ("นางสาวมาลี ขอถามเรื่องบัตร", "นางสาว[ชื่อ] ขอถามเรื่องบัตร"),
        ("Mr. Smith asks", "mr.[ชื่อ]"),
        ("นายอิทธิ ชุมสาย ณ อยุธยา ถาม", "นาย[ชื่อ] ถาม"),
        ("นายกงกฤช กกขุนทด ถาม", "นาย[ชื่อ] ถาม"),
    ],
)
def test_what_is_left_can_be_read(typed: str, kept: str) -> None:
    assert mask(typed) == kept


@pytest.mark.parametrize(
    "text",
    [
        "นายจ้างไม่จ่ายค่าจ้าง",
        "นายกเทศมนตรีชื่ออะไร",
        "นายก อบต. มาวันไหน",
        "ให้นายทะเบียนไปจดที่งานได้ไหม",
        "เจ้านายให้ไปขอใบตรวจประวัติ",
        "ภ.ง.ด.90/91 ยื่นวันไหน",
        "อายุ 60 ได้เดือนละ 600 บาท",
        "ม.33 ส่ง 12 เดือนใน 36 เดือน",
        "โทร 1330",
        "ปี 2569",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert mask(text) == text
