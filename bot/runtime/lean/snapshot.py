"""What a turn leaves behind, so that the next one need not play the conversation again.

Stands in for `TrackerStore.deserialise_tracker`, which reads and plays every event since the first. A snapshot holds the
values of a LeanTracker and, of the events that count, what policies may still look at; of each of these only what Rasa looks at.
Checked by tests/engine/lean/test_snapshot.py: a tracker read back is the tracker that was left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.shared.core.domain import State
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import TrackerActiveLoop

from bot.runtime.lean.tracker import HistoryNeeded, LeanTracker, Step

ACTIONS_KEPT = 12  # of the actions that count, at least: enough to see how a loop was entered

Snapshot = dict[str, Any]


def snapshot_of(tracker: LeanTracker, states_needed: int) -> Snapshot:
    """Write down a tracker's values.

    Args:
        tracker: The tracker at the end of a turn.
        states_needed: How many of its states policies look at.

    Returns:
        Plain JSON values. Utterances and the bot's last words are named by their place from the end of the events.
    """
    kept, cut = _kept(tracker, max(states_needed, ACTIONS_KEPT))
    return {
        "slots": {name: slot.value for name, slot in tracker.slots.items() if slot.has_been_set},
        "paused": tracker.is_paused(),
        "followup": tracker.followup_by_events,
        "latest_action": tracker.latest_action,
        "loop": dict(vars(tracker.active_loop)) if tracker.active_loop else None,
        "loops": sorted(tracker.loops),
        "said": _from_end(tracker, tracker.latest_message),
        "bot": _from_end(tracker, tracker.latest_bot_utterance),
        "steps": [_written(step) for step in kept],
        "cut": cut or tracker.steps_cut,
    }


def restore(tracker: LeanTracker, events: list[Event], snapshot: Snapshot) -> None:
    """Put a new tracker into the state of a snapshot; `events` are the last of the conversation."""
    for name, value in snapshot["slots"].items():
        if name in tracker.slots:
            tracker.slots[name].value = value
    tracker.events.extend(events)
    tracker._paused = snapshot["paused"]
    tracker.followup_action = tracker.followup_by_events = snapshot["followup"]
    tracker.latest_action = snapshot["latest_action"]
    tracker.active_loop = TrackerActiveLoop(**snapshot["loop"]) if snapshot["loop"] else None
    tracker.loops |= set(snapshot["loops"])
    if snapshot["said"] is not None:
        if snapshot["said"] > len(events):
            raise HistoryNeeded
        tracker.latest_message = events[-snapshot["said"]]  # type: ignore[assignment]
    if snapshot["bot"] is not None and snapshot["bot"] <= len(events):  # otherwise long ago, and nothing looks at it
        tracker.latest_bot_utterance = events[-snapshot["bot"]]  # type: ignore[assignment]
    tracker.steps = [_read(step) for step in snapshot["steps"]]
    tracker.steps_cut = snapshot["cut"]
    tracker.whole = False


def _from_end(tracker: LeanTracker, event: UserUttered | BotUttered | None) -> int | None:
    return next((back for back, one in enumerate(reversed(tracker.events), 1) if one is event), None)


def _kept(tracker: LeanTracker, actions: int) -> tuple[list[Step], bool]:
    """The last steps that can make a difference, with so many actions among them; and whether earlier ones are left out."""
    kept: list[Step] = []
    left = len(tracker.steps)
    for step in reversed(tracker.steps):
        left -= 1
        if isinstance(step.event, ActionExecuted):
            actions -= 1
        if _counts(step.event) or not kept:
            kept.append(step)
        if not actions:
            break
    return kept[::-1], left > 0


def _counts(event: Event) -> bool:
    return _ends_loop(event) or isinstance(event, (ActionExecuted, UserUttered, ActionExecutionRejected))


def _ends_loop(event: Event) -> bool:
    return isinstance(event, ActiveLoop) and event.name is None


def _written(step: Step) -> list[Any]:
    event = step.event
    if isinstance(event, ActionExecuted):
        return ["action", event.action_name, event.action_text, event.hide_rule_turn, event.timestamp, step.before]
    if isinstance(event, UserUttered):
        featurised = event.use_text_for_featurization
        return ["user", event.text, event.intent, event.entities, event.timestamp, featurised]
    if isinstance(event, ActionExecutionRejected):
        return ["rejected", event.action_name, event.timestamp]
    return ["loop ended" if _ends_loop(event) else "other", event.timestamp]


def _read(written: list[Any]) -> Step:
    kind, *values = written
    if kind == "action":
        name, text, hidden, timestamp, before = values
        event = ActionExecuted(name, timestamp=timestamp, action_text=text, hide_rule_turn=hidden)
        return Step(event, _state(before))
    if kind == "user":
        text, intent, entities, timestamp, featurised = values
        return Step(UserUttered(text, intent, entities, None, timestamp, use_text_for_featurization=featurised), None)
    if kind == "rejected":
        return Step(ActionExecutionRejected(values[0], timestamp=values[1]), None)
    return Step(ActiveLoop(None, values[0]) if kind == "loop ended" else BotUttered(timestamp=values[0]), None)


def _state(written: dict[str, dict[str, Any]] | None) -> State | None:
    if written is None:
        return None
    return {part: dict(_values(values)) for part, values in written.items()}


def _values(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        yield key, tuple(value) if isinstance(value, list) else value
