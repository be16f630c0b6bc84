"""Sentence vectors: beside the words, kept between trainings, and never needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.thai.linear import LinearModel
from bot.thai.sentences import ThaiSentenceVectors, available, open_encoder, vector_of
from bot.thai.vector_file import VectorFile

needs_encoder = pytest.mark.skipif(not available(), reason="this processor has no AVX2")
WORDS = [["ไฟ", "ดับ"], ["ไฟ", "เสีย"], ["หลอด", "ขาด"], ["น้ำ", "ท่วม"], ["น้ำ", "ขัง"], ["ท่อ", "ตัน"]]
LABELS = ["light"] * 3 + ["flood"] * 3
VECTORS = np.eye(6, 8, dtype=np.float32) + np.array([[1, 0]] * 3 + [[0, 1]] * 3, np.float32).repeat(4, axis=1)


def component(tmp_path: Path, *, dense: bool = True) -> ThaiSentenceVectors:
    config = {"dense": dense, "cache": ""}
    return ThaiSentenceVectors.create(
        config, LocalModelStorage.create(tmp_path), Resource("vectors"), ExecutionContext(GraphSchema({}))
    )


@needs_encoder
def test_what_means_the_same_is_near() -> None:
    encoder = open_encoder(dense=True)
    assert encoder is not None
    dark, without, passport = encoder.encode(["ไฟดับทั้งซอย", "ไม่มีไฟฟ้าใช้เลย", "ขอทำหนังสือเดินทาง"])
    assert dark @ without > dark @ passport


@needs_encoder
def test_a_message_gets_a_vector_and_an_empty_one_none(tmp_path: Path) -> None:
    full, empty = component(tmp_path).process([Message({TEXT: "ไฟดับ\0 ค่ะ" * 300}), Message({TEXT: "   "})])

    found = vector_of(full)

    assert found is not None
    assert found[1].shape == (384,)
    assert vector_of(full, "another encoder") is None
    assert vector_of(empty) is None


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


def test_vectors_are_kept_between_trainings(tmp_path: Path) -> None:
    asked: list[list[str]] = []

    def encode(texts: Sequence[str]) -> np.ndarray:
        asked.append(list(texts))
        return np.array([[float(len(text)), 1.0] for text in texts], np.float32)

    file = VectorFile(tmp_path / "kept" / "v.npz", "e")
    file.through(encode)(["ก", "กข", "ก"])
    rows = file.through(encode)(["กข", "กขค"])

    assert asked == [["ก", "กข"], ["กขค"]]
    assert rows[:, 0].tolist() == [2.0, 3.0]


def test_vectors_of_another_encoder_and_broken_files_are_not_used(tmp_path: Path) -> None:
    path = tmp_path / "v.npz"
    VectorFile(path, "old").through(lambda texts: np.zeros((len(texts), 2), np.float32))(["ก"])

    assert VectorFile(path, "new").through(lambda texts: np.ones((len(texts), 2), np.float32))(["ก"]).sum() == 2
    path.write_bytes(b"half a file")
    assert VectorFile(path, "new").through(lambda texts: np.ones((len(texts), 2), np.float32))(["ก"]).sum() == 2
