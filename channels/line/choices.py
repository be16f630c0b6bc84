"""Choices as LINE's actions: quick replies below a message, rows inside a card, or words where neither fits."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from channels.text import clip, utf16_len
from conversations.content import Choice

MOST = 13  # quick replies of one message
LABEL, DATA, DISPLAY, URI = 20, 300, 300, 1000  # characters at most
_THAI = re.compile(r"[\u0e00-\u0e7f]")
_SCHEMES = ("https://", "http://", "line://", "tel:")


@dataclass(frozen=True)
class Quick:
    """Quick reply items, and lines for the text: what did not fit, or not whole, into a button."""

    items: list[dict[str, Any]]
    lines: list[str]


def quick(choices: Sequence[Choice]) -> Quick:
    """Quick replies for as many choices as fit. A title too long for a button is told in the text under its number."""
    items: list[dict[str, Any]] = []
    lines: list[str] = []
    for number, choice in enumerate(choices, 1):
        made = _items(choice, number)
        if made and len(items) + len(made) <= MOST:
            items += made
        else:
            lines.append(_line(choice, number))
            continue
        if len(choice.title) > LABEL and choice.kind != "photo":
            lines.append(f"{number}. {choice.title}")
    return Quick(items, lines)


def action(choice: Choice) -> dict[str, Any] | None:
    """The action of a reply or a link, without its label; None when LINE would refuse it."""
    if choice.kind == "link":
        uri = address(choice.payload)
        return {"type": "uri", "uri": uri} if uri else None
    if choice.kind != "reply":
        return None
    title = choice.title[:DISPLAY]
    if not choice.payload or utf16_len(choice.payload) > DATA:
        return {"type": "message", "text": title}
    return {"type": "postback", "data": choice.payload, "displayText": title}


def address(told: str) -> str:
    """A link as LINE takes it, with everything but ASCII escaped; ``""`` when it takes none such."""
    uri = quote(told.strip(), safe="%:/?#[]@!$&'()*+,;=~", errors="replace")
    return uri if uri.startswith(_SCHEMES) and len(uri) <= URI else ""


def ask_place(words: str) -> Choice:
    """The button that shares a position, in the language of ``words``."""
    return Choice(title="ส่งตำแหน่ง" if _THAI.search(words) else "Send location", kind="location")


def joined(rows: Iterable[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Several messages' quick replies as one row: LINE shows only those of the last message."""
    kept: list[dict[str, Any]] = []
    for item in (item for row in rows for item in row):
        if item not in kept:
            kept.append(item)
    return kept[:MOST]


def _items(choice: Choice, number: int) -> list[dict[str, Any]]:
    label = choice.title if len(choice.title) <= LABEL else clip(f"{number}. {choice.title}", LABEL)
    if choice.kind == "location":
        return [_item({"type": "location", "label": clip(choice.title, LABEL)})]
    if choice.kind == "photo":
        taken, chosen = ("ถ่ายรูป", "เลือกรูป") if _THAI.search(choice.title) else ("Take a photo", "Choose a photo")
        return [_item({"type": "camera", "label": taken}), _item({"type": "cameraRoll", "label": chosen})]
    found = action(choice)
    return [_item({**found, "label": label})] if found else []


def _item(made: dict[str, Any]) -> dict[str, Any]:
    return {"type": "action", "action": made}


def _line(choice: Choice, number: int) -> str:
    return f"{number}. {choice.title}" + (f": {choice.payload}" if choice.kind == "link" else "")
