"""A webhook of LINE, read into events. Own reading of plain JSON: it runs before the answer and must be quick and never raise."""

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from channels.contract import Inbound, Odd
from channels.line.emoji import emoji, sticker
from channels.value import clean, items, mapping, mappings
from conversations.content import Inward, InwardKind, Position
from core import clock

GROUPS = {"group": "groupId", "room": "roomId"}
MEDIA: dict[str, InwardKind] = {"image": "image", "video": "video", "audio": "audio", "file": "file"}
ALWAYS_RECORDED = {"unsend", "unfollow", "leave"}  # true of the chat whichever program answers it
_EARLIEST, _LATEST = 946_684_800_000, 4_102_444_800_000  # 2000 and 2100, in milliseconds
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


def parse(payload: Any) -> list[Inbound | Odd]:
    """All events of all citizens, in LINE's order. What is no event is an `Odd`; nothing raises."""
    events = mapping(payload).get("events")
    if not isinstance(events, list):
        return [Odd(payload)]
    destination = _words(payload.get("destination"), 100)
    return [_event(event, destination) for event in events]


def _event(event: Any, destination: str) -> Inbound | Odd:
    try:
        return _inbound(event, destination) or Odd(event)
    except _UNREADABLE:
        return Odd(event)


def _inbound(event: Any, destination: str) -> Inbound | None:
    kind = event["type"]
    content = _content(kind, event) if isinstance(kind, str) and 0 < len(kind) <= 40 else None
    if content is None:
        return None
    source = mapping(event.get("source"))
    where = _words(source.get("type"), 20)
    external_id = _words(source.get(GROUPS.get(where, "userId")), 100)
    if not external_id and content.event == "other":
        external_id = destination  # the account's own events (suspended, attached to a module) come from nobody
    if not external_id:
        return None
    at, rank = _time(event.get("timestamp"))
    return Inbound(
        external_id=external_id,
        event_id=_words(event.get("webhookEventId"), 100) or _fingerprint(event),
        at=at,
        rank=rank,
        content=content,
        details=_details(event, where),
        reference=_reference(event),
    )


def _content(kind: str, event: Mapping[str, Any]) -> Inward | None:
    in_group = mapping(event.get("source")).get("type") in GROUPS
    if event.get("mode") == "standby" and kind not in ALWAYS_RECORDED:
        said = "" if in_group else _words(mapping(event.get("message")).get("text"), 5000)
        return Inward(kind="event", event="standby", text=said)
    if kind in {"message", "messageEdited"}:
        message = mapping(event.get("message"))
        if not _words(message.get("type"), 40):
            return None
        return _of_group(message) if in_group else _of_citizen(message, edited=kind == "messageEdited")
    if kind == "postback":
        return Inward(kind="event", event="group") if in_group else _pressed(mapping(event.get("postback")))
    if kind in {"follow", "unfollow", "join", "leave", "unsend"}:
        return Inward(kind="event", event=kind)
    return Inward(kind="event", event="other", text=clean(kind))


def _of_group(message: Mapping[str, Any]) -> Inward:
    """Other people's words are not ours to keep; being spoken to is an event."""
    if any(one.get("isSelf") is True for one in _mentions(message)):
        return Inward(kind="event", event="group")
    return Inward(kind="event", event="other", text="group_message")


def _of_citizen(message: Mapping[str, Any], *, edited: bool) -> Inward | None:
    details: dict[str, Any] = {"edited": True} if edited else {}
    kind = _words(message.get("type"), 40)
    match kind:
        case "text":
            text = message.get("text")
            return Inward(kind="text", text=_text(message, text), details=details) if isinstance(text, str) else None
        case "sticker":
            return _sticker(message, details)
        case "location":
            return _location(message, details)
        case _ if kind in MEDIA:
            return _media(MEDIA[kind], message, details)
    return Inward(kind="file", details={**details, "type": kind})  # a kind LINE invents tomorrow: at least kindly answered


def _text(message: Mapping[str, Any], text: str) -> str:
    """The words, with LINE's emoji made readable and the mention of ourselves taken out. Places are UTF-16 units."""
    spans: list[tuple[int, int, str | None]] = [(*_place(one), None) for one in _marks(message.get("emojis"))]
    spans += [(*_place(one), "") for one in _mentions(message) if one.get("isSelf") is True]
    units = text.encode("utf-16-le", "surrogatepass")
    end = len(units)
    for start, length, written in sorted(spans, key=lambda span: span[0], reverse=True):
        stop = start + 2 * length
        if not (0 <= start < stop <= end):
            continue  # outside of the text or across another one: leave the words as they are
        word = units[start:stop].decode("utf-16-le", "replace")
        units = units[:start] + (emoji(word) if written is None else written).encode("utf-16-le") + units[stop:]
        end = start
    return clean(units.decode("utf-16-le", "surrogatepass")).strip()


