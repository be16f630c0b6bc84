"""The pieces of the editor that need no server: ids, the form, the preview."""

from datetime import date

import pytest

from conversations.content import Card
from knowledge_base.hit import hit
from tests.unit.web.town import ENTRIES
from web.console.faqs import preview, slug
from web.console.faqs.form import Form

FORM = Form.of(ENTRIES[0].body())


@pytest.mark.parametrize(
    ("title", "taken", "found"),
    [
        ("How do I renew my ID card?", (), "renew-id-card"),
        ("How do I renew my ID card?", ("renew-id-card",), "renew-id-card-2"),
        ("How do I renew my ID card?", ("renew-id-card", "renew-id-card-2"), "renew-id-card-3"),
        ("What can I do?", (), "what-can-i-do"),
        ("Driver's licence (5 years), renewal at the office", (), "drivers-licence-5-years-renewal"),
        ("บัตรหาย", (), ""),
        ("", (), ""),
    ],
)
def test_an_id_is_short_and_says_something(title: str, taken: tuple[str, ...], found: str) -> None:
    assert slug.proposed(title, taken) == found


def test_what_is_shown_and_sent_again_is_the_same_text() -> None:
    sent = {name: value.replace("\n", "\r\n") for name, value in FORM.values.items()}
    entry, mistakes = Form.typed(sent).entry(ENTRIES[0].id, verified=False, reviewed=None)
    assert mistakes == {}
    assert entry == ENTRIES[0]


def test_nothing_that_was_typed_is_cut_off() -> None:
    huge = "ก" * 1_000_000
    assert Form.typed({"fee": huge, "extra": "x"}).values["fee"] == huge


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("question_th", "", "กรุณากรอกช่องนี้"),
        ("summary_en", "x" * 601, "ยาว 601 ตัวอักษร เกิน 600 ตัวอักษร กรุณาย่อให้สั้นลง"),
        ("documents", "ก\n" + "ข" * 700, "บรรทัดที่ 2 ยาว 700 ตัวอักษร เกิน 600 ตัวอักษร กรุณาย่อให้สั้นลง"),
        ("steps", "ก\n" * 61, "มี 61 บรรทัด เกิน 60 บรรทัด"),
        ("variants", "\n".join(f"สำนวน {number}" for number in range(201)), "มี 201 บรรทัด เกิน 200 บรรทัด"),
        ("variants", "ก\nข\nก", "มีสำนวนซ้ำกัน: ก"),
        ("link", "https://", "ลิงก์ต้องขึ้นต้นด้วย https:// และมีชื่อเว็บไซต์"),
        ("link", "javascript:alert(1)", "ลิงก์ต้องขึ้นต้นด้วย https:// และมีชื่อเว็บไซต์"),
        ("review_by", "22/05/2570", "กรุณาเลือกวันที่"),
        ("group", "Not a group", "กรุณาเลือกหมวดจากรายการ"),
        ("group", "", "กรุณากรอกช่องนี้"),
    ],
)
def test_each_mistake_is_one_sentence_at_its_field(field: str, value: str, told: str) -> None:
    entry, mistakes = Form(dict(FORM.values) | {field: value}).entry("x", verified=False, reviewed=date(2026, 11, 22))
    assert entry is None
    assert mistakes == {field: [told]}


def test_a_long_title_is_said_to_be_cut_on_buttons_and_in_lines_head() -> None:
    long = ENTRIES[0].model_copy(update={"question": ENTRIES[0].question.model_copy(update={"th": "คำถามยาว " * 20})})
    told = " ".join(preview.of(hit(long, 1.0)).warnings)
    assert "ปุ่มตัวเลือกจะตัดให้เหลือ 80" in told
    assert "LINE: หัวการ์ดแสดงได้ 120" in told


def test_an_answer_that_fits_has_no_warnings_and_its_buttons_on_all_channels() -> None:
    drawn = preview.of(hit(ENTRIES[0], 1.0))
    assert drawn.warnings == []
    assert len(drawn.line) == len(drawn.telegram) == 1
    assert [item["action"]["label"] for item in drawn.line[0]["quickReply"]["items"]] == ["ตอบตรงคำถาม", "ยังไม่ตรง"]
    assert [title for row in drawn.telegram[0].rows for title in row] == ["ตอบตรงคำถาม", "ยังไม่ตรง"]


def test_what_line_cannot_send_at_all_is_told() -> None:
    told = preview.drawn(Card(title="ยาว", text="คำตอบ " * 6_000)).warnings
    assert any("ท้ายคำตอบจะถูกตัด" in words for words in told)


def test_telegrams_words_come_back_as_they_were_written() -> None:
    drawn = preview.drawn(Card(title="<b>a & b</b>", text="1 < 2 & 3 > 2"))
    assert drawn.telegram[0].words[0] == (True, "<b>a & b</b>")
    assert "".join(text for _, text in drawn.telegram[0].words).endswith("1 < 2 & 3 > 2")
