"""One example of everything the platforms tell us and of everything we say, for the table in docs/messages.md."""

from typing import Any

from conversations.content import Card, CardField, Carousel, Choice, Image, LocationRequest, Outward, Text

_USER, _GROUP, _AT = "U1", "C1", 1_795_000_000_000  # milliseconds
_REPLIES = [Choice(title="ใช่", payload="/affirm"), Choice(title="ไม่ใช่", payload="/deny")]
_LINK = Choice(title="ดูในเว็บ", kind="link", payload="https://city.example/cases")
_CARD = Card(title="ไฟถนนดับ", text="หน้าตลาดสด", fields=[CardField(label="สถานะ", value="กำลังดำเนินการ")], choices=_REPLIES)

OUTWARD: dict[str, Outward] = {
    "text": Text(text="สวัสดีค่ะ"),
    "text of 10,000 characters": Text(text="เทศบาลเปิดทุกวันราชการค่ะ\n\n" * 370),
    "text, choices that reply": Text(text="ใช่ไหมคะ", choices=_REPLIES),
    "text, thirty choices that reply": Text(
        text="เรื่องใดคะ", choices=[Choice(title=f"เรื่องที่ {n}", payload=f"/x{n}") for n in range(30)]
    ),
    "text, choice that opens a link": Text(text="ดูได้ที่เว็บค่ะ", choices=[_LINK]),
    "text, choices that reply and open a link": Text(text="ดูได้ที่เว็บค่ะ", choices=[*_REPLIES, _LINK]),
    "text, choice that asks for a position": Text(text="ที่ไหนคะ", choices=[Choice(title="ส่งตำแหน่ง", kind="location")]),
    "text, choice that asks for a photo": Text(text="มีรูปไหมคะ", choices=[Choice(title="ส่งรูป", kind="photo")]),
    "card with choices": _CARD,
    "card with a picture": _CARD.model_copy(update={"image_url": "https://city.example/a.jpg"}),
    "carousel of three cards": Carousel(text="เรื่องของคุณ", cards=[_CARD] * 3),
    "image": Image(url="https://city.example/map.png", alt="แผนที่"),
    "location request": LocationRequest(text="อยู่ที่ไหนคะ"),
}


def line() -> dict[str, Any]:
    """LINE's webhooks by what LINE calls them."""
    media = {"contentProvider": {"type": "line"}}
    messages: dict[str, dict[str, Any]] = {
        "text": {"text": "ไฟดับ"},
        "image": media,
        "video": media,
        "audio": media,
        "file": {"fileName": "a.pdf", "fileSize": 9},
        "sticker": {"packageId": "1", "stickerId": "2", "keywords": ["thanks"]},
        "location": {"latitude": 13.7, "longitude": 100.5},
    }
    found = {
        f"message: {kind}": {"type": "message", "message": {"id": "1", "type": kind, **more}} for kind, more in messages.items()
    }
    to_us = {"mentionees": [{"index": 0, "length": 1, "type": "user", "isSelf": True}]}
    found |= {
        "postback": {"type": "postback", "postback": {"data": "/affirm"}},
        "message: text (in a group, to us)": {
            **_line_text("ไฟดับ", mention=to_us),
            "source": {"type": "group", "groupId": _GROUP},
        },
        "messageEdited": {**_line_text("ไฟดับ"), "type": "messageEdited"},
        "any event, mode: standby": {**_line_text("ไฟดับ"), "mode": "standby"},
    }
    found |= {kind: {"type": kind, "unsend": {"messageId": "1"}} for kind in ("follow", "unfollow", "unsend")}
    found |= {kind: {"type": kind, "source": {"type": "group", "groupId": _GROUP}} for kind in ("join", "leave", "memberJoined")}
    source = {"source": {"type": "user", "userId": _USER}, "timestamp": _AT, "mode": "active", "webhookEventId": "1"}
    return {name: {"destination": "U0", "events": [{**source, **event}]} for name, event in found.items()}


def _line_text(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "message": {"id": "1", "type": "text", "text": text, **more}}


