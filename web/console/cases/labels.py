"""The words of the case pages: states, priorities, sources, orders, and what to say after a change."""

from helpdesk import state as states
from helpdesk.service_target import PRIORITIES
from helpdesk.state import State
from web.console import channel as channels

STATES = {state.value: states.label(state) for state in State}
BADGES = {  # classes of console.css
    "new": "draft",
    "accepted": "in_review",
    "in_progress": "in_review",
    "waiting_citizen": "draft",
    "waiting_agency": "draft",
    "done": "published",
    "closed": "archived",
    "rejected": "archived",
    "reopened": "off",
}
PRIORITY = PRIORITIES
PRIORITY_BADGES = {"urgent": "off", "high": "draft"}
SOURCES = {
    "line": channels.TITLES["line"],  # first, since most come by it
    **channels.TITLES,
    "walk_in": "เคาน์เตอร์",
    "phone_1111": "สายด่วน 1111",
    "phone_1567": "สายด่วน 1567",
    "phone": "โทรศัพท์",
}
COUNTER = ("walk_in", "phone", "phone_1111", "phone_1567")  # what an officer writes down for somebody
ORDERS = {"new": "แจ้งล่าสุด", "old": "แจ้งนานที่สุด", "changed": "เคลื่อนไหวล่าสุด", "due": "ใกล้ครบกำหนด"}
ROLES = {"before": "จากผู้แจ้ง", "added": "เพิ่มภายหลัง", "after": "หลังดำเนินการ", "internal": "ของเจ้าหน้าที่"}
RELATIONS = {"into": "รวมอยู่ในเรื่อง", "merged": "รวมเข้ามาแล้ว", "split": "แยกจากกัน", "related": "เกี่ยวข้องกัน"}
MORE = "มากกว่า 1,000"

DONE = {
    "state": "เปลี่ยนสถานะแล้ว และแจ้งผู้ติดตามเรื่องแล้ว",
    "assign": "บันทึกผู้รับผิดชอบแล้ว",
    "priority": "บันทึกความสำคัญแล้ว",
    "labels": "บันทึกป้ายแล้ว",
    "note": "บันทึกข้อความแล้ว",
    "merge": "รวมเรื่องแล้ว และแจ้งผู้ติดตามเรื่องแล้ว",
    "split": "แยกเป็นเรื่องใหม่แล้ว และแจ้งผู้แจ้งแล้ว",
    "relate": "เชื่อมเรื่องแล้ว",
    "opened": "เปิดเรื่องแล้ว",
    "view": "บันทึกมุมมองแล้ว",
    "unview": "ลบมุมมองแล้ว",
    "read": "ทำเครื่องหมายว่าอ่านแล้ว",
}
CONFLICT = "มีผู้แก้ไขเรื่องนี้ไปก่อน ข้อมูลด้านล่างเป็นฉบับล่าสุด สิ่งที่พิมพ์ไว้ยังอยู่ครบ กรุณาตรวจดูแล้วกดอีกครั้ง"
CHOOSE = "กรุณาเลือกอย่างน้อยหนึ่งเรื่อง"
TOO_MANY = "เลือกได้ครั้งละไม่เกิน {most} เรื่อง"
UNKNOWN_NUMBER = "ไม่พบเรื่องเลขที่นี้ กรุณาตรวจดูเลขที่เรื่องอีกครั้ง"
UNKNOWN_LOGINS = "บันทึกแล้ว แต่ไม่พบผู้ใช้ที่เห็นเรื่องนี้ได้: {logins}"
FILE_LARGE = "ไฟล์ใหญ่เกินไป กรุณาเลือกไฟล์ที่เล็กลง"
NO_PICTURE = "ไฟล์ “{name}” ไม่ใช่รูปภาพที่เปิดได้ กรุณาเลือกรูปชนิด JPEG, PNG, WebP หรือ GIF"


def source(name: str) -> str:
    """Where a case came from, as it stands on the screen; one that is not known here as it is."""
    return SOURCES.get(name, name or "ไม่ทราบ")
