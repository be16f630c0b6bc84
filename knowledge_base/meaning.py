"""Meaning: the vectors of FAQs, all of them in memory or, where they are many, read from the store for those that matter."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base.encoder import Vectors
from knowledge_base.vectors import Halves, Rows

_SEVERAL = 3
_AT_ONCE = 2_000  # FAQs whose questions are read together


@dataclass(frozen=True)
class Meaning:
    """The vectors of an index: every known question, and for each FAQ the middle of them and its answer in two languages."""

    questions: Vectors
    starts: NDArray[np.int64]
    centres: Vectors
    answers: tuple[Vectors, Vectors]

    def cosines(self, vector: Vectors) -> list[Vectors]:
        """For each FAQ how near its nearest question is, its nearest three on average, and the middle of all."""
        return [*_highest(self.questions @ vector, self.starts), self.centres @ vector]


@dataclass(frozen=True)
class Kept:
    """The vectors of a part of an index as rows of the store; only the centres are at hand.

    ``questions`` are the rows of all questions, FAQ after FAQ, and ``starts`` where each FAQ's begin (one more at the end);
    ``answers`` are two rows for each FAQ, Thai and English.
    """

    vectors: Halves
    questions: Rows
    starts: NDArray[np.int64]
    answers: Rows
    centres: Vectors

    def questions_of(self, places: NDArray[np.int64]) -> tuple[Rows, NDArray[np.int64]]:
        """The rows of some FAQs' questions, one FAQ after the other, and how many each has."""
        counts = np.diff(self.starts)[places]
        before = np.cumsum(counts) - counts
        return self.questions[np.repeat(self.starts[places] - before, counts) + np.arange(counts.sum())], counts


def _highest(near: Vectors, starts: NDArray[np.int64]) -> tuple[Vectors, Vectors]:
    """Give the highest of each FAQ, and the mean of its highest three (where it has fewer, the last counts again)."""
    counts = np.diff(starts, append=len(near))
    order = np.lexsort((-near, np.repeat(np.arange(len(starts)), counts)))
    best = near[order]
    places = starts[:, None] + np.minimum(np.arange(_SEVERAL), counts[:, None] - 1)
    return best[starts], best[places].mean(axis=1)


def centres(questions: Vectors, starts: NDArray[np.int64]) -> Vectors:
    """The middle of each FAQ's questions, of length 1."""
    sums = np.add.reduceat(questions, starts)
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    middles: Vectors = (sums / lengths).astype(np.float32)
    return middles


def kept_centres(vectors: Halves, questions: Rows, starts: NDArray[np.int64]) -> Vectors:
    """The same for rows of the store; ``starts`` has one more at the end."""
    found = [np.empty((0, vectors.shape[1]), np.float32)]
    for first in range(0, len(starts) - 1, _AT_ONCE):
        some = starts[first : first + _AT_ONCE + 1]
        read = vectors[questions[some[0] : some[-1]]].astype(np.float32)
        found.append(centres(read, some[:-1] - some[0]))
    return np.concatenate(found)


def gather(parts: Sequence[Kept], places: Sequence[NDArray[np.int64]]) -> Meaning:
    """Read the vectors of some FAQs of each part."""
    questions, counts, middles, thai, english = [], [], [], [], []
    for part, some in zip(parts, places, strict=True):
        rows, sizes = part.questions_of(some)
        counts.append(sizes)
        questions.append(part.vectors[rows])
        middles.append(part.centres[some])
        thai.append(part.vectors[part.answers[some, 0]])
        english.append(part.vectors[part.answers[some, 1]])
    sizes = np.concatenate(counts)
    return Meaning(
        np.concatenate(questions).astype(np.float32),
        np.cumsum(sizes) - sizes,
        np.concatenate(middles).astype(np.float32),
        (np.concatenate(thai).astype(np.float32), np.concatenate(english).astype(np.float32)),
    )
