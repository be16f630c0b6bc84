"""Every kind of answer the assistant gives, as the engine or the help desk would hand it to the outbox."""

from collections.abc import Iterator
from typing import Any

import yaml

from conversations.content import Card, CardField, Carousel, Choice, Image, LocationRequest, Outward, Text, outward
from core import clock
from core.settings import ROOT
from helpdesk import intake, notice
from helpdesk.intake import Draft
from helpdesk.place import Place
from helpdesk.record import Case
from helpdesk.state import State
from helpdesk.timeline import TimelineEntry
from knowledge_base import content
from knowledge_base.answer import display
from knowledge_base.hit import hit

LONG = "เทศบาลเมืองธาราใสเปิดให้บริการทุกวันราชการ กรุณาเตรียมบัตรประชาชนตัวจริงมาด้วยค่ะ\n\n" * 160  # 13,000 characters
THUMBS = [
    Choice(title="👍 ช่วยได้", payload='/rate_answer{"faq":"id-card-lost","helpful":"yes"}'),
    Choice(title="👎 ไม่ตรง", payload='/rate_answer{"faq":"id-card-lost","helpful":"no"}'),
]


def every() -> list[tuple[str, Outward]]:
    """(name, content) of all of them."""
    return [*_responses(), *_faqs(), *_cases(), *_edges()]


def _responses() -> Iterator[tuple[str, Outward]]:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for name, variants in domain["responses"].items():
        for number, variant in enumerate(variants):
            yield f"{name}-{number}", _content(variant)


def _content(variant: dict[str, Any]) -> Outward:
    if custom := variant.get("custom"):
        return outward(custom)
    choices = [
        Choice(title=button["title"], payload=button.get("payload") or button.get("url", ""), kind=button.get("kind", "reply"))
        for button in variant.get("buttons", [])
    ]
    return Text(text=variant["text"], choices=choices)


def _faqs() -> Iterator[tuple[str, Outward]]:
    for written in content.read():
        shown = display(hit(written.entry(), 1.0), "th")
        fields = [CardField(label=part.heading, value=part.text) for part in (*shown.sections, *shown.origin)]
        title, warning = shown.title, shown.warning or None
        yield (
            f"faq-{written.id}",
            Card(title=title, subtitle=warning, text=shown.summary, fields=fields, choices=THUMBS, faq_id=written.id),
        )


def _cases() -> Iterator[tuple[str, Outward]]:
    now = clock.now()
    line = {"date": clock.thai_datetime(now), "kind": "state", "label": "กำลังดำเนินการ", "text": "ช่างกำลังเข้าไปดูค่ะ"}
    lines = [TimelineEntry(at=now, state="in_progress", public=True, **line)] * 8
    yield "draft", intake.summary_card(Draft("street-light", "ไฟดับมา 3 วัน", Place("หน้าตลาดสด", 13.7, 100.5), "เมื่อคืน"))
    for state in State:
        case = Case(
            number="P69-000123-8", title="ไฟถนนดับ", description="ไฟดับมา 3 วัน", place_text="หน้าตลาดสด ซอยเทศบาล 3", unit="กองช่าง"
        )
        case.state, case.opened_at, case.category = state.value, now, "street-light"
        yield f"case-opened-{state}", intake.opened_card(case)
        yield f"case-status-{state}", intake.status_card(case, lines)
        yield f"case-notice-{state}", notice.card(case, "เปลี่ยนหลอดไฟแล้ว 3 ดวง")


def _edges() -> Iterator[tuple[str, Outward]]:
    follow = Choice(title="ติดตามเรื่อง", kind="link", payload="https://city.example/cases/P69-000123-8")
    card = Card(
        title="บัตรประชาชนหาย ต้องทำอย่างไร",
        subtitle="ข้อมูลเบื้องต้น โปรดตรวจสอบกับหน่วยงาน",
        text="แจ้งที่สำนักทะเบียนแห่งใดก็ได้ค่ะ",
        fields=[
            CardField(label="ขั้นตอน", value="1. ไปที่สำนักทะเบียน\n2. ยื่นคำขอ"),
            CardField(label="เอกสาร", value="<b>ไม่มี</b> & อื่นๆ"),
        ],
        choices=THUMBS,
        faq_id="id-card-lost",
    )
    yield "text-long", Text(text=LONG, choices=THUMBS)
    yield "text-emoji", Text(text="💡" * 3000)
    yield "text-markup", Text(text="<script>alert(1)</script> & *ดาว* _ขีด_ [ลิงก์](http://x) `โค้ด`")
    yield "text-many-choices", Text(text="เรื่องใดคะ", choices=[Choice(title=f"เรื่องที่ {n}", payload=f"/x{n}") for n in range(30)])
    long_title = "ขอทราบวิธีการขอใบอนุญาตก่อสร้างบ้านพักอาศัยสองชั้นในเขตเทศบาล"
    yield "text-long-titles", Text(text="ใช่เรื่องนี้ไหมคะ", choices=[Choice(title=long_title, payload="/y" + "z" * 290)] * 3)
    yield (
        "text-links",
        Text(text="ติดตามได้ค่ะ", choices=[follow, Choice(title="แผนที่", kind="link", payload="https://maps.example/?q=1,2")]),
    )
    yield "text-photo", Text(text="มีรูปไหมคะ", choices=[Choice(title="ส่งรูป", kind="photo"), Choice(title="ข้าม", payload="/skip")])
    yield (
        "text-place",
        Text(text="ที่ไหนคะ", choices=[Choice(title="ส่งตำแหน่ง", kind="location"), Choice(title="ข้าม", payload="/skip")]),
    )
    yield "card-faq", card
    yield "card-long", card.model_copy(update={"text": LONG, "title": long_title * 3})
    yield "card-bare", Card(title="ปิดเรื่องแล้วค่ะ")
    yield "card-image", card.model_copy(update={"image_url": "https://city.example/a.jpg"})
    yield "card-plain-http", card.model_copy(update={"image_url": "http://city.example/a.jpg"})
    one = card.model_copy(update={"choices": [follow, *THUMBS]})
    yield "carousel", Carousel(text="เรื่องของคุณ", cards=[one] * 10, choices=[Choice(title="เรื่องอื่น", payload="/other")])
    yield "carousel-one", Carousel(text="เรื่องของคุณ", cards=[card])
    yield "image", Image(url="https://city.example/map.png", alt="แผนที่")
    yield "image-plain-http", Image(url="http://city.example/map.png")
    yield "location", LocationRequest(text="จุดเกิดเหตุอยู่ที่ไหนคะ", choices=[Choice(title="ไม่ทราบ", payload="/skip")])
    yield "location-bare", LocationRequest(text="จุดเกิดเหตุอยู่ที่ไหนคะ " + "ก" * 3000)
