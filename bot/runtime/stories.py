"""Run the dialogue tests of nlu_data/tests: `python -m bot.runtime.stories --model var/models/current.tar.gz`.

Each `user:` text is really read by the model. A test fails if the intent is another one, if an annotated entity is not
found, or if the dialogue takes another action. Custom actions are not run: what they would set stands in the test as
`slot_was_set`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.runtime.errors import StartRefused
from bot.runtime.logs import configure_logs, quiet_surroundings

if TYPE_CHECKING:
    from rasa.shared.core.events import UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.runtime.processor import StrictProcessor


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit code, 1 if any test failed or there was none."""
    parser = argparse.ArgumentParser(prog="python -m bot.runtime.stories", description="Run the dialogue tests.")
    parser.add_argument("--model", type=Path, default=Path("var/models/current.tar.gz"))
    parser.add_argument("--tests", type=Path, default=Path("nlu_data/tests"))
    options = parser.parse_args(arguments)
    quiet_surroundings()
    configure_logs()
    try:
        if not options.model.is_file():
            raise StartRefused(f"there is no model at {options.model}")
        failures = asyncio.run(run_tests(options.model, options.tests))
    except StartRefused as refusal:
        print(f"dialogues not tested: {refusal}", file=sys.stderr)
        return 1
    for name, why in failures.items():
        if why:
            print(f"FAILED {name}: {why}")
    failed = sum(1 for why in failures.values() if why)
    print(f"{len(failures) - failed} of {len(failures)} dialogues passed")
    return 1 if failed or not failures else 0


async def run_tests(model: Path, folder: Path) -> dict[str, str]:
    """Run all dialogues of a folder.

    Args:
        model: The trained model.
        folder: The YAML files, in Rasa's form of test stories.

    Returns:
        For each dialogue what went wrong first, empty if nothing did.
    """
    from rasa.core.tracker_store import InMemoryTrackerStore
    from rasa.shared.core.domain import Domain

    from bot.runtime.pipeline import check_model
    from bot.runtime.processor import StrictProcessor

    check_model(model)
    processor = StrictProcessor(model, InMemoryTrackerStore(Domain.empty()), None)
    return {name: await _failure(processor, tracker) for name, tracker in _dialogues(folder, processor.domain)}


def _dialogues(folder: Path, domain: Any) -> Iterator[tuple[str, DialogueStateTracker]]:
    from rasa.shared.core.generator import TrainingDataGenerator
    from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
    from rasa.shared.core.training_data.structures import StoryGraph

    for path in sorted(folder.glob("**/*.yml")):
        steps = YAMLStoryReader(domain).read_from_file(str(path))
        for step in steps:
            generator = TrainingDataGenerator(StoryGraph([step]), domain, use_story_concatenation=False, augmentation_factor=0)
            with contextlib.redirect_stderr(io.StringIO()):  # the progress of a single story is no news
                trackers = generator.generate_story_trackers()
            for tracker in trackers:
                yield f"{path.name}: {step.block_name}", tracker


async def _failure(processor: StrictProcessor, tracker: DialogueStateTracker) -> str:
    """Play one dialogue and return what went wrong first."""
    from rasa.core.test import _run_action_prediction
    from rasa.exceptions import ActionLimitReached
    from rasa.shared.core.events import ActionExecuted, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    events = list(tracker.events)
    played = DialogueStateTracker.from_events(tracker.sender_id, events[:1], processor.domain.slots)
    for event in events[1:]:
        if isinstance(event, UserUttered):
            wrong = await _misread(processor, event)
            if wrong:
                return wrong
        elif isinstance(event, ActionExecuted):
            try:
                said, _, _ = await _run_action_prediction(processor, played, event.action_name)
            except ActionLimitReached:
                said = "too many actions"
            if said != event.action_name:
                return f"action {said} instead of {event.action_name}"
        played.update(event)
    return ""


async def _misread(processor: StrictProcessor, expected: UserUttered) -> str:
    """Read an utterance as the served engine would, and return how that differs from what the test says."""
    from rasa.core.channels.channel import UserMessage

    if not expected.text:
        return ""
    read = await processor.parse_message(UserMessage(expected.text))
    if read["intent"]["name"] != expected.intent_name:
        return f"intent {read['intent']['name']} instead of {expected.intent_name} for: {expected.text}"
    found = {(entity["entity"], entity.get("start"), entity.get("end")) for entity in read["entities"]}
    for entity in expected.entities:
        if (entity["entity"], entity.get("start"), entity.get("end")) not in found:
            return f"entity {entity['entity']} not found in: {expected.text}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
