"""What all entity extractors share: clean text with its way back, and entities that do not overlap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from core.thai import normalise_aligned

MAX_LETTERS = 3000  # nobody names a place or a day after so much text; patterns need not read on


class CleanText:
    """The cleaned text of a message, from which a span leads back to the text as it was typed."""

    def __init__(self, original: str) -> None:
        """Clean up the beginning of `original`, such as "ซอย  ๕"."""
        self.original = original[:MAX_LETTERS]
        self.text, self._origin = normalise_aligned(self.original)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the clean characters `start` to `end` (exclusive) stand in the original."""
        first = self._origin[start]
        after = self._origin[end] if end < len(self._origin) else len(self.original)
        return first, first + max(len(self.original[first:after].rstrip()), 1)

    def entity(self, name: str, start: int, end: int, value: Any, **more: Any) -> dict[str, Any]:
        """Make an entity of a span of the clean text."""
        first, last = self.span(start, end)
        return {"entity": name, "start": first, "end": last, "value": value, **more}


def add_entities(message: Message, found: Iterable[dict[str, Any]], extractor: str) -> None:
    """Add entities to a message, except those that overlap with one it has already."""
    taken = list(message.get(ENTITIES) or [])
    for entity in found:
        if not any(_overlap(entity, other) for other in taken):
            taken.append({**entity, "extractor": extractor})
    message.set(ENTITIES, taken, add_to_output=True)


def text_of(message: Message) -> str:
    """Return the text of a message, empty if it has none."""
    return message.get(TEXT) or ""


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return "start" in other and one["start"] < other["end"] and other["start"] < one["end"]
