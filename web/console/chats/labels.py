"""The chats' words: tabs, owners, reasons, delivery, and what to say after a change."""

from collections.abc import Mapping
from datetime import datetime

from conversations import ownership, waiting
from conversations.conversation import Conversation
from conversations.outbox import PENDING, SENDING, SENT, STOPPED
from core import clock
from web.console import channel as channels

TABS = {"waiting": "รอเจ้าหน้าที่", "mine": "ของฉัน", "others": "ของคนอื่น", "all": "ที่เปิดอยู่ทั้งหมด", "bot": "คุยกับบอต"}
REASONS = {
    waiting.ASKED: "ขอคุยกับเจ้าหน้าที่",
    waiting.FAILED: "ระบบตอบไม่ได้",
    waiting.PASSED_ON: "เจ้าหน้าที่ส่งต่อ",
    waiting.LOST: "หน้าจอเจ้าหน้าที่หลุด",
}
DELIVERY = {PENDING: "กำลังส่ง", SENDING: "กำลังส่ง", SENT: "ส่งแล้ว", STOPPED: "ไม่ได้ส่ง"}
INTENTS = {
    "report_problem": "แจ้งปัญหา",
    "ask_service": "ถามเรื่องบริการ",
    "check_case_status": "ติดตามเรื่อง",
    "add_case_information": "เพิ่มข้อมูลในเรื่อง",
    "dispute_case_closed": "แจ้งว่ายังไม่เรียบร้อย",
    "talk_to_human": "ขอคุยกับเจ้าหน้าที่",
    "give_feedback": "ให้ความคิดเห็น",
    "ask_office_info": "ถามเวลาทำการ",
    "request_my_data": "ข้อมูลส่วนบุคคล",
    "emergency": "เหตุฉุกเฉิน",
    "greet": "ทักทาย",
    "thank": "ขอบคุณ",
    "affirm": "ตอบรับ",
    "deny": "ปฏิเสธ",
    "cancel": "ยกเลิก",
    "goodbye": "ลา",
    "ask_capabilities": "ถามว่าช่วยอะไรได้",
    "change_language": "เปลี่ยนภาษา",
    "subscribe_alerts": "ขอรับแจ้งเตือน",
    "unsubscribe_alerts": "เลิกรับแจ้งเตือน",
    "bot_challenge": "ถามว่าเป็นคนหรือบอต",
    "chitchat": "คุยเล่น",
    "insult": "ต่อว่า",
    "out_of_scope": "นอกเรื่องของเมือง",
    "nlu_fallback": "ไม่เข้าใจ",
}
AUTHORS = {"bot": "ผู้ช่วยอัตโนมัติ", "system": "ระบบ", "staff:inbox": "เจ้าหน้าที่ (ตอบในแอปของแพลตฟอร์ม)"}

DONE = {
    "took": "รับแชตนี้แล้ว พิมพ์ตอบประชาชนได้เลย",
    "gave_back": "คืนแชตให้ผู้ช่วยอัตโนมัติแล้ว",
    "passed_on": "ส่งต่อให้เพื่อนร่วมงานแล้ว",
    "requeued": "ส่งกลับเข้าคิวแล้ว",
    "case": "เปิดเรื่องและแจ้งเลขที่เรื่องในแชตแล้ว",
    "again": "ส่งอีกครั้งแล้ว",
    "kept": "บันทึกข้อความสำเร็จรูปแล้ว",
    "removed": "ลบข้อความสำเร็จรูปแล้ว",
}
GONE = "ไม่พบแชตนี้"
NOT_YOURS = "{owner} ดูแลแชตนี้อยู่ ข้อความนี้จึงยังไม่ได้ส่ง และยังอยู่ในช่องพิมพ์"
CHANGED = "ไม่ได้ทำรายการ เพราะขณะนี้ {owner} ดูแลแชตนี้อยู่"
STILL_SENDING = "ข้อความล่าสุดของคุณยังส่งไม่เสร็จ กรุณารอสักครู่แล้วกดอีกครั้ง หรือเลือก “ไม่ต้องรอ” ข้อความที่ค้างจะไม่ถูกส่ง"
NOTHING = "กรุณาพิมพ์ข้อความหรือเลือกรูป"
TOO_LONG = "ข้อความยาวเกิน {most:,} ตัวอักษร กรุณาแบ่งส่ง"
NO_PICTURE = "ไฟล์นี้ไม่ใช่รูปที่ส่งได้ กรุณาใช้ JPEG, PNG, WebP หรือ GIF"
NO_FAQ = "ไม่พบคำตอบนี้ อาจถูกปิดไปแล้ว"
NO_COLLEAGUE = "ไม่พบเพื่อนร่วมงานที่เลือก"
NO_WORDS = "กรุณาเขียนว่าเรื่องคืออะไร"
NOT_AGAIN = "ส่งข้อความนี้อีกครั้งไม่ได้"

channel = channels.title


def citizen(conversation: Conversation) -> str:
    """What a citizen is called where their name is not known and not needed: ``ประชาชน 3Z2Y``."""
    return f"ประชาชน {conversation.id[-4:].upper()}"


def owner(actor: str, names: Mapping[str, str]) -> str:
    """Who answers, in words."""
    if actor == ownership.BOT:
        return "ผู้ช่วยอัตโนมัติ"
    return "คิวรอเจ้าหน้าที่" if actor == ownership.QUEUE else names.get(actor, "เจ้าหน้าที่")


def intent(name: str) -> str:
    """An intent in words; one that has none here as it is."""
    return INTENTS.get(name, name)


def ago(moment: datetime) -> str:
    """How long ago, roughly: ``เมื่อครู่``, ``5 นาที``, ``2 ชั่วโมง``, ``3 วัน``."""
    minutes = int((clock.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return "เมื่อครู่"
    if minutes < 60:
        return f"{minutes} นาที"
    return f"{minutes // 60} ชั่วโมง" if minutes < 48 * 60 else f"{minutes // (24 * 60)} วัน"