def telegram() -> dict[str, Any]:
    """Telegram's updates by what Telegram calls them."""
    file = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 9}
    messages: dict[str, dict[str, Any]] = {
        "text": {"text": "ไฟดับ"},
        "text /start": {"text": "/start"},
        "text /start report": {"text": "/start report"},
        "text /help": {"text": "/help"},
        "photo": {"photo": [file]},
        "document": {"document": file},
        "voice": {"voice": file},
        "audio": {"audio": file},
        "video": {"video": file},
        "video_note": {"video_note": file},
        "sticker": {"sticker": {**file, "emoji": "👍"}},
        "location": {"location": {"latitude": 13.7, "longitude": 100.5}},
        "venue": {"venue": {"location": {"latitude": 13.7, "longitude": 100.5}, "title": "ตลาดสด", "address": ""}},
        "contact (their own)": {"contact": {"phone_number": "66812345678", "user_id": 7}},
        "poll": {"poll": {"id": "1"}},
    }
    private, group = {"id": 7, "type": "private"}, {"id": -7, "type": "group"}
    base = {"message_id": 1, "date": _AT // 1000, "from": {"id": 7, "is_bot": False, "first_name": "ก"}, "chat": private}
    found: dict[str, Any] = {f"message: {kind}": {"message": {**base, **more}} for kind, more in messages.items()}
    found["message (in a group, to us)"] = {"message": {**base, "chat": group, "text": "/help"}}
    found["edited_message"] = {"edited_message": {**base, "text": "ไฟดับ", "edit_date": _AT // 1000}}
    found["callback_query"] = {"callback_query": {"id": "1", "from": base["from"], "message": base, "data": "msg_1:0"}}
    found["message_reaction"] = {"message_reaction": {**base, "new_reaction": [{"type": "emoji", "emoji": "👍"}]}}
    for name, chat, before, after in (
        ("kicked", private, "member", "kicked"),
        ("member", private, "kicked", "member"),
        ("member (in a group)", group, "left", "member"),
        ("left (in a group)", group, "member", "left"),
    ):
        states = {"old_chat_member": {"status": before}, "new_chat_member": {"status": after}}
        found[f"my_chat_member: {name}"] = {"my_chat_member": {**base, "chat": chat, **states}}
    found["channel_post"] = {"channel_post": {**base, "chat": {"id": -8, "type": "channel"}, "text": "ข่าว"}}
    return {name: {"update_id": 1, **update} for name, update in found.items()}


def meta(platform: str) -> dict[str, Any]:
    """Messenger's or Instagram's webhooks by what Meta calls them."""
    pieces: dict[str, dict[str, Any]] = {
        "message: text": {"message": {"mid": "m", "text": "ไฟดับ"}},
        "message: quick_reply": {"message": {"mid": "m", "text": "ใช่", "quick_reply": {"payload": "/affirm"}}},
        "message: is_deleted": {"message": {"mid": "m", "is_deleted": True}},
        "message: is_echo (ours)": {"message": {"mid": "m", "is_echo": True, "metadata": "out_1", "text": "ค่ะ"}},
        "message: is_echo (a person's)": {"message": {"mid": "m", "is_echo": True, "text": "ค่ะ"}},
        "message: is_unsupported": {"message": {"mid": "m", "is_unsupported": True}},
        "message_edit": {"message_edit": {"mid": "m", "text": "ไฟดับ", "num_edit": 1}},
        "postback": {"postback": {"mid": "m", "title": "ใช่", "payload": "/affirm"}},
        "postback: get started": {"postback": {"mid": "m", "title": "เริ่ม", "payload": "GET_STARTED"}},
        "referral": {"referral": {"ref": "report", "source": "SHORTLINK"}},
        "reaction": {"reaction": {"mid": "m", "action": "react", "emoji": "👍"}},
        "optin": {"optin": {"ref": "x"}},
    }
    link = {"url": "https://files.example/a"}
    attachments: dict[str, dict[str, Any]] = dict.fromkeys(("image", "video", "audio", "file"), link)
    if platform == "messenger":
        attachments |= {"location": {"coordinates": {"lat": 13.7, "long": 100.5}}}
    else:
        attachments |= {"share": link, "story_mention": link, "ig_reel": link}
    for kind, payload in attachments.items():
        pieces[f"attachment: {kind}"] = {"message": {"mid": "m", "attachments": [{"type": kind, "payload": payload}]}}
    sticker = {"type": "image", "payload": {**link, "sticker_id": 369239263222822}}
    pieces["attachment: sticker"] = {"message": {"mid": "m", "attachments": [sticker]}}
    bodies = {name: [("messaging", piece)] for name, piece in pieces.items()}
    bodies["standby"] = [("standby", pieces["message: text"])]
    kind = {"messenger": "page", "instagram": "instagram"}[platform]
    return {name: {"object": kind, "entry": [_entry(place, piece) for place, piece in body]} for name, body in bodies.items()}


def _entry(place: str, piece: dict[str, Any]) -> dict[str, Any]:
    echo = piece.get("message", {}).get("is_echo", False)
    sender, recipient = ("1", "7") if echo else ("7", "1")
    return {
        "id": "1",
        "time": _AT,
        place: [{"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": _AT, **piece}],
    }


def web() -> dict[str, Any]:
    """The widget's frames by their kind."""
    more: dict[str, dict[str, Any]] = {
        "text": {"text": "ไฟดับ"},
        "choice": {"text": "ใช่", "payload": "/affirm"},
        "image": {"attachments": ["att_1"]},
        "location": {"position": {"latitude": 13.7, "longitude": 100.5}},
        "session": {},
    }
    return {kind: {"id": "event-0001", "kind": kind, **fields} for kind, fields in more.items()}
