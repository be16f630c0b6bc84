"""What an answer of the Graph API means for the message that was sent."""

import re
from dataclasses import dataclass, field
from typing import Any

from channels.contract import Retry, Stop
from channels.meta.value import words
from channels.meta.window import TOO_LATE
from channels.value import mapping

BUSY = {4, 17, 32, 613, 80006, 80007}  # rate limits of the app, the person, the page, the call, Messenger, Instagram
FAILING = {-1, 1, 2, 1200}
TOKEN = {102, 190}
BLOCKED_FOR_ABUSE = 368
CLOSED_WINDOW = {2018278, 2018065, 2534022}  # subcodes; the last is Instagram's
UNAVAILABLE = 1545041
UNREVIEWED, NOBODY = 2018028, 2018001
ABUSE_WAIT = 600.0  # seconds

TOKEN_REASON = "Meta ไม่รับโทเค็นของบัญชีนี้ อาจหมดอายุหรือถูกยกเลิก ผู้ดูแลระบบต้องออกโทเค็นใหม่และใส่ใน .env"  # noqa: S105
PERMISSION_REASON = "แอปยังไม่มีสิทธิ์ส่งข้อความของบัญชีนี้ ผู้ดูแลระบบต้องตรวจสิทธิ์ของแอปใน Meta for Developers"
UNREVIEWED_REASON = "แอปยังไม่ผ่านการตรวจสอบของ Meta จึงส่งได้เฉพาะผู้ที่มีบทบาทในแอป"
UNAVAILABLE_REASON = "ประชาชนปิดรับข้อความจากบัญชีนี้ หรือบล็อกไว้"
NOBODY_REASON = "Meta ไม่พบผู้รับนี้ อาจลบบัญชีหรือลบการสนทนาแล้ว"
ABUSE_REASON = "Meta ระงับการส่งข้อความของบัญชีนี้ชั่วคราว ผู้ดูแลระบบควรตรวจคุณภาพเพจใน Meta Business Suite"


@dataclass(frozen=True)
class Answer:
    """The status and the JSON body of one call; ``retry_after`` in seconds if the platform said it."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    retry_after: float | None = None

    @property
    def error(self) -> dict[str, Any]:
        """Meta's error object, empty when there is none."""
        return mapping(self.body.get("error"))


def judge(answer: Answer) -> Retry | Stop | None:
    """None when the message was taken."""
    code, subcode = _number(answer.error.get("code")), _number(answer.error.get("error_subcode"))
    if 200 <= answer.status < 300 and not answer.error:
        return None if answer.body else Retry("อ่านคำตอบของ Meta ไม่ได้ (malformed answer)", uncertain=True, broken=True)
    if answer.status == 429 or code in BUSY:
        return Retry(f"Meta ให้ชะลอการส่ง ({code or answer.status})", after=answer.retry_after, everyone=True)
    if answer.status >= 500 or code in FAILING:
        return Retry(f"ระบบของ Meta ขัดข้อง ({code or answer.status})", uncertain=True, broken=True)
    if answer.status in {408, 425}:
        return Retry(f"ระบบของ Meta ขัดข้อง ({answer.status})", broken=True)
    return _refused(answer, code, subcode)


def _refused(answer: Answer, code: int, subcode: int) -> Retry | Stop:
    message = words(answer.error.get("message"))
    if code in TOKEN or answer.status == 401:
        return Retry(TOKEN_REASON, after=answer.retry_after, broken=True, everyone=True)
    if code == BLOCKED_FOR_ABUSE:
        return Retry(ABUSE_REASON, after=ABUSE_WAIT, everyone=True)
    if subcode in CLOSED_WINDOW or (code == 10 and "window" in message):
        return Stop(TOO_LATE)
    if code == 551 or subcode == UNAVAILABLE or (code == 200 and "available" in message):
        return Stop(UNAVAILABLE_REASON, blocked=True)
    if subcode == NOBODY:
        return Stop(NOBODY_REASON)
    if subcode == UNREVIEWED:
        return Stop(UNREVIEWED_REASON)
    if code in {3, 10} or 200 <= code <= 299:
        return Retry(PERMISSION_REASON, after=answer.retry_after, broken=True, everyone=True)
    return Stop(f"Meta ไม่รับข้อความนี้: {code or answer.status} {_impersonal(message)}".strip())


def _impersonal(message: str) -> str:
    """Meta's words without what it quotes and without long numbers, which may be the citizen's."""
    return re.sub(r"\d{6,}", "…", re.sub(r"([\"“']).*([\"”'])", "…", message))[:200]


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
