"""The frames of the chat socket: what the server says, and the errors it names."""

import json
from typing import Any

from aiohttp import web

ERRORS = {
    "malformed": ("ส่งข้อความนี้ไม่ได้ค่ะ", "This message could not be sent."),
    "empty": ("ยังไม่ได้พิมพ์ข้อความค่ะ", "The message is empty."),
    "too_long": ("ข้อความยาวเกิน 4,000 ตัวอักษร กรุณาแบ่งส่งค่ะ", "The message is longer than 4,000 characters; please split it."),
    "slow_down": ("ส่งข้อความถี่เกินไป ระบบจะส่งให้อีกครั้งในอีกสักครู่ค่ะ", "You are writing very fast; this will be sent in a moment."),
    "unknown_file": ("ไม่พบรูปที่แนบ กรุณาแนบใหม่ค่ะ", "The picture was not found; please attach it again."),
    "try_again": ("ระบบยังรับข้อความไม่ได้ จะลองใหม่ให้ค่ะ", "The message could not be taken yet; trying again."),
}
"""Words in both languages by code. The widget keeps a message after ``slow_down`` and ``try_again`` and sends it again."""


class Malformed(ValueError):
    """A frame that is no JSON object with a type."""


def read(data: str) -> dict[str, Any]:
    """A frame from its text.

    Raises:
        Malformed: when it is no frame.
    """
    try:
        frame = json.loads(data)
        if "\\u" in data:  # half of a character, which no database takes; a browser sends it when an emoji was cut in two
            frame = json.loads(json.dumps(frame, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise Malformed
    return frame


def number(frame: dict[str, Any], name: str) -> int:
    """A sequence number of a frame; 0 for anything that is none."""
    value = frame.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else 0


async def refuse(socket: web.WebSocketResponse, code: str, frame_id: Any = None, *, after: int = 0) -> None:
    """Tell the browser why a frame was not taken; ``after`` is the seconds to wait."""
    thai, english = ERRORS[code]
    known = frame_id if isinstance(frame_id, str) and len(frame_id) <= 80 else None
    words: dict[str, Any] = {"type": "error", "id": known, "code": code, "message": thai, "message_en": english}
    await socket.send_json(words | ({"after": after} if after else {}))
