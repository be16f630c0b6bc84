"""Events read back by a table of their kinds.

Stands in for `Event.resolve_by_type`, which walks through all subclasses of Event for every single event that is read.
Checked by tests/engine/lean/test_event_types.py: the same class for every kind, the same refusal of others.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

_known: dict[str, type[Event]] = {}


def event_class(kind: str) -> type[Event] | None:
    """Return the class of a kind of event; None for Rasa's abandoned `topic`.

    Raises:
        ValueError: If there is no such kind.
    """
    found = _known.get(kind)
    if found is None:
        # The first of a kind is the one that Rasa takes; a class that was made later is found by asking anew.
        for cls in reversed(all_subclasses(Event)):
            _known[cls.type_name] = cls
        found = _known.get(kind)
    return found or Event.resolve_by_type(kind)


def read_events(written: list[dict[str, Any]]) -> list[Event]:
    """Read events as Rasa's `deserialise_events` does: what has no kind is passed over."""
    classes = [(event_class(one["event"]), one) for one in written if one.get("event") is not None]
    return [event for cls, one in classes if cls and (event := cls._from_parameters(one))]
