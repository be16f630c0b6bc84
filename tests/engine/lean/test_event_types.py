"""Events read back by a table: the same as by Rasa's own search."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.utils.common import all_subclasses

from bot.runtime.lean.event_types import event_class, read_events

KINDS = sorted({cls.type_name for cls in all_subclasses(Event)})


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_rasas_class(kind: str) -> None:
    assert event_class(kind) is Event.resolve_by_type(kind)


def test_an_unknown_kind_is_refused_and_an_abandoned_one_passed_over() -> None:
    with pytest.raises(ValueError, match="no such"):
        event_class("no such")
    assert read_events([{"event": "topic"}, {"no": "event"}]) == deserialise_events([{"event": "topic"}, {"no": "event"}]) == []


def test_events_keep_their_values() -> None:
    written = [
        {"event": "slot", "name": "place", "value": "ซอย 5", "timestamp": 1.5},
        {"event": "user", "text": "ไฟดับ", "parse_data": {"intent": {"name": "report_problem"}}, "timestamp": 2.5},
        {"event": "action", "name": "report_form", "hide_rule_turn": True, "timestamp": 3.5},
    ]

    assert [one.as_dict() for one in read_events(written)] == [one.as_dict() for one in deserialise_events(written)]
