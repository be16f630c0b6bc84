"""Answers as people read them."""

from datetime import date

from knowledge_base.answer import answer_text, display
from knowledge_base.hit import hit
from tests.unit.knowledge_base.samples import entry

FULL = entry(
    fee="200 บาท", where="สำนักงานเจ้าท่า", hours="08.30–16.30 น.", link="https://www.md.go.th", reviewed=date(2026, 11, 22)
)


def test_the_short_answer_comes_first_and_unknown_parts_are_left_out() -> None:
    text = answer_text(hit(FULL, 0.9))
    assert text == (
        "ติดต่อกรมเจ้าท่าค่ะ\n\n"
        "ขั้นตอน\n1. ยื่นคำขอ\n2. รอเจ้าหน้าที่ตรวจเรือ\n\n"
        "เอกสารที่ใช้\nบัตรประชาชน\n\n"
        "ค่าธรรมเนียม\n200 บาท\n\n"
        "ติดต่อที่\nสำนักงานเจ้าท่า\n\n"
        "เวลาทำการ\n08.30–16.30 น.\n\n"
        "ข้อมูลเพิ่มเติม\nhttps://www.md.go.th\n\n"
        "คำตอบของคำถาม: จดทะเบียนเรือหางยาวทำอย่างไร\n"
        "ข้อมูลเบื้องต้น โปรดตรวจสอบกับหน่วยงาน\n"
        "ที่มา: กรมเจ้าท่า\n"
        "ทบทวนล่าสุด: 22 พฤศจิกายน 2569"
    )


def test_a_verified_answer_needs_no_warning() -> None:
    text = answer_text(hit(FULL.model_copy(update={"verified": True, "reviewed": None}), 0.9))
    assert "ข้อมูลเบื้องต้น" not in text
    assert "ทบทวนล่าสุด" not in text


def test_a_part_stands_alone() -> None:
    shown = display(hit(FULL, 1.0, "fee"))
    assert shown.summary == ""
    assert [(section.name, section.lines) for section in shown.sections] == [("fee", ("200 บาท",))]


def test_where_brings_the_link_along() -> None:
    assert [section.name for section in display(hit(FULL, 1.0, "where")).sections] == ["where", "link"]
    assert [section.name for section in display(hit(entry(), 1.0, "where")).sections] == ["where"]


def test_an_unknown_part_names_the_agency() -> None:
    assert "ระยะเวลา\nโปรดตรวจสอบกับกรมเจ้าท่าค่ะ" in answer_text(hit(FULL, 1.0, "time"))
    assert "Time\nPlease check with กรมเจ้าท่า." in answer_text(hit(FULL, 1.0, "time"), "en")


def test_english_readers_get_the_english_summary() -> None:
    text = answer_text(hit(FULL, 0.9), "en")
    assert text.startswith("Contact the Marine Department.\n\nSteps\n1. ")
    assert "This answers: How do I register a long-tail boat?" in text
    assert "please check with the agency" in text
    assert "Last reviewed: 2026-11-22" in text


def test_a_hit_is_plain_data() -> None:
    data = hit(FULL, 0.123456, "fee").as_dict()
    assert (data["score"], data["part"], data["reviewed"], data["review_by"]) == (0.1235, "fee", "2026-11-22", "2027-05-22")
    assert set(data["answer"]) == {"steps", "documents", "fee", "time", "where", "hours", "link"}
