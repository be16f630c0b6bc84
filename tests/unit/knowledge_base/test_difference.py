"""What changed between two texts, word by word."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base import difference
from knowledge_base.difference import Change, Line
from tests.unit.knowledge_base.samples import entry


def changes(**new: Any) -> list[Change]:
    return difference.between(entry().body(), entry(**new).body())


def marked(line: Line) -> str:
    return "".join({"same": "{}", "added": "[+{}]", "removed": "[-{}]"}[part.kind].format(part.text) for part in line.parts)


def test_equal_texts_have_no_changes() -> None:
    assert changes() == []


def test_thai_is_compared_by_words_and_not_by_letters() -> None:
    old = entry(fee="ค่าธรรมเนียมฉบับละ 100 บาท").body()
    found = difference.between(old, entry(fee="ค่าธรรมเนียมฉบับละ 200 บาท").body())
    assert [change.field for change in found] == ["fee"]
    assert [marked(line) for line in found[0].lines] == ["ค่าธรรมเนียมฉบับละ [-100][+200] บาท"]


def test_a_line_of_a_list_is_changed_added_or_removed_in_its_place() -> None:
    found = changes(steps=["ยื่นคำขอที่สำนักงาน", "รอเจ้าหน้าที่ตรวจเรือ", "รับทะเบียน"])
    assert [(line.kind, marked(line)) for line in found[0].lines] == [
        ("changed", "ยื่นคำขอ[+ที่สำนักงาน]"),
        ("same", "รอเจ้าหน้าที่ตรวจเรือ"),
        ("added", "[+รับทะเบียน]"),
    ]


def test_lines_with_nothing_in_common_are_not_woven_together() -> None:
    found = changes(documents=["ใบเสร็จค่าน้ำประปา"])
    assert [line.kind for line in found[0].lines] == ["removed", "added"]


def test_what_appears_and_what_goes_away() -> None:
    (appeared,) = changes(fee="100 บาท")
    assert [marked(line) for line in appeared.lines] == ["[+100 บาท]"]
    (gone,) = difference.between(entry(fee="100 บาท").body(), entry().body())
    assert [marked(line) for line in gone.lines] == ["[-100 บาท]"]


def test_days_and_marks_are_in_words_and_stay_whole() -> None:
    found = {change.field: [marked(line) for line in change.lines] for change in changes(verified=True, review_by="2028-01-02")}
    assert found == {
        "review_by": ["[-22 พฤษภาคม 2570]", "[+2 มกราคม 2571]"],
        "verified": ["[-หน่วยงานยังไม่ยืนยัน]", "[+หน่วยงานยืนยันแล้ว]"],
    }


def test_a_new_faq_is_compared_with_nothing() -> None:
    found = difference.between({}, entry().body())
    assert {line.kind for change in found for line in change.lines} == {"added"}


def test_languages_are_fields_of_their_own() -> None:
    found = changes(question={"th": "จดทะเบียนเรือหางยาวทำอย่างไร", "en": "How do I register a boat?"})
    assert [change.field for change in found] == ["question.en"]


def test_a_megabyte_is_shown_as_replaced_and_quickly() -> None:
    found = difference.between({"fee": "ก" * 1_000_000}, {"fee": "ข" * 1_000_000})
    assert [line.kind for line in found[0].lines] == ["removed", "added"]


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="กขาิี่้ เแ12a\u200bํา", max_size=40), st.text(alphabet="กขาิี่้ เแ12a\u200bํา", max_size=40))
def test_nothing_is_lost_or_invented(before: str, after: str) -> None:
    found = difference.between({"fee": before}, {"fee": after})
    lines = [line for change in found for line in change.lines]
    if before == after:
        assert lines == []
        return
    assert "".join(part.text for line in lines for part in line.parts if part.kind != "added") == before
    assert "".join(part.text for line in lines for part in line.parts if part.kind != "removed") == after


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a & b"])
def test_marks_of_html_stay_text(text: str) -> None:
    (change,) = changes(fee=text)
    assert change.lines[0].parts[0].text == text
