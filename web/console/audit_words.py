"""The audit log's actions in Thai. One that stands here not yet is shown by its own name."""

from collections.abc import Mapping

AREAS: Mapping[str, str] = {
    "audit": "บันทึกการใช้งาน",
    "case": "เรื่อง",
    "chat": "แชต",
    "conversation": "การสนทนา",
    "faq": "คำตอบ",
    "gap": "คำถามที่ยังไม่มีคำตอบ",
    "outbox": "ข้อความขาออก",
    "staff": "บุคลากร",
    "synonym": "คำพ้อง",
}

ACTIONS: Mapping[str, str] = {
    "audit.read": "ดูบันทึกการใช้งาน",
    "audit.export": "ส่งออกบันทึกการใช้งาน",
    "case.read": "ดูเรื่อง",
    "case.open": "เปิดเรื่อง",
    "case.add": "ประชาชนเพิ่มข้อมูล",
    "case.state": "เปลี่ยนสถานะเรื่อง",
    "case.note": "เขียนบันทึกในเรื่อง",
    "chat.read": "ดูแชต",
    "conversation.owner": "เปลี่ยนผู้ดูแลแชต",
    "faq.import": "นำเข้าคำตอบ",
    "outbox.read": "ดูข้อความขาออก",
    "outbox.again": "สั่งส่งข้อความอีกครั้ง",
    "staff.add": "เพิ่มบุคลากร",
    "staff.login": "เข้าสู่ระบบ",
    "staff.lock": "ล็อกบัญชี",
    "staff.unlock": "ปลดล็อกบัญชี",
    "staff.password": "เปลี่ยนรหัสผ่าน",
    "staff.roles": "เปลี่ยนบทบาท",
    "staff.second_factor.on": "เปิดการยืนยันสองขั้น",
    "staff.second_factor.off": "ปิดหรือล้างการยืนยันสองขั้น",
    "staff.second_factor.codes": "ออกรหัสสำรองชุดใหม่",
    "staff.second_factor.recovery": "ใช้รหัสสำรอง",
    "staff.identity.link": "ผูกบัญชีเข้าใช้ภายนอก",
    "staff.identity.unlink": "ยกเลิกการผูกบัญชีภายนอก",
    "synonym.put": "บันทึกคำพ้อง",
    "synonym.remove": "ลบคำพ้อง",
}


def of_action(action: str) -> str:
    """``case.read`` -> "ดูเรื่อง"; ``faq.publish`` -> "คำตอบ: publish"."""
    area, _, rest = action.partition(".")
    return ACTIONS.get(action) or (f"{AREAS[area]}: {rest}" if area in AREAS else action)
