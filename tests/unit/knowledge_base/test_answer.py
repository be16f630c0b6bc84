"""Answers as people read them."""

from datetime import date

from knowledge_base.answer import display
from knowledge_base.hit import hit
from tests.unit.knowledge_base.samples import entry

FULL = entry(
    fee="200 บาท", where="สำนักงานเจ้าท่า", hours="08.30–16.30 น.", link="https://www.md.go.th", reviewed=date(2026, 11, 22)
)


def test_the_short_answer_comes_first_and_unknown_parts_are_left_out() -> None:
    shown = display(hit(FULL, 0.9))
    assert (shown.title, shown.summary) == ("จดทะเบียนเรือหางยาวทำอย่างไร", "ติดต่อกรมเจ้าท่าค่ะ")
    assert [(part.heading, part.text) for part in shown.sections] == [
        ("ขั้นตอน", "1. ยื่นคำขอ\n2. รอเจ้าหน้าที่ตรวจเรือ"),
        ("เอกสารที่ใช้", "บัตรประชาชน"),
        ("ค่าธรรมเนียม", "200 บาท"),
        ("ติดต่อที่", "สำนักงานเจ้าท่า"),
        ("เวลาทำการ", "08.30–16.30 น."),
        ("ข้อมูลเพิ่มเติม", "https://www.md.go.th"),
    ]
    assert shown.warning == "ข้อมูลเบื้องต้น โปรดตรวจสอบกับหน่วยงาน"
    assert [(part.heading, part.text) for part in shown.origin] == [
        ("ที่มา", "กรมเจ้าท่า"),
        ("ทบทวนล่าสุด", "22 พฤศจิกายน 2569"),
    ]


def test_a_verified_answer_needs_no_warning() -> None:
    shown = display(hit(FULL.model_copy(update={"verified": True, "reviewed": None}), 0.9))
    assert shown.warning == ""
    assert [part.name for part in shown.origin] == ["source"]


def test_a_part_stands_alone() -> None:
    shown = display(hit(FULL, 1.0, "fee"))
    assert shown.summary == ""
    assert [(section.name, section.lines) for section in shown.sections] == [("fee", ("200 บาท",))]


def test_where_brings_the_link_along() -> None:
    assert [section.name for section in display(hit(FULL, 1.0, "where")).sections] == ["where", "link"]
    assert [section.name for section in display(hit(entry(), 1.0, "where")).sections] == ["where"]


def test_an_unknown_part_names_the_agency() -> None:
    assert [part.text for part in display(hit(FULL, 1.0, "time")).sections] == ["โปรดตรวจสอบกับกรมเจ้าท่าค่ะ"]
    assert [part.text for part in display(hit(FULL, 1.0, "time"), "en").sections] == ["Please check with กรมเจ้าท่า."]


def test_english_readers_get_the_english_summary() -> None:
    shown = display(hit(FULL, 0.9), "en")
    assert (shown.title, shown.summary) == ("How do I register a long-tail boat?", "Contact the Marine Department.")
    assert shown.sections[0].heading == "Steps"
    assert "please check with the agency" in shown.warning
    assert shown.origin[-1].text == "2026-11-22"


def test_a_hit_is_plain_data() -> None:
    data = hit(FULL, 0.123456, "fee").as_dict()
    assert (data["score"], data["part"], data["reviewed"], data["review_by"]) == (0.1235, "fee", "2026-11-22", "2027-05-22")
    assert set(data["answer"]) == {"steps", "documents", "fee", "time", "where", "hours", "link"}
