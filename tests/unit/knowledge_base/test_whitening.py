"""Whitening, and the stories that calibration tells."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge_base import stories, whitening
from knowledge_base.encoder import Vectors, open_encoder, open_plain_encoder
from knowledge_base.stories import Stories

DIMENSIONS = 8


def crowd() -> tuple[Vectors, list[int]]:
    """Twenty FAQs that differ in six directions; their questions differ most in two others."""
    random = np.random.default_rng(3)
    middles = np.concatenate([random.normal(size=(20, 6)), np.zeros((20, 2))], axis=1)
    questions = np.repeat(middles, 10, axis=0) + random.normal(size=(200, DIMENSIONS)) * [*[0.3] * 6, 3.0, 3.0]
    return questions.astype(np.float32), list(range(0, 200, 10))


def nearest_is_kin(vectors: Vectors) -> float:
    alike = vectors @ vectors.T
    np.fill_diagonal(alike, -1)
    return float(np.mean(alike.argmax(axis=1) // 10 == np.arange(200) // 10))


def test_what_only_tells_how_something_is_said_counts_less() -> None:
    vectors, starts = crowd()
    plain = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    found = whitening.fit("e5", vectors, np.array(starts))(vectors)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-3)
    assert nearest_is_kin(found) > nearest_is_kin(plain) + 0.2


def test_a_whitening_survives_its_file(tmp_path: Path) -> None:
    vectors, starts = crowd()
    made = whitening.fit("e5", vectors, np.array(starts))
    whitening.write(made, tmp_path / "w.npz")
    read = whitening.read(tmp_path / "w.npz")
    assert read is not None
    assert (read.encoder, read.name) == ("e5", made.name)
    assert np.array_equal(read(vectors), made(vectors))
    assert whitening.read(tmp_path / "none.npz") is None


def test_vectors_of_another_whitening_are_not_mixed_in(dense: bool) -> None:
    plain, whitened = open_plain_encoder(dense=dense), open_encoder(dense=dense)
    assert plain is not None
    assert whitened is not None
    assert whitened.name.startswith(f"{plain.name}-")
    assert whitened.encode([]).shape == plain.encode([]).shape


def test_of_another_encoder_the_whitening_is_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dense: bool) -> None:
    vectors, starts = crowd()
    whitening.write(whitening.fit("another-1", vectors, np.array(starts)), tmp_path / "w.npz")
    read = whitening.read
    monkeypatch.setattr(whitening, "read", lambda: read(tmp_path / "w.npz"))
    plain, opened = open_plain_encoder(dense=dense), open_encoder(dense=dense)
    assert plain is not None
    assert opened is not None
    assert opened.name == plain.name


def told(question: str, rounds: int = 40) -> Sequence[str]:
    chance = np.random.default_rng(5)
    return [stories.read().tell(question, chance) for _ in range(rounds)]


def test_a_story_holds_its_question_a_little_misspelt() -> None:
    every = told("บัตรประชาชนหายทำอย่างไร")
    assert all(len(story) > 40 for story in every)
    assert len(set(every)) == len(every)
    assert sum("ประชาชนหาย" in story for story in every) > 20
    assert any("บัตรประชาชนหายทำอย่างไร" not in story for story in every)


def test_the_file_of_stories_asks_nothing_itself() -> None:
    read = stories.read()
    assert isinstance(read, Stories)
    assert len(read.openings) >= 30
    assert len(read.closings) >= 10
