"""What a citizen sent in their private chat with the bot, as an `Inward` content."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from channels.telegram.field import degrees, number, record, records, words
from channels.telegram.sticker import meaning
from channels.value import clean
from conversations.content import Inward, InwardKind, Position

COMMANDS = {
    "help": "/ask_capabilities",
    "report": "/report_problem",
    "status": "/check_case_status",
    "staff": "/talk_to_human",
    "language": "/change_language",
    "cancel": "/cancel",
}
OTHER_CONTACT = "ส่งข้อมูลติดต่อของบุคคลอื่น"
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w{1,64})?(?:\s+(.*))?", re.DOTALL)
_START_LIMIT = 64  # characters of the word in a link such as t.me/city_bot?start=word
_LABEL_LIMIT = 300
# An animation also comes as a document, for old clients: so it is looked for first.
_FILES: dict[str, InwardKind] = {
    "animation": "video",
    "video": "video",
    "video_note": "video",
    "voice": "audio",
    "audio": "audio",
    "document": "file",
}
# What people make and send, but we cannot read; answered kindly, unlike Telegram's own notices (pinned, theme changed).
_UNREADABLE = ("poll", "game", "story", "checklist", "paid_media", "rich_message", "giveaway", "invoice")
# What stands in every kind of message; the name of a notice is the last other field, as Telegram writes them.
_COMMON = frozenset(
    {"message_id", "from", "chat", "date", "edit_date", "via_bot", "reply_to_message", "reply_markup", "entities", "effect_id"}
)


def read(message: Mapping[str, Any], limit: int) -> Inward:
    """The content of a new message. ``limit`` is the largest file we take, in bytes."""
    if isinstance(message.get("text"), str):
        return _text(words(message, "text"))
    return _media(message, limit) or _rest(message)


def read_edited(message: Mapping[str, Any], limit: int) -> Inward:
    """The content of a message written anew. A moving live location comes as one too and is only recorded."""
    if isinstance(message.get("text"), str):
        return Inward(kind="text", text=words(message, "text"), details={"edited": True})
    if caption := words(message, "caption"):
        return Inward(kind="text", text=caption, details={"edited": True})
    found = _media(message, limit)
    return found.model_copy(update={"details": {**found.details, "edited": True}}) if found else other("edited_message")


def other(name: str) -> Inward:
    """An event that is recorded and not answered."""
    return Inward(kind="event", event="other", text=clean(name)[:64])


def _text(text: str) -> Inward:
    command = _COMMAND.fullmatch(text)
    name, rest = (command[1].lower(), (command[2] or "").strip()) if command else ("", "")
    if name == "start":
        return Inward(kind="event", event="entry", text=rest[:_START_LIMIT]) if rest else Inward(kind="event", event="follow")
    if name in COMMANDS:
        # "/report ไฟดับ" says it all at once: the words count
        return Inward(kind="text", text=rest) if rest else Inward(kind="choice", text=text, payload=COMMANDS[name])
    return Inward(kind="text", text=text)


def _media(message: Mapping[str, Any], limit: int) -> Inward | None:
    sizes = records(message, "photo") or records(record(message, "live_photo"), "photo")
    if sizes:
        return _file("image", _largest(sizes, limit), message)
    for name, kind in _FILES.items():
        if found := record(message, name):
            picture = name == "document" and words(found, "mime_type").startswith("image/")
            return _file("image" if picture else kind, found, message)
    return None


def _largest(sizes: Sequence[Mapping[str, Any]], limit: int) -> Mapping[str, Any]:
    """The largest size that fits; Telegram lists them from the smallest on and does not always tell their bytes."""
    fitting = [one for one in sizes if (number(one, "file_size") or 0) <= limit]
    return max(fitting, key=lambda one: (number(one, "width") or 0) * (number(one, "height") or 0), default=sizes[0])


def _file(kind: InwardKind, found: Mapping[str, Any], message: Mapping[str, Any]) -> Inward:
    media = {
        "kind": kind,
        "id": words(found, "file_id"),
        "name": words(found, "file_name")[:255],
        "size": number(found, "file_size"),
        "type": words(found, "mime_type")[:100],
    }
    details: dict[str, Any] = {"media": [{key: value for key, value in media.items() if value}]} if media["id"] else {}
    if album := words(message, "media_group_id"):
        details["album"] = {"id": album}
    return Inward(kind=kind, text=words(message, "caption"), details=details)


def _rest(message: Mapping[str, Any]) -> Inward:
    if "sticker" in message or "dice" in message:
        return Inward(kind="sticker", text=meaning(words(record(message, "sticker"), "emoji")))
    if "venue" in message or "location" in message:
        return _place(message) or other("location")
    if "contact" in message:
        return Inward(kind="text", text=_phone(message) or OTHER_CONTACT)
    if sent := next((name for name in _UNREADABLE if name in message), ""):
        return Inward(kind="file", details={"sent": sent})
    return other(next((name for name in reversed(list(message)) if name not in _COMMON), "message"))


def _place(message: Mapping[str, Any]) -> Inward | None:
    venue = record(message, "venue")
    found = record(message, "location") or record(venue, "location")
    latitude, longitude = degrees(found, "latitude", 90), degrees(found, "longitude", 180)
    if latitude is None or longitude is None:
        return None
    label = " ".join(part for part in (words(venue, "title"), words(venue, "address")) if part)
    return Inward(kind="location", position=Position(latitude=latitude, longitude=longitude, label=label[:_LABEL_LIMIT]))


def _phone(message: Mapping[str, Any]) -> str:
    """The sender's own number; another person's is not ours to keep."""
    contact, sender = record(message, "contact"), number(record(message, "from"), "id")
    if sender is None or number(contact, "user_id") != sender:
        return ""
    digits = re.sub(r"[^0-9+]", "", words(contact, "phone_number"))[:20]
    return digits if not digits or digits[0] in "+0" else f"+{digits}"
