"""The inbox's words: states, reasons, channels, and what to say after a change."""

from web.console import channel as channels

STATES = {"new": "ใหม่", "in_work": "กำลังทำ", "done": "เสร็จแล้ว", "ignored": "ไม่ดำเนินการ"}
BADGES = {"new": "draft", "in_work": "in_review", "done": "published", "ignored": "archived"}  # classes of console.css
REASONS = {
    "none": "ไม่พบคำตอบ",
    "unsure": "ไม่แน่ใจ",
    "refused": "ไม่ใช่ที่เสนอ",
    "unhelpful": "คำตอบไม่ตรง",
}
CHANNELS = {
    **channels.TITLES,
    "help": "ศูนย์ช่วยเหลือ",
}
ORDERS = {"count": "ถามมากที่สุด", "trend": "เพิ่มขึ้นมากที่สุด", "newest": "ล่าสุดก่อน"}
PERIODS = {"": "ทุกช่วงเวลา", "7": "7 วันล่าสุด", "30": "30 วันล่าสุด", "90": "90 วันล่าสุด"}
IGNORING = ("ไม่ใช่งานของเทศบาล", "ไม่ใช่คำถาม", "ข้อความทดสอบหรือรบกวน", "กว้างเกินกว่าจะตอบ", "เหตุผลอื่น")

FITS = 0.05  # a FAQ with a lower score is not worth showing as near

DONE = {
    "taken": "รับเรื่องแล้ว",
    "given_back": "คืนเข้ากล่องคำถามใหม่แล้ว",
    "ignored": "ย้ายไป “ไม่ดำเนินการ” แล้ว",
    "closed": "บันทึกว่ามีคำตอบแล้ว",
    "adopted": "เพิ่มสำนวนในฉบับร่างแล้ว เรื่องนี้จะเสร็จเมื่อมีผู้ตรวจทานเผยแพร่ฉบับร่าง",
    "merged": "รวมเป็นเรื่องเดียวกันแล้ว",
    "split": "แยกสำนวนออกเป็นเรื่องใหม่แล้ว",
}

GONE = "ไม่พบเรื่องนี้ อาจถูกรวมกับเรื่องอื่นไปแล้ว กรุณาเปิดกล่องคำถามใหม่อีกครั้ง"
TAKEN = "{name} รับเรื่องนี้ไปแล้ว"
CONFLICT = "มีผู้แก้ไขคำตอบนี้ไปก่อน จึงยังไม่ได้เพิ่มสำนวน กรุณากดอีกครั้งเพื่อเพิ่มในฉบับล่าสุด"
NOTHING_NEW = "คำตอบนี้มีสำนวนที่เลือกครบแล้ว หรือยังไม่ได้เลือกสำนวน"
NOT_FITTING = "เพิ่มไม่ได้ สำนวนยาวเกินไปหรือคำตอบนี้มีสำนวนครบ 200 ข้อแล้ว"
NO_FAQ = "ไม่พบคำตอบที่เลือก กรุณาเลือกใหม่"
CHOOSE = "กรุณาเลือกอย่างน้อยหนึ่งเรื่อง"
CHOOSE_TWO = "กรุณาเลือกอย่างน้อยสองเรื่องที่จะรวมกัน"


def channel(name: str) -> str:
    """A channel's name on the screen; one that is not known here as it is."""
    return CHANNELS.get(name, name)
