"""Case numbers, citizen numbers and telephones, however they are written."""

from __future__ import annotations

import pytest

from bot.thai.numbers import find_numbers, is_citizen_id, national_phone


def found(text: str) -> list[tuple[str, str, str]]:
    return [(one["entity"], text[one["start"] : one["end"]], one["value"]) for one in find_numbers(text)]


@pytest.mark.parametrize(
    "written",
    ["P69-000123-4", "p69-000123-4", "P๖๙-๐๐๐๑๒๓-๔", "p690001234", "P 69 000123 4", "P69–000123–4", "p69 - 000123 - 4"],
)
def test_a_case_number_has_one_form(written: str) -> None:
    assert found(f"เรื่อง {written} ถึงไหนแล้ว") == [("case_number", written, "P69-000123-4")]


@pytest.mark.parametrize("text", ["ship69-000123-4", "P69-00012-4", "P69-000123-45", "p6900012345"])
def test_what_only_looks_like_a_case_number_is_none(text: str) -> None:
    assert not [one for one in found(text) if one[0] == "case_number"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0812345678", "0812345678"),
        ("081-234-5678", "0812345678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "0812345678"),
        ("+66 81 234 5678", "0812345678"),
        ("66812345678", "0812345678"),
        ("+66 (0)81-234-5678", "0812345678"),
        ("02-123-4567", "021234567"),
        ("044.123456", "044123456"),
    ],
)
def test_a_phone_has_its_national_digits(written: str, value: str) -> None:
    assert found(f"โทรกลับ {written} นะคะ") == [("phone", written, value)]


@pytest.mark.parametrize("text", ["08123456789", "0012345678", "เลขที่ 081", "0999"])
def test_a_number_that_nobody_has_is_no_phone(text: str) -> None:
    assert found(text) == []


def test_a_citizen_number_must_fit_its_last_digit() -> None:
    assert is_citizen_id("1234567890121")
    assert not is_citizen_id("1234567890122")
    assert not is_citizen_id("0234567890121")
    assert found("บัตร 1-2345-67890-12-1 ครับ") == [("citizen_id", "1-2345-67890-12-1", "1234567890121")]
    assert found("บัตร 1234567890122") == []


def test_nonsense_is_no_phone() -> None:
    assert national_phone("0") is None
