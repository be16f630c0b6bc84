"""Vectors on disk, and the encoder that makes them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge_base import encoder as encoders
from knowledge_base.encoder import Vectors, open_encoder
from knowledge_base.vectors import VectorStore, keys


class Counting:
    """An encoder that counts what it is given."""

    name = "counting-1"

    def __init__(self) -> None:
        self.given: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.given += texts
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32).reshape(len(texts), 2)


def test_a_text_is_encoded_once_per_installation(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    store = VectorStore(tmp_path, first)
    assert store.missing(["ก", "ขข", "ก"]) == 2
    assert store.vectors(["ก", "ขข", "ก"]).tolist() == [[1, 1], [2, 1], [1, 1]]
    again = VectorStore(tmp_path, second)
    assert again.missing(["ขข", "ค"]) == 1
    assert again.vectors(["ขข", "ค"]).tolist() == [[2, 1], [1, 1]]
    assert (first.given, second.given) == (["ก", "ขข"], ["ค"])


@pytest.mark.parametrize("rubbish", [b"", b"not a file of vectors", b"PK\x03\x04 torn"])
@pytest.mark.parametrize("end", ["keys", "f16"])
def test_a_broken_file_is_written_anew(tmp_path: Path, rubbish: bytes, end: str) -> None:
    VectorStore(tmp_path, Counting()).vectors(["ขข"])
    (tmp_path / f"vectors-counting-1.{end}").write_bytes(rubbish)
    assert VectorStore(tmp_path, Counting()).vectors(["ก"]).tolist() == [[1, 1]]
    again = VectorStore(tmp_path, Counting())
    assert (again.missing(["ก"]), again.missing(["ขข"])) == (0, 1)


def test_what_a_dead_process_left_half_written_does_not_count(tmp_path: Path) -> None:
    VectorStore(tmp_path, Counting()).vectors(["ก"])
    with (tmp_path / "vectors-counting-1.f16").open("ab") as file:
        file.write(b"\x00\x01\x02")  # a part of a vector, and no key
    assert VectorStore(tmp_path, Counting()).vectors(["ก", "ขข"]).tolist() == [[1, 1], [2, 1]]
    assert VectorStore(tmp_path, Counting()).vectors(["ขข", "ก"]).tolist() == [[2, 1], [1, 1]]


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    first, second = VectorStore(tmp_path, Counting()), VectorStore(tmp_path, Counting())
    first.vectors(["ก"])
    second.vectors(["ขข"])
    first.vectors(["คคค"])
    assert VectorStore(tmp_path, Counting()).missing(["ก", "ขข", "คคค"]) == 0
    assert second.vectors(["คคค", "ก"]).tolist() == [[3, 1], [1, 1]]


def test_no_texts_are_no_vectors(tmp_path: Path) -> None:
    assert VectorStore(tmp_path, Counting()).vectors([]).shape == (0, 2)


def test_texts_of_long_ago_are_forgotten_once_they_are_many(tmp_path: Path) -> None:
    store = VectorStore(tmp_path, Counting())
    store.vectors([*map(str, range(10_100)), "ใหม่"])
    store.keep_only(keys(["ใหม่"] * 200))
    assert store.missing(["5"]) == 0
    store.keep_only(keys(["ใหม่", "7"]))
    fresh = VectorStore(tmp_path, Counting())
    assert (fresh.missing(["ใหม่"]), fresh.missing(["5"])) == (0, 1)
    assert fresh.vectors(["ใหม่", "7"]).tolist() == [[4, 1], [1, 1]]


def test_meaning_is_nearer_than_letters(dense: bool) -> None:
    encoder = open_encoder(dense=dense)
    assert encoder is not None
    one, near, far = encoder.encode(["บัตรประชาชนหาย", "lost my national id card", "สูตรแกงเขียวหวาน"])
    assert one @ near > one @ far
    assert np.allclose(np.linalg.norm([one, near, far], axis=1), 1, atol=1e-3)


def test_the_encoder_takes_odd_text(dense: bool) -> None:
    encoder = open_encoder(dense=dense)
    assert encoder is not None
    assert np.isfinite(encoder.encode(["", "😀", "\0", "\ud800", "ก" * 10_000])).all()
    assert encoder.encode([]).shape[0] == 0


def test_no_encoder_without_consent_or_without_avx2(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_encoder(dense=False) is None
    monkeypatch.setattr(encoders, "available", lambda: False)
    assert open_encoder(dense=True) is None
