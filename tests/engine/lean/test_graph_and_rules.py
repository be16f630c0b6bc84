"""The graph run directly and the rules looked up: same outputs as Rasa's runner and Rasa's search."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH
from rasa.core.policies.rule_policy import RulePolicy as StockRulePolicy
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.lean.graph import DirectGraphRunner
from bot.runtime.lean.rules import MemoizationPolicy, RulePolicy

TEXTS = ("สวัสดีค่ะ", "ไฟดับหน้าปากซอยลาดพร้าว 71 เมื่อวานสองทุ่ม โทร 0812345678", "ลาก่อน", "ฟหกด")


@pytest.fixture(scope="module")
def runners(model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, DaskGraphRunner, DirectGraphRunner]:
    from bot.runtime.pipeline import import_components

    import_components()
    loaded = [
        load_predict_graph_runner(tmp_path_factory.mktemp("graph"), model, LocalModelStorage, kind)
        for kind in (DaskGraphRunner, DirectGraphRunner)
    ]
    return loaded[0][0], loaded[0][1], loaded[1][1]  # type: ignore[return-value]


@pytest.mark.parametrize("text", TEXTS)
def test_a_message_is_read_the_same(runners: Any, text: str) -> None:
    about, stock, lean = runners
    outputs = []
    for runner in (stock, lean):
        message = UserMessage(text, metadata={"now": "2026-11-05T10:00:00+07:00"})
        inputs = {PLACEHOLDER_MESSAGE: [message], PLACEHOLDER_TRACKER: DialogueStateTracker.from_events("c", [])}
        outputs.append(runner.run(inputs, targets=[about.nlu_target])[about.nlu_target][0].as_dict(only_output_properties=True))

    assert outputs[0] == outputs[1]


def test_errors_are_rasas(runners: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    about, _, lean = runners
    with pytest.raises(GraphRunError):
        lean.run({about.nlu_target: "taken"}, targets=[about.nlu_target])
    with pytest.raises(GraphComponentException):
        lean.run({PLACEHOLDER_MESSAGE: 5}, targets=[about.nlu_target])


def test_the_policies_are_the_lean_ones_under_rasas_names(runners: Any) -> None:
    names = {type(one): type(one).__name__ for one in runners[2].components}

    assert names[RulePolicy] == "RulePolicy"
    assert names[MemoizationPolicy] == "MemoizationPolicy"


def test_the_same_rules_apply_to_any_states(runners: Any) -> None:
    policy = next(one for one in runners[2].components if isinstance(one, RulePolicy))
    chance, applied = random.Random(1), 0
    seen = [
        state
        for table in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)
        for key in policy.lookup[table]
        for state in policy._rule_key_to_state(key)
    ]

    for _ in range(400):
        states = [mixed(chance, seen) for _ in range(chance.randrange(1, 5))]
        for table in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH):
            wanted = StockRulePolicy._get_possible_keys(policy, policy.lookup[table], states)
            assert policy._get_possible_keys(policy.lookup[table], states) == wanted
            applied += len(wanted)

    assert applied > 100


def mixed(chance: random.Random, seen: list[Any]) -> dict[str, Any]:
    """A state made of parts of others, sometimes without one of them."""
    parts = {part: dict(values) for state in chance.sample(seen, 2) for part, values in state.items()}
    if chance.random() < 0.2:
        parts.pop(chance.choice(list(parts)), None)
    return parts
