"""The tracker that is kept up to date: after any events it is what Rasa's tracker is after playing them all."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.runtime.lean.event_types import read_events
from bot.runtime.lean.jsontext import dumps, loads
from bot.runtime.lean.snapshot import restore, snapshot_of
from bot.runtime.lean.tracker import HistoryNeeded, LeanTracker

DOMAIN = Domain.from_yaml("""
version: "3.1"
intents: [greet, report, affirm]
slots:
  place: {type: text, influence_conversation: true, mappings: [{type: custom}]}
  kind: {type: any, mappings: [{type: custom}]}
forms:
  report_form: {required_slots: [place]}
  other_form: {required_slots: [kind]}
actions: [action_a, action_b]
""")
NAMES = ("action_listen", "action_a", "action_b", "report_form", "other_form")
TAKEN_BACK = (UserUtteranceReverted, ActionReverted)


def said(chance: random.Random) -> UserUttered:
    name = chance.choice(("greet", "report", "affirm"))
    intent = {"name": name, "confidence": 1.0}
    return UserUttered(f"ข้อความ {name}", intent, [], {"text": "ก", "intent": intent, "entities": []})


def happened(chance: random.Random, *, taken_back: bool) -> Event:
    makers: list[Any] = [
        *[lambda: ActionExecuted(chance.choice(NAMES), hide_rule_turn=chance.random() < 0.5)] * 6,
        *[lambda: said(chance)] * 4,
        lambda: SlotSet("place", chance.choice((None, "ซอย 5"))),
        lambda: SlotSet("kind", {"a": 1}),
        lambda: ActiveLoop(chance.choice((None, "report_form", "other_form", "report_form"))),
        lambda: ActionExecutionRejected("report_form"),
        lambda: LoopInterrupted(True),
        lambda: BotUttered("ค่ะ", {}),
        lambda: chance.choice((Restarted, SessionStarted, AllSlotsReset, ConversationPaused, ConversationResumed))(),
        lambda: FollowupAction("action_a"),
    ]
    if taken_back:
        makers += [lambda: UserUtteranceReverted(), lambda: ActionReverted()]
    return chance.choice(makers)()


def described(tracker: DialogueStateTracker) -> Any:
    state = tracker.current_state(EventVerbosity.ALL)
    counted = [(type(one).__name__, getattr(one, "action_name", None)) for one in tracker.applied_events()]
    return json.loads(json.dumps([state, counted, tracker.past_states(DOMAIN)]))


def walk(seed: int, *, taken_back: bool, length: int = 40) -> Iterator[Event]:
    chance = random.Random(seed)
    for _ in range(length):
        event = happened(chance, taken_back=taken_back)
        yield event
        if isinstance(event, UserUttered):  # Rasa's policies say so with their first prediction, before any action
            yield DefinePrevUserUtteredFeaturization(False)


@pytest.mark.parametrize("seed", range(40))
def test_after_each_event_it_is_rasas_tracker(seed: int) -> None:
    stock, lean = DialogueStateTracker("c", DOMAIN.slots), LeanTracker("c", DOMAIN.slots, DOMAIN)

    for event in walk(seed, taken_back=seed % 2 == 0):
        stock.update(event)
        lean.update(event)
        assert described(lean) == described(stock)
        assert lean.newest_states(1000) == DialogueStateTracker.past_states(stock, DOMAIN)


@pytest.mark.parametrize("seed", range(10))
def test_a_copy_is_rasas_copy_and_goes_its_own_way(seed: int) -> None:
    stock, lean = DialogueStateTracker("c", DOMAIN.slots), LeanTracker("c", DOMAIN.slots, DOMAIN)
    for event in walk(seed, taken_back=False):
        stock.update(event)
        lean.update(event)
    before = described(lean)

    twin = lean.copy()

    assert described(twin) == described(stock.copy())
    for event in walk(seed + 1, taken_back=False):
        twin.update(event)
    assert described(lean) == before


@pytest.mark.parametrize("seed", range(30))
def test_read_back_from_a_snapshot_it_goes_on_as_if_whole(seed: int) -> None:
    """Turn after turn: only the last five events and the snapshot are handed on, as JSON."""
    whole = LeanTracker("c", DOMAIN.slots, DOMAIN)
    bounded = LeanTracker("c", DOMAIN.slots, DOMAIN)
    chance, asked_again = random.Random(seed), 0
    for _ in range(25):
        turn = [
            said(chance),
            DefinePrevUserUtteredFeaturization(False),
            *(happened(chance, taken_back=False) for _ in range(3)),
            ActionExecuted("action_listen"),
        ]
        try:
            for event in turn:
                bounded.update(event)
        except HistoryNeeded:  # allowed, as long as it is rare
            asked_again += 1
            bounded = LeanTracker("c", DOMAIN.slots, DOMAIN)
            for event in [*whole.events, *turn]:
                bounded.update(event)
        for event in turn:
            whole.update(event)
        assert bounded.newest_states(3) == whole.newest_states(3)
        assert bounded.current_state() == whole.current_state()
        assert [bool(one.applied_events()) for one in (bounded, whole)] in ([True, True], [False, False])
        try:
            bounded = handed_on(bounded)
        except HistoryNeeded:
            assert whole.latest_message not in list(whole.events)[-10:]
    assert asked_again < 8


def handed_on(tracker: LeanTracker) -> LeanTracker:
    written = loads(dumps([snapshot_of(tracker, 3), [event.as_dict() for event in list(tracker.events)[-10:]]]))
    fresh = LeanTracker("c", DOMAIN.slots, DOMAIN)
    restore(fresh, read_events(written[1]), written[0])
    return fresh


@pytest.mark.parametrize("kind", TAKEN_BACK)
def test_taking_back_needs_the_whole_conversation(kind: type[Event]) -> None:
    tracker = LeanTracker("c", DOMAIN.slots, DOMAIN)
    for event in walk(3, taken_back=False):
        tracker.update(event)

    with pytest.raises(HistoryNeeded):
        handed_on(tracker).update(kind())  # type: ignore[call-arg]
