"""What a message means in numbers: beside the words, and never needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.thai import sentences
from bot.thai.linear import LinearModel
from bot.thai.sentences import ThaiSentenceVectors, available, open_encoder, states_of, vector_of
from core import thai
from tests.engine.examples import asked

needs_encoder = pytest.mark.skipif(not available(), reason="this processor has no AVX2")
WORDS = [["ไฟ", "ดับ"], ["ไฟ", "เสีย"], ["หลอด", "ขาด"], ["น้ำ", "ท่วม"], ["น้ำ", "ขัง"], ["ท่อ", "ตัน"]]
LABELS = ["light"] * 3 + ["flood"] * 3
VECTORS = np.eye(6, 8, dtype=np.float32) + np.array([[1, 0]] * 3 + [[0, 1]] * 3, np.float32).repeat(4, axis=1)


def component(tmp_path: Path, *, dense: bool = True) -> ThaiSentenceVectors:
    return ThaiSentenceVectors.create(
        {"dense": dense}, LocalModelStorage.create(tmp_path), Resource("vectors"), ExecutionContext(GraphSchema({}))
    )


@needs_encoder
def test_what_means_the_same_is_near() -> None:
    encoder = open_encoder(dense=True)
    assert encoder is not None
    texts = ["ไฟดับทั้งซอย", "ไม่มีไฟฟ้าใช้เลย", "ขอทำหนังสือเดินทาง"]
    dark, without, passport = (vector for vector, _ in encoder.encode(texts))
    assert dark @ without > dark @ passport


@needs_encoder
def test_a_message_gets_a_vector_and_states_and_an_empty_one_neither(tmp_path: Path) -> None:
    full, empty = component(tmp_path).process([Message({TEXT: "ไฟดับ\0 ค่ะ" * 300}), Message({TEXT: "   "})])

    found, (states,) = vector_of(full), states_of(full)

    assert found is not None
    assert found[1].shape == (768,)
    assert states.shape[1] == 768
    assert len(states) > 10
    assert vector_of(full, "another encoder") is vector_of(empty) is None
    assert states_of(full, "another encoder") == states_of(empty) == []


@needs_encoder
def test_what_learnt_from_many_examples_reads_word_by_word_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences, "FEWEST", 2)
    at = (LocalModelStorage.create(tmp_path), Resource("vectors"), ExecutionContext(GraphSchema({})))
    examples = TrainingData([asked("ไฟดับทั้งซอย", intent="report_problem"), asked("สวัสดี", intent="greet")])

    learning = ThaiSentenceVectors.create({"dense": True}, *at)
    learning.train(examples)
    (learnt, _) = learning.process_training_data(examples).intent_examples
    (once,) = component(tmp_path).process([asked("ไฟดับทั้งซอย")])
    (together, apart, mute) = ThaiSentenceVectors.load({"dense": True}, *at).process(
        [asked("ไฟดับทั้งซอย"), asked(" ".join(thai.words("ไฟดับทั้งซอย"))), Message({TEXT: "ไฟดับ"})]
    )

    written, by_words = states_of(together)
    assert not np.array_equal(written, by_words)
    assert np.array_equal(by_words, states_of(apart)[0])
    assert np.array_equal(vector_of(learnt)[1], vector_of(together)[1])
    assert vector_of(together)[1] == pytest.approx((vector_of(once)[1] + vector_of(apart)[1]) / 2, abs=1e-6)
    assert len(states_of(mute)) == 2


@needs_encoder
def test_many_at_once_are_read_as_one_by_one() -> None:
    encoder = open_encoder(dense=True)
    assert encoder is not None
    texts = [f"ซอย {number} ไฟดับ" for number in range(101)]

    (vector, states) = encoder.encode(texts)[7]

    assert np.array_equal(vector, encoder.encode([texts[7]])[0][0])
    assert np.array_equal(states, encoder.encode([texts[7]])[0][1])


@needs_encoder
def test_an_archive_from_before_there_were_two_readings_reads_once(tmp_path: Path) -> None:
    old = LocalModelStorage.create(tmp_path), Resource("vectors"), ExecutionContext(GraphSchema({}))

    (message,) = ThaiSentenceVectors.load({"dense": True}, *old).process([asked("ไฟดับทั้งซอย")])

    assert len(states_of(message)) == 1


def test_nobody_needs_vectors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (message,) = component(tmp_path / "a", dense=False).process([Message({TEXT: "ไฟดับ"})])
    monkeypatch.setenv("PRACHA_DENSE", "false")
    (other,) = component(tmp_path / "b").process([Message({TEXT: "ไฟดับ"})])

    assert vector_of(message) is None
    assert vector_of(other) is None


def test_a_model_with_vectors_serves_without_them_too(tmp_path: Path) -> None:
    LinearModel.train(WORDS, LABELS, VECTORS, encoder="e").save(tmp_path)
    model = LinearModel.load(tmp_path)

    by_words, by_both = model.rank(["น้ำ"]), model.rank(["อื่น"], VECTORS[4])

    assert model.encoder == "e"
    assert by_words[0][0] == by_both[0][0] == "flood"
    assert sum(chance for _, chance in by_both) == pytest.approx(1)
