"""One wording for what people and curators write."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.content import ContentError
from knowledge_base.followup import asked_part, residue
from knowledge_base.wording import LONGEST_QUESTION, Wording, read_synonyms, trigrams

WORDING = Wording(read_synonyms())


@pytest.mark.parametrize(
    ("typed", "ours"),
    [
        ("บัตร ปชช หายยยย", "บัตรประชาชน หาย"),
        ("พาสปอต", "หนังสือเดินทาง"),
        ("ขอทบ.ใหม่", "ขอทะเบียนบ้านใหม่"),
        ("ใบขี่มอไซ", "ใบขับขี่รถจักรยานยนต์"),
        ("ใบขับขี่", "ใบขับขี่"),  # the typing error ใบขับขี inside it is left alone
        ("ทำยังไงเท่าไหร่", "ทำอย่างไรเท่าไร"),
        ("ทบทวน", "ทบทวน"),
    ],
)
def test_people_s_words_become_ours(typed: str, ours: str) -> None:
    assert WORDING.canonical(typed) == ours


def test_latin_synonyms_match_whole_words_only() -> None:
    wording = Wording({"id": "บัตร"})
    assert wording.canonical("ID หาย") == "บัตร หาย"
    assert wording.canonical("video") == "video"


def test_long_text_is_cut_and_punctuation_is_no_word() -> None:
    assert len(WORDING.canonical("บัตรหาย " * 5000)) <= LONGEST_QUESTION
    assert WORDING.words("บัตร!? 😀 -") == ("บัตร",)


def test_trigrams_reach_over_the_ends_and_forgive_spaces() -> None:
    assert trigrams("กข ค") == trigrams("กขค") == [" กข", "กขค", "ขค "]
    assert trigrams(" ") == []


@given(st.text(max_size=300))
def test_wording_takes_any_text(text: str) -> None:
    canonical = WORDING.canonical(text)
    WORDING.words(canonical)
    trigrams(canonical)
    asked_part(canonical)
    residue(canonical, WORDING)


def test_a_wrong_synonym_file_is_named(tmp_path: Path) -> None:
    assert read_synonyms(tmp_path) == {}
    (tmp_path / "synonyms.yml").write_text("- ปชช", encoding="utf-8")
    with pytest.raises(ContentError, match=r"synonyms.yml"):
        read_synonyms(tmp_path)


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("แล้วเสียค่าใช้จ่ายเท่าไหร่", "fee"),
        ("กี่บาทคะ", "fee"),
        ("how much is it", "fee"),
        ("ใช้เอกสารอะไรบ้าง", "documents"),
        ("ต้องเตรียมอะไรไปมั่ง", "documents"),
        ("what documents do i need", "documents"),
        ("ไปที่ไหน", "where"),
        ("where", "where"),
        ("เปิดกี่โมง", "hours"),
        ("วันเสาร์เปิดมั้ย", "hours"),
        ("ใช้เวลานานมั้ย", "time"),
        ("กี่วันได้อะ", "time"),
        ("ทำยังไง", "steps"),
        ("ขั้นตอนล่ะ", "steps"),
        ("ขอบคุณค่ะ", None),
        ("", None),
    ],
)
def test_the_part_that_is_asked_for(question: str, part: str | None) -> None:
    assert asked_part(WORDING.canonical(question)) == part


@pytest.mark.parametrize(
    "question", ["แล้วเสียค่าใช้จ่ายเท่าไหร่", "ใช้เอกสารอะไรบ้างคะ", "ต้องไปที่ไหนครับ", "เปิดวันเสาร์ไหม", "what documents do I need"]
)
def test_a_bare_follow_up_names_nothing(question: str) -> None:
    assert residue(WORDING.canonical(question), WORDING) == frozenset()


def test_a_question_that_names_its_subject_keeps_it() -> None:
    assert residue(WORDING.canonical("แล้วทำพาสปอร์ตใช้เอกสารอะไรบ้าง"), WORDING) == {"หนังสือเดินทาง"}
