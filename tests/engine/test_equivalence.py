"""The lean runtime beside Rasa's own processor: over 200 dialogues, every event and every call of an action compared.

Both run in this process over the same model. Rasa asks the assistant's real action server; the engine is given what that
answered, in the same order, and must have asked the same. Only times are left out of the comparison.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.runtime.engine import Engine
from bot.runtime.trackers import ValkeyTrackerStore
from tests.engine.dialogues import long_walk, told, walks
from tests.engine.play import Players
from tests.engine.processes import Valkey
from tests.engine.real_actions import RealActions, real_actions

WALKS, SEED = 140, 6


@pytest.fixture(scope="module")
def actions_of_the_assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealActions]:
    with real_actions(tmp_path_factory.mktemp("actions"), len(told()) + WALKS + 1) as running:
        yield running


@pytest.fixture
async def players(assistant_model: Path, valkey: Valkey, actions_of_the_assistant: RealActions) -> AsyncIterator[Players]:
    from bot.runtime.pipeline import import_components

    import_components()
    engine = Engine(assistant_model, ValkeyTrackerStore(valkey.url), "http://nowhere.test")
    yield Players(assistant_model, engine, actions_of_the_assistant.url)
    await engine.close()


@pytest.mark.timeout(900)
async def test_every_event_is_that_of_rasa(players: Players, actions_of_the_assistant: RealActions) -> None:
    dialogues = [*told(), *walks(WALKS, SEED), long_walk(40, SEED)]
    found: list[str] = []
    seen: set[Any] = set()

    for citizen, dialogue in zip(actions_of_the_assistant.citizens, dialogues, strict=True):
        found += await players.play(citizen, dialogue)
    for asked, _ in (call for calls in players.record.values() for call in calls):
        seen |= {asked["next_action"], asked["tracker"]["active_loop"].get("name")}

    assert len(dialogues) >= 200
    assert seen >= {"report_form", "information_form", "feedback_form", "action_open_case", "action_clarify", "action_answer"}
    assert not found, "\n".join(found[:20])
