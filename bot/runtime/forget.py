"""What a citizen has taken back, blanked in the record of the dialogue."""

from __future__ import annotations

from typing import Any

from bot.runtime.payload import EXTRACTOR

Event = dict[str, Any]
# Of what a payload carries, these are the citizen's; the others are names of ours ("street-light"), which other slots hold too.
_OWN = {"photo", "latitude", "longitude", "label"}


def forget(events: list[Event], event_id: str) -> bool:
    """Blank the words of one utterance, its entities, and every slot value that is one of them.

    That it was said and answered stays, so that a repeat of the event still finds its answer.

    Args:
        events: The events of a kept tracker, which are changed in place.
        event_id: The id the utterance was sent with; what belongs to it carries `<event_id>:<part>`.

    Returns:
        Whether the utterance was there.
    """
    said = [event for event in events if event.get("event") == "user" and _belongs(event.get("message_id"), event_id)]
    words = {word for event in said for word in _words(event)}
    for event in said:
        _blank(event)
    for event in events:
        if event.get("event") == "slot":
            event["value"] = _without(event.get("value"), words)
    return bool(said)


def _belongs(message_id: Any, event_id: str) -> bool:
    return isinstance(message_id, str) and (message_id == event_id or message_id.startswith(f"{event_id}:"))


def _words(event: Event) -> set[Any]:
    parsed = event.get("parse_data") or {}
    entities = [*(event.get("entities") or []), *(parsed.get("entities") or [])]
    found = [one.get("value") for one in entities if one.get("extractor") != EXTRACTOR or one.get("entity") in _OWN]
    words = {_plain(one) for one in (event.get("text"), *found) if isinstance(one, (str, float))}
    return words - {""}


def _blank(event: Event) -> None:
    parsed = event.get("parse_data") or {}
    event["text"], event["entities"] = "", []
    parsed.update(text="", entities=[])
    parsed.pop("text_tokens", None)


def _without(value: Any, words: set[Any]) -> Any:
    """A slot's value without what was taken back: None if it is that or holds it, a list without such members."""
    if isinstance(value, list):
        return [one for one in value if not _holds(one, words)]
    return None if _holds(value, words) else value


def _holds(value: Any, words: set[Any]) -> bool:
    if isinstance(value, dict):
        return any(_holds(one, words) for one in value.values())
    if isinstance(value, list):
        return any(_holds(one, words) for one in value)
    return isinstance(value, (str, float)) and _plain(value) in words


def _plain(value: str | float) -> str | float:
    return " ".join(value.split()) if isinstance(value, str) else value
