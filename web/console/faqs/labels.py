"""Labels: what fields, states and changes are called on the screen."""

from datetime import date

from knowledge_base.record import Faq

FIELDS = {
    "question.th": "คำถาม (ไทย)",
    "question.en": "คำถาม (อังกฤษ)",
    "summary.th": "คำตอบสั้น (ไทย)",
    "summary.en": "คำตอบสั้น (อังกฤษ)",
    "steps": "ขั้นตอน",
    "documents": "เอกสารที่ใช้",
    "fee": "ค่าธรรมเนียม",
    "time": "ระยะเวลา",
    "where": "ติดต่อที่",
    "hours": "เวลาทำการ",
    "link": "ลิงก์ของหน่วยงาน",
    "agency": "หน่วยงาน",
    "source": "ที่มา",
    "group": "หมวด",
    "variants": "สำนวนที่ประชาชนใช้ถาม",
    "review_by": "ทบทวนภายในวันที่",
    "reviewed": "ทบทวนล่าสุดเมื่อ",
    "verified": "การยืนยันของหน่วยงาน",
}
STATES = {"draft": "ฉบับร่าง", "in_review": "รอตรวจ", "published": "เผยแพร่อยู่", "archived": "เก็บเข้าคลัง"}
ACTIONS = {
    "save": "แก้ไขข้อความ",
    "restore": "ย้อนกลับไปใช้ฉบับเก่า",
    "review": "ทบทวนแล้ว ไม่เปลี่ยน",
    "submit": "ส่งตรวจ",
    "return": "ส่งกลับให้แก้",
    "publish": "เผยแพร่",
    "confirm": "หน่วยงานยืนยัน",
    "archive": "เก็บเข้าคลัง",
    "switch_on": "เปิดคำตอบ",
    "switch_off": "ปิดคำตอบ",
}
DONE = {
    "saved": "บันทึกฉบับร่างแล้ว ประชาชนยังเห็นฉบับเดิมจนกว่าจะเผยแพร่",
    "same": "ข้อความเหมือนฉบับล่าสุด จึงไม่ได้บันทึกฉบับใหม่",
    "submitted": "ส่งตรวจแล้ว รอผู้ตรวจทานเผยแพร่",
    "returned": "ส่งกลับให้ผู้เขียนแก้แล้ว",
    "published": "เผยแพร่แล้ว ประชาชนเห็นคำตอบนี้ภายในหนึ่งวินาที",
    "confirmed": "บันทึกการยืนยันของหน่วยงานแล้ว",
    "archived": "เก็บเข้าคลังแล้ว ประชาชนไม่เห็นคำตอบนี้อีก แก้ไขแล้วบันทึกเพื่อนำกลับมาใช้ได้",
    "off": "ปิดคำตอบแล้ว ประชาชนไม่เห็นคำตอบนี้ภายในหนึ่งวินาที",
    "on": "เปิดคำตอบแล้ว",
    "restored": "นำข้อความเก่ากลับมาเป็นฉบับร่างแล้ว ต้องให้ผู้อื่นเผยแพร่",
    "reviewed": "บันทึกการทบทวนแล้ว รอผู้ตรวจทานเผยแพร่วันที่ใหม่",
}
CONFLICT = "มีการเปลี่ยนแปลงใหม่ระหว่างที่เปิดหน้านี้ไว้ จึงยังไม่ได้ทำรายการ กรุณาดูฉบับล่าสุดด้านล่างแล้วทำอีกครั้ง"
SECOND_PERSON = "ผู้เขียนข้อความเผยแพร่เองไม่ได้ ต้องให้ผู้ตรวจทานคนอื่นเผยแพร่"
WRONG_STATE = "ทำรายการนี้กับสถานะปัจจุบันของคำตอบไม่ได้"
REASON = "กรุณาบอกเหตุผล เพื่อให้ผู้อื่นเข้าใจเมื่ออ่านประวัติย้อนหลัง"


def badges(faq: Faq, today: date) -> list[tuple[str, str]]:
    """What to show of a FAQ's state, as (class, words): a newer draft stands beside what citizens still see."""
    shown = [("published", STATES["published"])] if faq.live is not None else []
    if faq.state != "published":
        words = {"draft": "มีฉบับร่าง", "in_review": "มีฉบับรอตรวจ"} if faq.live is not None else STATES
        shown.append((faq.state, words[faq.state]))
    if not faq.on:
        shown.append(("off", "ปิดอยู่"))
    if faq.live is not None and faq.review_by < today:
        shown.append(("off", "เลยกำหนดทบทวน"))
    return shown
