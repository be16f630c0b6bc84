"""Meta's windows: who may write to a citizen how long after the citizen's last message."""

from datetime import datetime, timedelta

from channels.contract import Envelope, Stop

MARGIN = timedelta(minutes=1)  # for the way to Meta and for clocks that differ
ANYONE = timedelta(hours=24)
HUMAN = timedelta(days=7)  # what a person wrote, with the tag HUMAN_AGENT

TOO_LATE = (
    "เกิน 24 ชั่วโมงนับจากข้อความล่าสุดของประชาชน Meta จึงไม่ให้ระบบส่งข้อความอัตโนมัติ เจ้าหน้าที่ตอบเองได้ภายใน 7 วัน หรือติดต่อประชาชนทางช่องทางอื่น"
)
TOO_LATE_FOR_ANYONE = "เกิน 7 วันนับจากข้อความล่าสุดของประชาชน Meta จึงไม่ให้ส่งข้อความแล้ว กรุณาติดต่อประชาชนทางช่องทางอื่น"


def terms(envelope: Envelope, now: datetime) -> dict[str, str] | Stop:
    """The ``messaging_type`` (and ``tag``) under which a message may leave now, or why it may not.

    When it is not known when the citizen last wrote, Meta decides.
    """
    heard = envelope.heard_at or envelope.event_at
    if heard is None or now - heard <= ANYONE - MARGIN:
        return {"messaging_type": "RESPONSE"}
    if now - heard > HUMAN - MARGIN:
        return Stop(TOO_LATE_FOR_ANYONE)
    if envelope.author.startswith("staff:"):
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return Stop(TOO_LATE)
