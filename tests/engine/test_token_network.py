"""The network over tokens: finds the one that tells, says how sure it may be, and is done without where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.thai import intents, token_network
from bot.thai.intents import ThaiIntentClassifier
from bot.thai.token_network import TokenNetwork

WIDE = 16
ENCODER = "e5-small-test"
ENOUGH = 500


def told(rng: np.random.Generator, label: int, length: int = 12) -> np.ndarray:
    """Tokens of noise; one of them, anywhere, tells the label."""
    rows = rng.normal(size=(length, WIDE)).astype(np.float32)
    rows[rng.integers(length)] = 6 * np.eye(WIDE)[label]
    return rows


def many(seed: int, count: int) -> tuple[list[list[np.ndarray]], np.ndarray]:
    rng = np.random.default_rng(seed)
    targets = np.arange(count) % 3
    return [[told(rng, label, 3 + int(rng.integers(20)))] for label in targets], targets


@pytest.fixture(scope="module")
def network() -> TokenNetwork:
    return TokenNetwork.train(*many(1, ENOUGH), 4)  # of the fourth label there is no example


def test_one_token_tells_wherever_it_stands(network: TokenNetwork) -> None:
    states, targets = many(2, 300)

    found = np.stack([network.chances(one) for one in states])

    right = found.argmax(axis=1) == targets
    assert right.mean() > 0.95
    assert found.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert not (found.argmax(axis=1) == 3).any()


def test_its_probabilities_are_as_true_as_what_it_learnt_from() -> None:
    states, targets = many(7, 900)
    wrong = np.random.default_rng(8).random(900) < 0.3
    labels = np.where(wrong, (targets + 1) % 3, targets)

    network = TokenNetwork.train(states[:600], labels[:600], 3)

    found = np.stack([network.chances(one) for one in states[600:]])
    right = found.argmax(axis=1) == labels[600:]
    assert found.max(axis=1).mean() == pytest.approx(right.mean(), abs=0.1)


@pytest.mark.parametrize("looks", [False, True])
def test_a_served_network_gives_what_keras_gives(looks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    monkeypatch.setattr(
        token_network, "_model", lambda *a, build=token_network._model, **k: made.append(build(*a, **k)) or made[0]
    )
    states, targets = many(9, 90)

    rows = [one for (one,) in states]
    arrays = token_network._fit(rows, targets, 3, looks=looks)

    for one in rows[:10]:
        (theirs,) = made[0].predict([one[None], np.ones((1, len(one), 1))], verbose=0)
        assert token_network._scores(arrays, one) == pytest.approx(theirs, abs=1e-3)


def test_a_network_comes_back_as_it_was(network: TokenNetwork, tmp_path: Path) -> None:
    (states,), _ = many(3, 1)
    assert not TokenNetwork.is_in(tmp_path)

    network.save(tmp_path)

    assert TokenNetwork.is_in(tmp_path)
    assert np.array_equal(TokenNetwork.load(tmp_path).chances(states), network.chances(states))


def test_what_only_the_second_reading_tells_is_found(tmp_path: Path) -> None:
    noise = np.random.default_rng(10).normal(size=(ENOUGH + 100, 5, WIDE)).astype(np.float32)
    states, targets = many(11, ENOUGH + 100)
    read = [[rows, *telling] for rows, telling in zip(noise, states, strict=True)]

    TokenNetwork.train(read[:ENOUGH], targets[:ENOUGH], 3).save(tmp_path)

    network = TokenNetwork.load(tmp_path)
    right = [network.chances(one).argmax() == label for one, label in zip(read[ENOUGH:], targets[ENOUGH:], strict=True)]
    assert np.mean(right) > 0.8


def test_a_label_with_one_example_is_learnt_too() -> None:
    states, targets = many(4, 60)
    targets[7] = 3

    found = TokenNetwork.train(states, targets, 4).chances(states[0])

    assert np.isfinite(found).all()
    assert len(found) == 4


def message(words: str, readings: list[np.ndarray] | None, intent: str | None = None) -> Message:
    made = Message({TEXT: words, INTENT: intent} if intent else {TEXT: words})
    made.set(TOKENS_NAMES[TEXT], [Token(word, 0) for word in words.split()])
    if readings is not None:
        (states,) = readings
        vector = np.ones((1, 4), np.float32) + states[:1, :4] / 100
        made.add_features(Features(vector, FEATURE_TYPE_SENTENCE, TEXT, ENCODER))
        made.add_features(Features(states, FEATURE_TYPE_SEQUENCE, TEXT, ENCODER))
    return made


def classifier(folder: Path, examples: list[Message]) -> ThaiIntentClassifier:
    folder.mkdir()
    at = (LocalModelStorage.create(folder), Resource("intents"), ExecutionContext(GraphSchema({})))
    ThaiIntentClassifier.create({}, *at).train(TrainingData(examples))
    return ThaiIntentClassifier.load({}, *at)


def test_words_that_do_not_tell_leave_it_to_the_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intents, "FEWEST", ENOUGH)
    names = ["report_problem", "ask_faq", "greet"]
    states, targets = many(5, ENOUGH)
    examples = [message("ค่ะ", rows, names[label]) for rows, label in zip(states, targets, strict=True)]
    rng = np.random.default_rng(6)
    asked = [message("ค่ะ", [told(rng, 1)]), message("ค่ะ", None), message("asdfgh", [told(rng, 1)]), message("", [told(rng, 1)])]

    by_token, by_word, nonsense, empty = classifier(tmp_path / "many", examples).process(asked)
    (by_few,) = classifier(tmp_path / "few", examples[:90]).process([message("ค่ะ", [told(rng, 1)])])

    assert by_token.get(INTENT)["name"] == "ask_faq"
    assert by_token.get(INTENT)["confidence"] > 0.5
    assert by_word.get(INTENT)["confidence"] < 0.5
    assert nonsense.get(INTENT)["confidence"] < 0.5
    assert by_few.get(INTENT)["confidence"] < 0.5
    assert empty.get(INTENT_RANKING_KEY) == []
