"""How sure the assistant was: its best guesses at an utterance, and the form that had asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.shared.core.events import ActiveLoop, Event, Restarted, SessionStarted, UserUttered

MOST = 3
_FALLBACK = "nlu_fallback"  # what Rasa puts first when it is unsure; not an intent of a citizen
_DIVIDED = "report_problem"  # the intent whose examples are divided by category


def guesses(said: UserUttered) -> list[dict[str, Any]]:
    """Return the likeliest intents, best first, as {"intent", "confidence"}.

    A report's category is told as the training data have it: "report_problem/street-light".
    """
    parsed = said.parse_data or {}
    ranked = [one for one in parsed.get("intent_ranking") or [] if one.get("name") not in (None, _FALLBACK)]
    category = (parsed.get("category") or {}).get("name")
    return [{"intent": _named(one["name"], category), "confidence": float(one.get("confidence") or 0.0)} for one in ranked[:MOST]]


def asked_by(events: Sequence[Event], place: int, before: str | None = None) -> str | None:
    """Return the form that was open when the utterance at `place` came, "report_form", or None.

    Args:
        events: What is kept of the conversation, perhaps only its last turns.
        place: Where the utterance stands among them.
        before: The form that was open at their beginning.
    """
    for event in reversed(events[:place]):
        if isinstance(event, ActiveLoop):
            return event.name
        if isinstance(event, (SessionStarted, Restarted)):
            return None
    return before


def _named(intent: str, category: str | None) -> str:
    return f"{intent}/{category}" if intent == _DIVIDED and category else intent
