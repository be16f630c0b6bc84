"""The state of a conversation, kept up to date event by event and never played again.

Stands in for `DialogueStateTracker`, which plays all events of the conversation again for every copy, for every look at
its past states, and for every question about its last events. This one keeps three things current instead:

- the events that count: those that Rasa's `applied_events` would name, folded one at a time by the same rules;
- beside each action among them, the state before it, as policies see it;
- its own values, which a copy takes over as they are.

So it can also begin in the middle: from the snapshot that the last turn left (`lean/snapshot.py`) and the last few events.
Only taking back (`rewind`, `undo`) needs the whole conversation; then HistoryNeeded is raised and the turn runs again with it.
Checked by tests/engine/lean/test_tracker.py (random events, compared with Rasa's class after each) and by the
equivalence of dialogues.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from rasa.shared.core.constants import ACTIVE_LOOP
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    DefinePrevUserUtteredFeaturization,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity, TrackerActiveLoop

_TAKEN_BACK = (ActionReverted, UserUtteranceReverted)
_UNDONE = (ActionExecuted, UserUttered, DefinePrevUserUtteredFeaturization)


class HistoryNeeded(Exception):
    """What happened cannot be told from the last events alone: the whole conversation must be read."""


class Step(NamedTuple):
    """An event that counts and, for an action, the state before it."""

    event: Event
    before: State | None


class _Seen(NamedTuple):
    """What Rasa's domain looks at to describe a state."""

    latest_message: UserUttered
    latest_action: dict[str, Any]
    active_loop: TrackerActiveLoop | None
    slots: dict[str, Slot]


class LeanTracker(DialogueStateTracker):
    """A conversation's state; ``whole`` says whether all its events are at hand or only the last ones."""

    def __init__(self, sender_id: str, slots: Iterable[Slot] | None, domain: Domain) -> None:
        """Begin a conversation."""
        super().__init__(sender_id, slots)
        self.domain = domain
        self.whole = True
        self.steps: list[Step] = []
        self.steps_cut = False  # whether events that count are missing before the first step
        self.loops: set[str] = set()  # the names of all that were ever active
        self.followup_by_events: str | None = self.followup_action
        self._stale = False  # while events are taken back

    @property
    def states(self) -> int:
        """Return how many states policies may look at, the present one included."""
        return sum(step.before is not None for step in self.steps) + 1

    def newest_states(self, count: int) -> list[State]:
        """Return the last states that policies see, the present one at the end; the caller may change them."""
        found: list[State] = [self._state()]
        for step in reversed(self.steps):
            if len(found) == count:
                break
            if step.before is not None:
                found.append({part: dict(values) for part, values in step.before.items()})
        return found[::-1]

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        """Return all states (see Rasa's class); policies that learn from stories need the whole conversation for it."""
        if not self.whole:
            raise HistoryNeeded
        return super().past_states(domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data)

    def applied_events(self) -> list[Event]:
        """Return the events that count; in a tracker that is not whole, the last of them."""
        return super().applied_events() if self._stale else [step.event for step in self.steps]

    def update(self, event: Event, domain: Domain | None = None) -> None:
        """Take in an event."""
        taken_back = isinstance(event, _TAKEN_BACK)
        if taken_back and not self.whole:
            raise HistoryNeeded
        before = self._state() if isinstance(event, ActionExecuted) else None
        self._stale = taken_back
        super().update(event, domain)
        self.followup_by_events = self.followup_action
        if taken_back:
            self._fold_anew()
        else:
            self._fold(event, before)

    def current_state(self, event_verbosity: EventVerbosity = EventVerbosity.NONE) -> dict[str, Any]:
        """Return the state as plain values (see Rasa's class), which the caller must not change."""
        loop, self.active_loop = self.active_loop, None
        state = super().current_state(event_verbosity)
        self.active_loop = loop
        return {**state, ACTIVE_LOOP: dict(vars(loop)) if loop else {}}

    def copy(self) -> LeanTracker:
        """Return a tracker with the same state; as Rasa's copy it does not mark new events with the model."""
        twin = LeanTracker.__new__(LeanTracker)
        twin.__dict__.update(self.__dict__)
        twin.events = self.events.copy()
        twin.slots = {name: _copied(slot) for name, slot in self.slots.items()}
        twin.active_loop = TrackerActiveLoop(**vars(self.active_loop)) if self.active_loop else None
        twin.steps, twin.loops = list(self.steps), set(self.loops)
        twin.followup_action = self.followup_by_events
        twin.model_id = twin.assistant_id = None
        return twin

    def _state(self) -> State:
        said = next((step.event for step in reversed(self.steps) if isinstance(step.event, UserUttered)), None)
        if said is None and self.steps_cut:
            raise HistoryNeeded
        done = next((step.event for step in reversed(self.steps) if isinstance(step.event, ActionExecuted)), None)
        seen = _Seen(said or UserUttered.empty(), done.as_sub_state() if done else {}, self.active_loop, self.slots)
        return self.domain.get_active_state(seen)  # type: ignore[arg-type]  # it looks at nothing else

    def _fold(self, event: Event, before: State | None) -> None:
        if isinstance(event, (Restarted, SessionStarted)):
            self.steps, self.steps_cut = [], False
        elif isinstance(event, ActionExecuted) and self._goes_on(event.action_name):
            self._undo_till(event.action_name)
        else:
            self.steps.append(Step(event, before))
        if isinstance(event, ActiveLoop) and event.name and event.name not in self.loops:
            self._learn_loop(event.name)

    def _learn_loop(self, name: str) -> None:
        # Rasa knows all loops of a conversation from its first event on. That matters only if one has run more than once
        # before it was active, which no form does.
        self.loops.add(name)
        known = self.events if self.whole else [step.event for step in self.steps]
        if sum(isinstance(event, ActionExecuted) and event.action_name == name for event in known) > 1:
            if not self.whole:
                raise HistoryNeeded
            self._fold_anew()

    def _goes_on(self, name: str | None) -> bool:
        """Whether a loop is asked again after a plain answer: then only its first run counts."""
        if name not in self.loops:
            return False
        followed_by: str | None = None
        for event, _ in reversed(self.steps):
            if isinstance(event, ActiveLoop) and event.name is None:
                return False
            if self._is_within_unhappy_path(name, event, followed_by):
                return False
            if isinstance(event, ActionExecuted):
                if event.action_name == name:
                    return True
                followed_by = event.action_name
        if self.steps_cut:
            raise HistoryNeeded
        return False

    def _undo_till(self, loop: str | None) -> None:
        kept = []
        while self.steps:
            event = self.steps[-1].event
            if isinstance(event, ActionExecuted) and event.action_name == loop:
                break
            step = self.steps.pop()
            if not isinstance(event, _UNDONE):
                kept.append(step)
        self.steps += reversed(kept)

    def _fold_anew(self) -> None:
        self._stale = True
        events = self.applied_events()
        self._stale = False
        self.steps = with_states(events, self)


def _copied(slot: Slot) -> Slot:
    twin = slot.__class__.__new__(slot.__class__)
    twin.__dict__.update(slot.__dict__)
    return twin


def with_states(events: Sequence[Event], like: DialogueStateTracker) -> list[Step]:
    """Play events that count once more and note the state before each action."""
    player = LeanTracker(like.sender_id, like.slots.values(), like.domain)  # type: ignore[attr-defined]
    player._reset()
    for event in events:
        before = player._state() if isinstance(event, ActionExecuted) else None
        event.apply_to(player)
        player.steps.append(Step(event, before))
    return player.steps
