"""A turn: what the citizen just sent, as the engine understood it, and where the talk stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker

Entity = Mapping[str, Any]
Guess = tuple[str, float]  # a name and how sure the engine is, from 0 to 1


@dataclass(frozen=True)
class Turn:
    """One message of a citizen.

    ``words`` is empty when a button, a photo or a position came; ``text`` is the same as it was typed, with the spaces that
    entities' offsets count. ``done`` names the actions that ran since the message
    arrived, ``before`` the last one that ran before it.
    """

    conversation_id: str
    message_id: str
    words: str
    intent: str
    confidence: float = 1.0
    text: str = ""
    ranking: tuple[Guess, ...] = ()
    category: tuple[Guess, ...] = ()
    entities: tuple[Entity, ...] = ()
    person_id: str = ""
    channel: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)
    loop: str | None = None
    done: tuple[str, ...] = ()
    before: str = ""
    events: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of(cls, tracker: Tracker) -> "Turn":
        """Read the turn from what the engine sent."""
        message: dict[str, Any] = tracker.latest_message
        intent = message.get("intent") or {}
        text = message.get("text") or ""
        done, before = _actions(tracker.events)
        return cls(
            conversation_id=tracker.sender_id,
            message_id=message.get("message_id") or "",
            words="" if _structured(message) else " ".join(text.split()),
            intent=intent.get("name") or "nlu_fallback",
            confidence=float(intent.get("confidence") or 0.0),
            text=text,
            ranking=_guesses(message.get("intent_ranking")),
            category=_guesses((message.get("category") or {}).get("ranking")),
            entities=tuple(message.get("entities") or ()),
            person_id=(message.get("metadata") or {}).get("person_id") or "",
            channel=(message.get("metadata") or {}).get("channel") or "",
            slots=tracker.slots,
            loop=tracker.active_loop_name,
            done=done,
            before=before,
            events=tuple(tracker.events),
        )

    @property
    def structured(self) -> bool:
        """Whether a button, a photo, a position or an event came instead of words."""
        return not self.words

    @property
    def language(self) -> str:
        """``th`` or ``en``."""
        return "en" if self.slots.get("language") == "en" else "th"

    @property
    def actor(self) -> str:
        """Who acts, as the audit log writes it."""
        return f"citizen:{self.person_id}"

    def key(self, what: str) -> str:
        """The key of a side effect: the same when the same message is handled again."""
        return f"{self.conversation_id}:{self.message_id}:{what}"

    def values(self, entity: str) -> list[Any]:
        """All values of an entity in the message, such as the photos of an album."""
        return [found["value"] for found in self.entities if found.get("entity") == entity]

    def value(self, entity: str) -> Any:
        """The first value of an entity, or None."""
        return next(iter(self.values(entity)), None)

    def chance(self, intent: str) -> float:
        """How likely the engine holds an intent."""
        return dict(self.ranking).get(intent, self.confidence if intent == self.intent else 0.0)


def _structured(message: Mapping[str, Any]) -> bool:
    # The engine reads a citizen's own words that begin with a slash as words: those have no extractor "payload" and
    # an intent that was ranked among others.
    text = message.get("text") or ""
    return text.startswith("/") and len(message.get("intent_ranking") or []) <= 1


def _guesses(ranking: Any) -> tuple[Guess, ...]:
    return tuple((guess["name"], float(guess["confidence"])) for guess in ranking or () if guess.get("name"))


def _actions(events: list[dict[str, Any]]) -> tuple[tuple[str, ...], str]:
    """The names of the actions since the citizen's last message, oldest first, and the last one before it."""
    done: list[str] = []
    names = _backwards(events)
    for name in names:
        if name is None:
            break
        done.append(name)
    before = next((name for name in names if name is not None), "")
    return tuple(reversed(done)), before


def _backwards(events: list[dict[str, Any]]) -> Iterator[str | None]:
    """From the newest event back: the names of actions, and None for a message of the citizen."""
    for event in reversed(events):
        if event.get("event") == "user":
            yield None
        elif event.get("event") == "action" and event.get("name") not in (None, "action_listen"):
            yield event["name"]
