"""A message's attachments, read into contents."""

from math import isfinite
from typing import Any

from channels.meta.value import identifier, words
from channels.value import items, mapping
from conversations.content import Inward, InwardKind, Position

LIKES = {"369239263222822", "369239343222814", "369239383222810"}  # Messenger's thumb in its three sizes
LIKE = "ตกลง"
FILES: dict[str, InwardKind] = {"image": "image", "audio": "audio", "video": "video", "file": "file"}
LINKS = {"fallback", "template", "share", "ig_post", "post"}  # something on the web, shown by title and address
REELS = {"reel", "ig_reel"}


def read(attachments: Any, caption: str) -> list[Inward]:
    """One content for each kind of file, place or sticker; links become words. ``caption`` is the message's own text."""
    files: dict[InwardKind, list[dict[str, Any]]] = {}
    found: list[Inward] = []
    said = caption
    for one in items(attachments):
        kind, payload = words(mapping(one).get("type")), mapping(mapping(one).get("payload"))
        if sticker := identifier(payload.get("sticker_id")):
            found.append(Inward(kind="sticker", text=LIKE if sticker in LIKES else ""))
        elif kind == "location":
            found.append(_place(mapping(one), payload))
        elif kind == "story_mention":
            found.append(Inward(kind="event", event="other", text=kind))
        elif kind in LINKS:
            said = _link(mapping(one), payload, said)
        elif kind in REELS:
            said = _link({}, {"title": payload.get("title")}, said)
            if not said:
                files.setdefault("video", [])
        else:
            files.setdefault(FILES.get(kind, "file"), []).extend(_file(kind, payload))
    for place, (media_kind, media) in enumerate(files.items()):
        details = {"media": media} if media else {}
        found.append(Inward(kind=media_kind, text=said if place == 0 else "", details=details))
    return found if files or not said else [Inward(kind="text", text=said), *found]


def _file(kind: str, payload: dict[str, Any]) -> list[dict[str, Any]]:
    url = words(payload.get("url"))
    if not url:
        return []
    return [{"kind": str(FILES.get(kind, "file")), "url": url, "name": words(payload.get("title"))}]


def _place(one: dict[str, Any], payload: dict[str, Any]) -> Inward:
    point = mapping(payload.get("coordinates"))
    latitude, longitude = _degrees(point.get("lat"), 90), _degrees(point.get("long"), 180)
    label = words(one.get("title"))
    if latitude is None or longitude is None:
        return Inward(kind="text", text=label) if label.strip() else Inward(kind="file")
    return Inward(kind="location", position=Position(latitude=latitude, longitude=longitude, label=label))


def _degrees(value: Any, most: int) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and abs(value) <= most:
        return float(value)
    return None


def _link(one: dict[str, Any], payload: dict[str, Any], said: str) -> str:
    title = words(payload.get("title")) or words(one.get("title"))
    url = words(payload.get("url")) or words(one.get("url"))
    parts = [said or title, url if url not in said else ""]
    return "\n".join(part for part in parts if part.strip())
