"""Whitening: where questions of one FAQ differ among themselves, a difference counts less.

An encoder also puts into its vectors how something is said: politely, in a hurry, within a story. That is the direction in
which the questions of one FAQ lie apart. `fit` finds those directions from the curators' questions, and whitened vectors
are shortened along them, so that what remains is more of what is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.encoder import Encoder, Vectors

FILE = Path(__file__).resolve().parent / "whitening.npz"
_EASE = 0.3  # of the mean spread, added in all directions: a few thousand questions do not tell all of them well


@dataclass(frozen=True)
class Whitening:
    """A shift and a turn for the vectors of one encoder."""

    encoder: str
    middle: NDArray[np.float32]
    matrix: NDArray[np.float16]

    def __call__(self, vectors: Vectors) -> Vectors:
        """The whitened vectors, again of length 1."""
        turned = (vectors - self.middle) @ self._matrix
        lengths = np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
        whitened: Vectors = (turned / lengths).astype(np.float32)
        return whitened

    @cached_property
    def name(self) -> str:
        """Tells one whitening from another, for the names of files with vectors."""
        return sha256(self.middle.tobytes() + self.matrix.tobytes()).hexdigest()[:8]

    @cached_property
    def _matrix(self) -> NDArray[np.float32]:
        return self.matrix.astype(np.float32)


def fit(encoder: str, vectors: Vectors, starts: NDArray[np.int64]) -> Whitening:
    """Find the whitening for questions, FAQ after FAQ; ``starts`` is where each FAQ's begin."""
    counts = np.diff([*starts, len(vectors)])
    middles = np.add.reduceat(vectors, starts) / counts[:, None]
    apart = vectors - np.repeat(middles, counts, axis=0)
    spread = apart.T @ apart / len(vectors)
    spread += _EASE * np.trace(spread) / len(spread) * np.eye(len(spread), dtype=np.float32)
    lengths, directions = np.linalg.eigh(spread)
    matrix = directions / np.sqrt(lengths) * np.sqrt(lengths.mean())
    return Whitening(encoder, middles.mean(axis=0).astype(np.float32), matrix.astype(np.float16))


def read(path: Path = FILE) -> Whitening | None:
    """Read what `write` wrote; None if there is no such file."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as file:
        return Whitening(str(file["encoder"]), file["middle"], file["matrix"])


def write(whitening: Whitening, path: Path = FILE) -> None:
    """Keep a whitening for `read`."""
    np.savez_compressed(path, encoder=whitening.encoder, middle=whitening.middle, matrix=whitening.matrix)


class Whitened:
    """An encoder with whitened vectors. Its name says which whitening it has, so that no vectors of another are mixed in."""

    def __init__(self, encoder: Encoder, whitening: Whitening) -> None:
        """Use an encoder with a whitening that was made for it."""
        self._encoder = encoder
        self._whitening = whitening

    @property
    def name(self) -> str:
        """The encoder and the whitening."""
        return f"{self._encoder.name}-{self._whitening.name}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text."""
        return self._whitening(self._encoder.encode(texts))
