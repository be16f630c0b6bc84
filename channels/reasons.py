"""Why a message was not sent, as staff read it: a short sentence with the technical word in brackets."""

OWNER_CHANGED = "มีเจ้าหน้าที่รับช่วงสนทนาแล้ว จึงไม่ส่งข้อความนี้ของระบบ (owner changed)"
NOT_THEIRS = "ขณะส่ง ผู้เขียนไม่ได้ดูแลการสนทนานี้แล้ว จึงไม่ส่งข้อความนี้ (owner changed)"
BLOCKED = "ผู้รับปิดกั้นบัญชีของหน่วยงานไว้ (blocked)"
UNREADABLE = "อ่านเนื้อหาของข้อความไม่ได้ (invalid content)"
NOT_CONFIGURED = "ไม่ได้ตั้งค่าช่องทางนี้ไว้เกิน 24 ชั่วโมง (not configured)"
OUTAGE = "รอเกิน 24 ชั่วโมงแล้ว ระบบปลายทางยังใช้งานไม่ได้ (outage)"
TIMEOUT = "ระบบปลายทางไม่ตอบภายในเวลาที่กำหนด (timeout)"


def crashed(error: Exception) -> str:
    """A fault of our own in an adapter, named by its type only: its words may hold a citizen's."""
    return f"โปรแกรมส่งข้อความขัดข้อง ({type(error).__name__})"


def too_late(reason: str) -> str:
    """Given up because of its age; ``reason`` is the last refusal's."""
    return f"ส่งไม่สำเร็จภายใน 24 ชั่วโมง: {reason}"


def too_often(attempts: int, reason: str) -> str:
    """Given up after many attempts; ``reason`` is the last refusal's."""
    return f"ลองส่ง {attempts} ครั้งแล้วไม่สำเร็จ: {reason}"
