"""Thai text: one spelling for what people type, words, and a way back to the text as it was typed."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import thai

THAI = "".join(map(chr, range(0x0E01, 0x0E3B))) + "".join(map(chr, range(0x0E40, 0x0E5C)))
MESSY = st.text(st.sampled_from(THAI + "มมากกเเแํา่้ ๆๆ\u200b\u0301\ufeff \n\t😀aAé5๕.-/"), max_size=60)
TEXTS = st.one_of(MESSY, st.text(max_size=60))


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("มากกกก", "มาก"),
        ("ถนนนนน", "ถนน"),
        ("ถนน กรรม ธรรม", "ถนน กรรม ธรรม"),
        ("แบบบบบ", "แบบ"),
        ("ครับบ", "ครับ"),
        ("เข้าระบบ ไม่ได้ครับบ", "เข้าระบบ ไม่ได้ครับ"),
        ("มากกว่า", "มากกว่า"),
        ("ททท. สสส", "ททท. สสส"),
        ("ต่างๆ มากๆๆๆ", "ต่างๆ มากๆ"),
        ("ค่าาาา", "ค่า"),
        ("เเมว", "แมว"),
        ("นํ้า นำ้ น้ํา", "น้ำ น้ำ น้ำ"),
        ("ท่ี่นี่", "ที่นี่"),
        ("ดี้้", "ดี้"),
        ("ก\u200bา\ufeff", "กา"),
        ("ซอย ๕", "ซอย 5"),
        ("0811111111", "0811111111"),
        ("HELLO Café", "hello café"),
        ("hellooooo", "hello"),
        ("จริง!!!!", "จริง!"),
        ("  ก \n\n ข  ", "ก ข"),
        ("e\u0301", "é"),
        ("ก\ud800", "ก\ufffd"),
        ("", ""),
    ],
)
def test_normalise(typed: str, clean: str) -> None:
    assert thai.normalise(typed) == clean


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ไฟถนนดับ 3 ดวง", ["ไฟถนน", "ดับ", "3", "ดวง"]),
        ("ร้องทุกข์เรื่องฝาท่อ", ["ร้องทุกข์", "เรื่อง", "ฝาท่อ"]),
        ("โทร 081-234-5678", ["โทร", "081-234-5678"]),
        ("Wi-Fi เสีย😀", ["wi-fi", "เสีย", "😀"]),
        ("   ", []),
    ],
)
def test_words(typed: str, words: list[str]) -> None:
    assert thai.words(typed) == words


def test_spans_cover_what_was_typed() -> None:
    typed = "😀 น้ำท่วมมมม\u200b ซอย ๕"

    assert [(word, typed[start:end]) for word, start, end in thai.spans(typed)] == [
        ("😀", "😀"),
        ("น้ำท่วม", "น้ำท่วมมมม\u200b"),
        ("ซอย", "ซอย"),
        ("5", "๕"),
    ]


@given(TEXTS)
def test_normalising_twice_changes_nothing_more(typed: str) -> None:
    once = thai.normalise(typed)

    assert thai.normalise(once) == once


@given(TEXTS)
def test_the_composed_form_does_not_matter(typed: str) -> None:
    assert thai.normalise(unicodedata.normalize("NFC", typed)) == thai.normalise(typed)


@given(TEXTS)
def test_every_clean_character_knows_its_origin(typed: str) -> None:
    clean, origin = thai.normalise_aligned(typed)

    assert len(clean) == len(origin)
    assert origin == sorted(origin)
    assert all(0 <= place < len(typed) for place in origin)


@given(TEXTS)
def test_spans_lie_in_order_inside_the_text(typed: str) -> None:
    found = thai.spans(typed)

    assert "".join(word for word, _, _ in found) == thai.normalise(typed).replace(" ", "")
    assert all(0 <= start < end <= len(typed) for _, start, end in found)
    assert [start for _, start, _ in found] == sorted(start for _, start, _ in found)


@pytest.mark.parametrize(
    "piece", ["ก", "ตากลม", "กา", "😀", "ุ้", "e\u0301", "\u0301\u0323", "a1", "1.", "-'", "มหา", "เ", "ๆ", "ขนบนอกก", " \n", "ํา"]
)
def test_ten_thousand_characters_are_no_matter(piece: str) -> None:
    typed = (piece * 10_000)[:10_000]
    thai.words("ไฟดับ")
    began = time.perf_counter()

    thai.spans(typed)

    assert time.perf_counter() - began < 1


@given(st.text(max_size=40), st.integers(0, 40))
@settings(max_examples=200)
def test_clipping_keeps_to_the_limit(typed: str, limit: int) -> None:
    clipped = thai.clip_utf16(typed, limit)

    assert thai.utf16_len(clipped) <= limit
    assert typed.startswith(clipped)
    assert clipped == typed or thai.utf16_len(typed) > limit


def test_clipping_cuts_no_letter_from_its_marks() -> None:
    assert thai.clip_utf16("ที่นี่", 4) == "ที่"
    assert thai.clip_utf16("ที่", 2) == ""
    assert thai.clip_utf16("ก😀", 2) == "ก"
    assert thai.utf16_len("ก😀") == 3


def test_a_double_letter_before_the_same_initial_stays() -> None:
    assert thai.normalise("แบบบ้าน") == "แบบบ้าน"
    assert thai.normalise("แบบบบ") == "แบบ"
