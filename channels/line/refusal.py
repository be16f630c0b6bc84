"""What LINE answered when it did not take a message, as an outcome: try again, wait, or never."""

import json
import re
from collections.abc import Mapping
from typing import Any

from channels.contract import Outcome, Retry, Stop

QUOTA = "โควตาข้อความพุชของ LINE เดือนนี้หมดแล้ว ส่งไม่ได้จนกว่าจะขึ้นเดือนใหม่หรือเพิ่มแพ็กเกจใน LINE Official Account Manager"
TOKEN = "LINE ไม่รับ channel access token ของบัญชีนี้ กรุณาออก token ใหม่ใน LINE Developers แล้วตั้งค่าใหม่"  # noqa: S105
BUSY = "LINE ให้ชะลอการส่ง (429)"
_FIELD = re.compile(r"[A-Za-z0-9_./\[\]]{1,80}")


def refused(status: int, body: Any, headers: Mapping[str, str]) -> Outcome:
    """The outcome for an answer that is no success."""
    said = message(body)
    if status == 429:
        if "monthly limit" in said.lower():
            return Stop(QUOTA)
        return Retry(BUSY, after=_seconds(headers), everyone=True)
    if status in {401, 403}:
        return Retry(TOKEN, broken=True, everyone=True)
    if status >= 500 or status == 408:
        return Retry(f"LINE ขัดข้อง ({status})", uncertain=True, broken=True)
    return Stop(f"LINE ไม่รับข้อความนี้ ({status}) {said}".strip())


def message(body: Any) -> str:
    """What LINE says, and the names of the fields it means: nothing of what was in them."""
    try:
        told = json.loads(body)
    except (TypeError, ValueError, RecursionError):
        return ""
    if not isinstance(told, dict):
        return ""
    details = told.get("details") if isinstance(told.get("details"), list) else []
    fields = [one["property"] for one in details or [] if isinstance(one, dict) and isinstance(one.get("property"), str)]
    named = [f"({name})" for name in fields[:5] if _FIELD.fullmatch(name)]
    text = told.get("message")
    return " ".join([text[:200] if isinstance(text, str) else "", *named]).strip()


def _seconds(headers: Mapping[str, str]) -> float | None:
    told = headers.get("Retry-After", "")
    return min(float(told), 3600.0) if told.isascii() and told.isdigit() else None
