"""A small FAQ to build others from."""

from datetime import date
from typing import Any

from knowledge_base.entry import Entry

STAFF, SECOND = "staff:somchai", "staff:malee"


def entry(faq_id: str = "boat-licence", **changes: Any) -> Entry:
    """An entry about something the content files do not speak of."""
    given: dict[str, Any] = {
        "id": faq_id,
        "group": "transport",
        "agency": "กรมเจ้าท่า",
        "question": {"th": "จดทะเบียนเรือหางยาวทำอย่างไร", "en": "How do I register a long-tail boat?"},
        "summary": {"th": "ติดต่อกรมเจ้าท่าค่ะ", "en": "Contact the Marine Department."},
        "steps": ["ยื่นคำขอ", "รอเจ้าหน้าที่ตรวจเรือ"],
        "documents": ["บัตรประชาชน"],
        "source": "กรมเจ้าท่า",
        "review_by": date(2027, 5, 22),
        "variants": ["อยากจดทะเบียนเรือหาปลา", "ขึ้นทะเบียนเรือลำใหม่ที่ไหน"],
    }
    return Entry.model_validate(given | changes)
