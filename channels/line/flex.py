"""Cards as Flex bubbles: a coloured head, the words, labelled lines, and rows to press."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.line.choices import LABEL, action, address
from channels.text import clip, split, utf16_len
from conversations.content import Card, CardField, Choice

BUBBLE, CAROUSEL = 30_000, 50_000  # bytes of JSON at most, counted as we send it
TITLE, SUBTITLE, FIELD_LABEL = 120, 160, 60  # UTF-16 units that still look well
FIELDS = 20
_SHORT = 44  # a value up to here stands beside its label
_WATER, _GOLD, _INK, _QUIET, _EDGE = "#0b5468", "#f2c14e", "#14292f", "#4b6067", "#dfe7e8"


@dataclass
class Bubble:
    """A bubble and the words that did not fit into it."""

    made: dict[str, Any]
    rest: list[str] = field(default_factory=list)


def bubble(card: Card, rows: Sequence[Choice], room: int, *, size: str = "mega") -> Bubble:
    """A bubble with ``rows`` to press below and up to ``room`` UTF-16 units of words; what is longer becomes its ``rest``."""
    rest: list[str] = []
    cut = [text for text, most in ((card.title, TITLE), (card.subtitle or "", SUBTITLE)) if utf16_len(text) > most]
    head = [_text(clip(card.title.strip(), TITLE, utf16_len) or "…", size="lg", weight="bold", color="#ffffff")]
    if subtitle := (card.subtitle or "").strip():
        head.append(_text(clip(subtitle, SUBTITLE, utf16_len), size="sm", color="#d5e6ea", margin="sm"))
    made: dict[str, Any] = {"type": "bubble", "size": size, "header": _box(head, backgroundColor=_WATER, paddingAll="18px")}
    picture = address(card.image_url or "")
    if picture.startswith("https://"):
        made["hero"] = {"type": "image", "url": picture, "size": "full", "aspectRatio": "20:13", "aspectMode": "cover"}
    if body := _body("\n\n".join([*cut, card.text]).strip(), card.fields, room, rest):
        made["body"] = _box(body, spacing="md", paddingAll="18px")
    if card.image_url and "hero" not in made:
        rest.append(card.image_url)
    pressed = [_row(choice, first=number == 0) for number, choice in enumerate(rows)]
    if pressed:
        made["footer"] = _box(pressed, spacing="sm", paddingAll="14px")
        made["styles"] = {"footer": {"separator": True, "separatorColor": _EDGE}}
    return Bubble(made, rest)


def size_of(container: dict[str, Any]) -> int:
    """Bytes of its JSON."""
    return len(json.dumps(container))


def _body(text: str, fields: Sequence[CardField], room: int, rest: list[str]) -> list[dict[str, Any]]:
    """The words and labelled lines that fit; once something does not, all that follows goes to ``rest``, in order."""
    body: list[dict[str, Any]] = []
    if text:
        first, more = _part(text, room)
        body.append(_text(first, size="md", color=_INK))
        room -= utf16_len(first)
        if more:
            rest.append(more)
            room = 0
    for number, line in enumerate(fields):
        need = utf16_len(line.label) + utf16_len(line.value)
        if number >= FIELDS or need > room or utf16_len(line.label) > FIELD_LABEL:
            rest.append(f"{line.label}\n{line.value}" if "\n" in line.value else f"{line.label}: {line.value}")
            room = 0
            continue
        if body:
            body.append({"type": "separator", "color": _EDGE})
        body.append(_field(line.label.strip(), line.value.strip() or "-"))
        room -= need
    return body


def _part(text: str, room: int) -> tuple[str, str]:
    if utf16_len(text) <= room:
        return text, ""
    first = split(text, room, utf16_len)[0]
    return first, text[len(first) :].strip()


def _field(label: str, value: str) -> dict[str, Any]:
    if not label:
        return _text(value, size="sm", color=_INK)
    if "\n" in value or utf16_len(value) > _SHORT or utf16_len(label) > _SHORT // 2:
        return _box([_text(label, size="sm", weight="bold", color=_WATER), _text(value, size="sm", color=_INK)], spacing="xs")
    pair = [_text(label, size="sm", color=_QUIET, flex=3), _text(value, size="sm", color=_INK, flex=5)]
    return {**_box(pair, spacing="md"), "layout": "horizontal"}


def _row(choice: Choice, *, first: bool) -> dict[str, Any]:
    """A row to press. Unlike LINE's buttons it shows a long title whole."""
    found = action(choice) or {"type": "message", "text": choice.title}
    strong = first and choice.kind == "link"
    words = _text(choice.title, size="sm", weight="bold", color="#ffffff" if strong else _WATER, align="center")
    colours = (
        {"backgroundColor": _WATER} if strong else {"backgroundColor": "#ffffff", "borderColor": _WATER, "borderWidth": "1px"}
    )
    return {
        **_box([words], paddingAll="12px", cornerRadius="8px", **colours),
        "action": {**found, "label": clip(choice.title, LABEL)},
    }


def _text(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, "wrap": True, **more}


def _box(contents: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"type": "box", "layout": "vertical", "contents": contents, **more}
