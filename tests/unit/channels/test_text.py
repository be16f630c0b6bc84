"""Texts within the limits of platforms that count in different ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.text import clip, split, utf8_len, utf16_len

THAI = "ถนนหน้าบ้านไฟดับมา 3 วันแล้วค่ะ น้ำก็ไม่ไหล ช่วยมาดูให้หน่อยนะคะ\n\n" * 40


@pytest.mark.parametrize("measure", [len, utf16_len, utf8_len])
@given(text=st.text(alphabet="กขนที่้ำเแ💡👩‍🚒 \nab", max_size=400), limit=st.integers(12, 60))
def test_no_part_is_too_long_and_nothing_but_blanks_is_lost(measure, text: str, limit: int) -> None:  # type: ignore[no-untyped-def]
    parts = split(text, limit, measure)
    assert all(0 < measure(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert measure(clip(text, limit, measure)) <= limit


def test_a_text_is_cut_between_sentences() -> None:
    parts = split(THAI, 333, len)
    assert all(part.endswith("นะคะ") for part in parts)


def test_a_letter_keeps_its_marks() -> None:
    assert clip("ที่นี่ที่นี่", 6) == "ที่…"
    assert clip("น้ำ", 3) == "น้ำ"
    assert utf16_len("ไฟ💡") == 4
    assert utf8_len("ไฟ") == 6
