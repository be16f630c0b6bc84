"""Sentence vectors made fit for a linear classifier: centred, and as wide in every direction as in every other.

The encoder's vectors all point much the same way (cosines of 0.7 to 1); what tells messages apart is in the rest.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

_EASE = 0.1  # of the mean variance, added in all directions: what hardly varies is mostly noise


class Whitening:
    """A shift and a turn, found from the vectors of the training messages."""

    def __init__(self, middle: np.ndarray, matrix: np.ndarray) -> None:
        """Take the middle of the vectors and the matrix that evens them out."""
        self._middle = middle
        self._matrix = matrix

    @classmethod
    def fit(cls, vectors: np.ndarray) -> Whitening:
        """Find it for vectors, one a row."""
        middle = vectors.mean(axis=0)
        spread = np.cov((vectors - middle).T)
        spread += (_EASE * np.trace(spread) / len(spread) + 1e-9) * np.eye(len(spread))
        lengths, directions = np.linalg.eigh(spread)
        return cls(middle.astype(np.float32), (directions / np.sqrt(lengths)).astype(np.float32))

    def __call__(self, vectors: np.ndarray) -> np.ndarray:
        """Return the whitened vectors, each of length 1."""
        turned = (vectors - self._middle) @ self._matrix
        lengths = np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
        return (turned / lengths).astype(np.float32)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what `of` reads back."""
        return {"middle": self._middle, "matrix": self._matrix}

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> Whitening:
        """Make it of what `arrays` gave."""
        return cls(arrays["middle"], arrays["matrix"])
