"""Updates as Telegram posts them, one of every kind that a citizen or a group can cause."""

from typing import Any

BOT, CITIZEN, GROUP, DATE = 123456, 42, -1001234, 1_795_000_000
PERSON: dict[str, Any] = {"id": CITIZEN, "is_bot": False, "first_name": "สมชาย", "language_code": "th"}
OURSELVES: dict[str, Any] = {"id": BOT, "is_bot": True, "first_name": "Bot", "username": "spec_bot"}
PRIVATE: dict[str, Any] = {"id": CITIZEN, "type": "private", "first_name": "สมชาย"}
CHAT: dict[str, Any] = {"id": GROUP, "type": "supergroup", "title": "หมู่บ้าน"}
FILE: dict[str, Any] = {"file_id": "f", "file_unique_id": "u", "file_size": 1000}
SIZED = {**FILE, "width": 90, "height": 90}
LASTING = {**FILE, "duration": 3}


def message(kind: str = "message", chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    """An update with a message of the citizen's."""
    return {"update_id": 900, kind: {"message_id": 7, "from": PERSON, "chat": chat, "date": DATE, **content}}


def pressed(data: str, **shown: Any) -> dict[str, Any]:
    """An update with a pressed button below the bot's message 7."""
    below = {"message_id": 7, "from": OURSELVES, "chat": PRIVATE, "date": DATE, "text": "…", **shown}
    query = {"id": "cb1", "from": PERSON, "chat_instance": "1", "message": below, "data": data}
    return {"update_id": 900, "callback_query": query}


def member(before: str, after: str, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    """An update that tells how the bot's own membership changed."""
    changed = {"chat": chat, "from": PERSON, "date": DATE, "old_chat_member": _state(before), "new_chat_member": _state(after)}
    return {"update_id": 900, "my_chat_member": changed}


def _state(status: str) -> dict[str, Any]:
    return {"status": status, "user": OURSELVES, **({"until_date": 0} if status == "kicked" else {})}


def reaction(*emojis: str) -> dict[str, Any]:
    """An update with a citizen's reaction to message 7."""
    new = [{"type": "emoji", "emoji": emoji} for emoji in emojis]
    body = {"chat": PRIVATE, "message_id": 7, "user": PERSON, "date": DATE, "old_reaction": [], "new_reaction": new}
    return {"update_id": 900, "message_reaction": body}


_STICKER = {**SIZED, "type": "regular", "is_animated": False, "is_video": False}
_PLACE = {"latitude": 13.75, "longitude": 100.5}
_POLL = {
    "id": "p",
    "question": "ดีไหม",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}
_KEYS = [[{"text": "ใช่", "callback_data": "msg_1:0"}, {"text": "แผนที่", "url": "https://city.example/map"}]]
_MENTION = {"type": "text_mention", "offset": 0, "length": 3, "user": OURSELVES}
_OURS = {"message_id": 5, "from": OURSELVES, "chat": CHAT, "date": DATE, "text": "สวัสดีค่ะ"}

# (name, update, the content's kind, its other fields that are not empty)
EVERY: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("text", message(text="ไฟดับค่ะ"), "text", {"text": "ไฟดับค่ะ"}),
    ("start", message(text="/start"), "event", {"event": "follow"}),
    ("start from a link", message(text="/start poster-7"), "event", {"event": "entry", "text": "poster-7"}),
    ("help", message(text="/help"), "choice", {"text": "/help", "payload": "/ask_capabilities"}),
    ("report", message(text="/report@spec_bot"), "choice", {"text": "/report@spec_bot", "payload": "/report_problem"}),
    ("status", message(text="/status"), "choice", {"text": "/status", "payload": "/check_case_status"}),
    ("report at once", message(text="/report ไฟดับหน้าบ้าน"), "text", {"text": "ไฟดับหน้าบ้าน"}),
    ("unknown command", message(text="/affirm{}"), "text", {"text": "/affirm{}"}),
    (
        "photo",
        message(photo=[SIZED, {**SIZED, "file_id": "big", "width": 900, "height": 900}], caption="ตรงนี้ค่ะ", media_group_id="a1"),
        "image",
        {"text": "ตรงนี้ค่ะ", "details": {"media": [{"kind": "image", "id": "big", "size": 1000}], "album": {"id": "a1"}}},
    ),
    (
        "picture as a file",
        message(document={**FILE, "mime_type": "image/png", "file_name": "a.png"}),
        "image",
        {"details": {"media": [{"kind": "image", "id": "f", "name": "a.png", "size": 1000, "type": "image/png"}]}},
    ),
    (
        "file",
        message(document={**FILE, "mime_type": "application/pdf", "file_name": "คำขอ.pdf"}),
        "file",
        {"details": {"media": [{"kind": "file", "id": "f", "name": "คำขอ.pdf", "size": 1000, "type": "application/pdf"}]}},
    ),
    ("voice", message(voice=LASTING), "audio", {"details": {"media": [{"kind": "audio", "id": "f", "size": 1000}]}}),
    ("music", message(audio=LASTING), "audio", {"details": {"media": [{"kind": "audio", "id": "f", "size": 1000}]}}),
    (
        "video",
        message(video={**SIZED, "duration": 3}),
        "video",
        {"details": {"media": [{"kind": "video", "id": "f", "size": 1000}]}},
    ),
    (
        "round video",
        message(video_note={**LASTING, "length": 9}),
        "video",
        {"details": {"media": [{"kind": "video", "id": "f", "size": 1000}]}},
    ),
    (
        "animation",
        message(animation={**SIZED, "duration": 3}, document=FILE),
        "video",
        {"details": {"media": [{"kind": "video", "id": "f", "size": 1000}]}},
    ),
    ("sticker", message(sticker={**_STICKER, "emoji": "👍🏽"}), "sticker", {"text": "ตกลง"}),
    ("heart", message(sticker={**_STICKER, "emoji": "❤️"}), "sticker", {"text": "ขอบคุณ"}),
    ("odd sticker", message(sticker={**_STICKER, "emoji": "🦖"}), "sticker", {}),
    ("dice", message(dice={"emoji": "🎲", "value": 3}), "sticker", {}),
    ("place", message(location=_PLACE), "location", {"position": {**_PLACE, "label": ""}}),
    (
        "venue",
        message(venue={"location": _PLACE, "title": "ตลาดสด", "address": "ถนนเทศบาล 1"}, location=_PLACE),
        "location",
        {"position": {**_PLACE, "label": "ตลาดสด ถนนเทศบาล 1"}},
    ),
    (
        "own number",
        message(contact={"phone_number": "66812345678", "first_name": "สมชาย", "user_id": CITIZEN}),
        "text",
        {"text": "+66812345678"},
    ),
    (
        "other's number",
        message(contact={"phone_number": "66812345678", "first_name": "สมหญิง", "user_id": 43}),
        "text",
        {"text": "ส่งข้อมูลติดต่อของบุคคลอื่น"},
    ),
    ("poll", message(poll=_POLL), "file", {"details": {"sent": "poll"}}),
    (
        "pinned",
        message(pinned_message={"message_id": 1, "chat": PRIVATE, "date": 0}),
        "event",
        {"event": "other", "text": "pinned_message"},
    ),
    (
        "edited",
        message("edited_message", edit_date=DATE + 60, text="ไฟดับ 3 ดวง"),
        "text",
        {"text": "ไฟดับ 3 ดวง", "details": {"edited": True}},
    ),
    (
        "edited caption",
        message("edited_message", edit_date=DATE, photo=[SIZED], caption="ใหม่"),
        "text",
        {"text": "ใหม่", "details": {"edited": True}},
    ),
    (
        "moving place",
        message("edited_message", edit_date=DATE, location=_PLACE),
        "event",
        {"event": "other", "text": "edited_message"},
    ),
    ("pressed", pressed("msg_1:c1.0"), "choice", {"details": {"choice": "msg_1:c1.0"}}),
    (
        "pressed with its keyboard",
        pressed("msg_1:0", reply_markup={"inline_keyboard": _KEYS}),
        "choice",
        {"text": "ใช่", "details": {"choice": "msg_1:0"}},
    ),
    ("pressed button of another bot", pressed('{"a": 1}'), "choice", {}),
    ("pressed in a group", pressed("msg_1:0", chat=CHAT), "event", {"event": "other", "text": "callback_query"}),
    ("blocked", member("member", "kicked"), "event", {"event": "unfollow"}),
    ("unblocked", member("kicked", "member"), "event", {"event": "follow"}),
    ("reaction", reaction("👍"), "event", {"event": "reaction", "text": "👍"}),
    ("reaction taken back", reaction(), "event", {"event": "reaction"}),
    ("taken into a group", member("left", "member", CHAT), "event", {"event": "join"}),
    ("sent out of a group", member("member", "kicked", CHAT), "event", {"event": "leave"}),
    ("command in a group", message(chat=CHAT, text="/report@spec_bot ลับ"), "event", {"event": "group"}),
    ("mentioned in a group", message(chat=CHAT, text="@Spec_Bot ช่วยหน่อย"), "event", {"event": "group"}),
    ("named in a group", message(chat=CHAT, text="บอต ช่วยหน่อย", entities=[_MENTION]), "event", {"event": "group"}),
    ("answered in a group", message(chat=CHAT, text="ลับ", reply_to_message=_OURS), "event", {"event": "group"}),
    ("talk in a group", message(chat=CHAT, text="ความลับของหมู่บ้าน"), "event", {"event": "other", "text": "group_message"}),
    (
        "group made larger",
        message(chat={**CHAT, "type": "group"}, migrate_to_chat_id=-100999),
        "event",
        {"event": "other", "text": "migrate_to_chat_id"},
    ),
    (
        "channel post",
        {"update_id": 900, "channel_post": {"message_id": 7, "chat": {**CHAT, "type": "channel"}, "date": DATE, "text": "ลับ"}},
        "event",
        {"event": "other", "text": "channel_post"},
    ),
]
