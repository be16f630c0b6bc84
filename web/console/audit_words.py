"""The audit log's actions in Thai. One that stands here not yet is shown by its own name."""

import json
from collections.abc import Mapping
from typing import Any

from helpdesk.role import TITLES

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
    "utterance": "ข้อความที่ผู้ช่วยไม่แน่ใจ",
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
    "chat.search": "ค้นหาในแชต",
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
    "utterance.accept": "รับข้อความไว้สอนผู้ช่วย",
    "utterance.reject": "ไม่ใช้ข้อความสอนผู้ช่วย",
    "utterance.remove": "ลบข้อความที่ยังมีข้อมูลส่วนบุคคล",
    "utterance.undo": "ยกเลิกผลการตรวจข้อความ",
    "utterance.export": "ส่งออกข้อความไปสอนผู้ช่วย",
}

DETAILS: Mapping[str, str] = {
    "action": "หมวดที่ค้นหา",
    "actor": "ผู้ทำที่ค้นหา",
    "before": "เดิม",
    "category": "หมวดเรื่อง",
    "event": "รหัสเหตุการณ์",
    "intent": "ความหมาย",
    "left": "รหัสสำรองที่เหลือ",
    "meaning": "ความหมาย",
    "method": "วิธีเข้า",
    "new": "ใหม่",
    "old": "เดิม",
    "provider": "บัญชีของ",
    "reason": "เหตุผล",
    "roles": "บทบาท",
    "since": "ตั้งแต่",
    "subject": "เกี่ยวกับ",
    "until": "ก่อนถึง",
    "version": "ฉบับ",
}
_VALUES: Mapping[str, str] = {"password": "รหัสผ่าน", **{role.value: title for role, title in TITLES.items()}}


def of_actor(actor: str) -> str:
    """``citizen:per_…`` -> "ประชาชน"; ``oidc:city`` -> "บัญชีภายนอก (city)"; whoever has a name elsewhere stays as they are."""
    kind, _, rest = actor.partition(":")
    if kind == "oidc":
        return f"บัญชีภายนอก ({rest})"
    return "ประชาชน" if kind == "citizen" else actor


def of_detail(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """``{"roles": ["officer"]}`` -> "บทบาท", "เจ้าหน้าที่"; what stands here not yet keeps its own name. Nothing empty."""
    return [(DETAILS.get(name, name), _value(value)) for name, value in detail.items() if value not in ("", None, [], {})]


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value)
    if isinstance(value, str):
        return _VALUES.get(value, value)
    return json.dumps(value, ensure_ascii=False)


def of_action(action: str) -> str:
    """``case.read`` -> "ดูเรื่อง"; ``faq.publish`` -> "คำตอบ: publish"."""
    area, _, rest = action.partition(".")
    return ACTIONS.get(action) or (f"{AREAS[area]}: {rest}" if area in AREAS else action)
