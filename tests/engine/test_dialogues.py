"""The dialogue tests of nlu_data/tests: real sentences through the trained model, checked step by step by Rasa itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.processes import ROOT

TESTS = ROOT / "nlu_data" / "tests"
AT_LEAST = 40


@pytest.mark.timeout(600)
async def test_every_dialogue_goes_as_told(assistant_model: Path, tmp_path: Path) -> None:
    from rasa.core.agent import Agent
    from rasa.core.test import FAILED_STORIES_FILE
    from rasa.core.test import test as run_stories

    from bot.runtime.pipeline import import_components

    import_components()
    agent = Agent.load(assistant_model)
    outcome = await run_stories(str(TESTS), agent, out_directory=str(tmp_path), e2e=True, disable_plotting=True)

    told = outcome["report"]["conversation_accuracy"]
    failed = (tmp_path / FAILED_STORIES_FILE).read_text(encoding="utf-8")
    assert told["total"] >= AT_LEAST
    assert told["correct"] == told["total"], failed