def _place(one: Mapping[str, Any]) -> tuple[int, int]:
    """Start and length of a span, in bytes and in units; a span that is none has length 0."""
    index, length = one.get("index"), one.get("length")
    if isinstance(index, int) and isinstance(length, int) and 0 <= index < 100_000 and 0 < length < 1000:
        return 2 * index, length
    return 0, 0


def _mentions(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _marks(mapping(message.get("mention")).get("mentionees"))


def _sticker(message: Mapping[str, Any], details: dict[str, Any]) -> Inward:
    keywords = [_words(one, 40) for one in items(message.get("keywords"))[:15] if isinstance(one, str)]
    ids = {key: _words(message.get(name), 40) for key, name in (("package", "packageId"), ("sticker", "stickerId"))}
    return Inward(
        kind="sticker",
        text=_words(message.get("text"), 200) or sticker(keywords),
        details={**details, **{key: value for key, value in ids.items() if value}, "keywords": keywords},
    )


def _location(message: Mapping[str, Any], details: dict[str, Any]) -> Inward | None:
    latitude, longitude = _number(message.get("latitude")), _number(message.get("longitude"))
    if latitude is None or longitude is None:
        return None
    label = ", ".join(dict.fromkeys(filter(None, (_words(message.get(key), 200) for key in ("title", "address")))))
    try:
        return Inward(kind="location", position=Position(latitude=latitude, longitude=longitude, label=label), details=details)
    except ValidationError:
        return None


def _media(kind: InwardKind, message: Mapping[str, Any], details: dict[str, Any]) -> Inward | None:
    provider = mapping(message.get("contentProvider"))
    found: dict[str, Any] = {"kind": kind}
    if provider.get("type") == "external":
        found["url"] = _words(provider.get("originalContentUrl"), 2000)
    else:
        found["id"] = _words(message.get("id"), 100)
    if not (found.get("id") or found.get("url")):
        return None
    if name := _words(message.get("fileName"), 255):
        found["name"] = name
    if size := _count(message.get("fileSize")):
        found["size"] = size
    if duration := _count(message.get("duration")):
        details["duration"] = duration
    if album := _album(mapping(message.get("imageSet"))):
        details["album"] = album
    return Inward(kind=kind, details={**details, "media": [found]})


def _album(told: Mapping[str, Any]) -> dict[str, Any]:
    """``{"id", "index", "total"}`` of a picture that came with others."""
    counts = {key: _count(told.get(key)) for key in ("index", "total")}
    album: dict[str, Any] = {"id": _words(told.get("id"), 100), **counts}
    return {key: value for key, value in album.items() if value}


def _pressed(postback: Mapping[str, Any]) -> Inward | None:
    data = postback.get("data")
    if not isinstance(data, str):
        return None
    params = {
        _words(key, 40): _words(value, 100)
        for key, value in list(mapping(postback.get("params")).items())[:10]
        if isinstance(value, str)
    }
    text = _words(postback.get("displayText"), 300)
    return Inward(kind="choice", payload=_words(data, 300), text=text, details={"params": params} if params else {})


def _details(event: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What sending and acknowledging need later."""
    message = mapping(event.get("message"))
    told = {
        "source": where,
        "reply_token": _words(event.get("replyToken"), 200),
        "read_token": _words(message.get("markAsReadToken"), 500),
        "quoted": _words(message.get("quotedMessageId"), 100),
        "redelivery": mapping(event.get("deliveryContext")).get("isRedelivery") is True,
        "unblocked": mapping(event.get("follow")).get("isUnblocked") is True,
    }
    return {key: value for key, value in told.items() if value}


def _reference(event: Mapping[str, Any]) -> str | None:
    told = mapping(event.get("unsend")).get("messageId") or mapping(event.get("message")).get("id")
    return _words(told, 100) or None


def _time(value: Any) -> tuple[datetime, int | None]:
    """LINE's time and the rank of the event; now, and no rank of its own, when there is no sensible one."""
    if isinstance(value, int) and not isinstance(value, bool) and _EARLIEST <= value < _LATEST:
        return datetime.fromtimestamp(value / 1000, UTC), value
    return clock.now(), None


def _fingerprint(event: Mapping[str, Any]) -> str:
    """An id for an event that came without one: the same event, delivered again, has the same. Its delivery may differ."""
    kept = {key: value for key, value in event.items() if key != "deliveryContext"}
    return "sha256:" + hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _words(value: Any, limit: int) -> str:
    """A string that any database keeps, at most ``limit`` characters; ``""`` for what is none. Whole numbers count as ids."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        value = str(value)
    return clean(value)[:limit] if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known and math.isfinite(value) else None


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53 else 0


def _marks(value: Any) -> list[dict[str, Any]]:
    """The emoji or mentions in a text, as many as any client makes."""
    return mappings(items(value)[:100])
