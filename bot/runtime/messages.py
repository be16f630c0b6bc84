"""What the bot said, in the neutral form that every channel can render."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered

Message = dict[str, Any]


def answers_to(events: Sequence[Event], place: int) -> list[Message]:
    """Collect the answers to one utterance of the citizen from the events of a tracker.

    Args:
        events: All events of the conversation.
        place: Where the citizen's utterance stands among them.

    Returns:
        What was said from the start of the session that this utterance opened, if it did, up to the next utterance.
    """
    start = place
    while start > 0 and not isinstance(events[start - 1], UserUttered) and not _opens_session(events[start]):
        start -= 1
    start = start if _opens_session(events[start]) else place
    end = place + 1
    while end < len(events) and not isinstance(events[end], UserUttered) and not _opens_session(events[end]):
        end += 1
    return [message for event in events[start:end] if isinstance(event, BotUttered) for message in rendered(event)]


def rendered(event: BotUttered) -> Iterator[Message]:
    """Turn one utterance of the bot into messages: its own form first, then text, then an image."""
    data = event.data
    custom = data.get("custom")
    if isinstance(custom, dict) and custom.get("type"):
        yield custom
    choices = [_choice(button) for button in [*(data.get("buttons") or []), *(data.get("quick_replies") or [])]]
    if event.text:
        yield {"type": "text", "text": event.text, "choices": choices}
    if data.get("image"):
        yield {"type": "image", "url": data["image"]}


def _choice(button: dict[str, Any]) -> Message:
    return {
        "title": button.get("title", ""),
        "payload": button.get("payload") or button.get("url") or "",
        "kind": button.get("kind") or ("link" if button.get("url") else "reply"),
    }


def _opens_session(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_SESSION_START_NAME
