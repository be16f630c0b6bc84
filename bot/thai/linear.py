"""A linear classifier of short texts with probabilities that can be believed.

scikit-learn is needed for training only: a served model is a matrix, a vocabulary and two numbers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.thai.calibration import Calibration, calibrate, chances
from bot.thai.features import Document, Vocabulary

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_SEED = 7
_VECTOR = 1.75  # times a vector beside the words: at 1 they drown it; whitened, it told less


class Machine:
    """Weights over the words, and over the vector if there is one, with the curve that makes probabilities of scores."""

    def __init__(self, weights: np.ndarray, base: np.ndarray, calibration: Calibration) -> None:
        """Take what training found: `weights` has a row for each input and a column for each label."""
        self.weights = weights
        self.base = base
        self.calibration = calibration

    @classmethod
    def train(cls, rows: csr_matrix, targets: np.ndarray, count: int) -> Machine:
        """Learn, and calibrate on messages that were held back."""
        return cls(*_fit(rows, targets, count), calibrate(rows, targets, count, _fit))

    def chances(self, numbers: np.ndarray, values: np.ndarray, vector: np.ndarray | None = None) -> np.ndarray:
        """Return the probability of each label for the inputs `numbers` with their `values`."""
        scores = values @ self.weights[numbers] + self.base
        if vector is not None:
            scores = scores + vector @ self.weights[len(self.weights) - len(vector) :]
        return chances(scores[None, :], self.calibration)[0]


class LinearModel:
    """Ranks labels for a message: support vector machines over TF-IDF, one of them with sentence vectors too.

    A model that was trained with vectors has two machines. The one without serves where no vector can be made.
    """

    def __init__(
        self,
        labels: list[str],
        vocabulary: Vocabulary,
        by_words: Machine,
        by_both: Machine | None = None,
        encoder: str | None = None,
    ) -> None:
        """Take what training found; `encoder` names what made the vectors, for no other's are like them."""
        self.labels = labels
        self._vocabulary = vocabulary
        self._by_words = by_words
        self._by_both = by_both
        self.encoder = encoder

    @classmethod
    def train(
        cls,
        documents: Sequence[Document],
        labels: Sequence[str],
        vectors: np.ndarray | None = None,
        encoder: str = "",
    ) -> LinearModel:
        """Learn from messages and their labels.

        Args:
            documents: The words of each message.
            labels: The right label of each; rare labels weigh more, so that big ones do not swallow them.
            vectors: A sentence vector of each, if there is an encoder.
            encoder: The name of what made the vectors.

        Returns:
            The trained model, its probabilities calibrated on messages it had not seen.
        """
        from scipy.sparse import csr_matrix, hstack

        vocabulary = Vocabulary.learn(documents)
        rows = vocabulary.matrix(documents)
        names = sorted(set(labels))
        if len(names) == 1:
            sure = Machine(np.zeros((len(vocabulary), 1), np.float32), np.zeros(1, np.float32), (1.0, 0.0))
            return cls(names, vocabulary, sure)
        targets = np.array([names.index(label) for label in labels])
        by_words = Machine.train(rows, targets, len(names))
        if vectors is None:
            return cls(names, vocabulary, by_words)
        both = hstack([rows, csr_matrix(vectors * np.float32(_VECTOR))]).tocsr()
        return cls(names, vocabulary, by_words, Machine.train(both, targets, len(names)), encoder)

    def knows(self, document: Document) -> bool:
        """Tell whether any word of a message was seen in training; "asdfgh qwerty" has none."""
        return self._vocabulary.knows(document)

    def chances(self, document: Document, vector: np.ndarray | None = None) -> np.ndarray:
        """Return the probability of each of `labels` for a message."""
        numbers, values = self._vocabulary.row(document)
        if vector is not None and self._by_both is not None:
            return self._by_both.chances(numbers, values, vector * np.float32(_VECTOR))
        return self._by_words.chances(numbers, values)

    def rank(self, document: Document, vector: np.ndarray | None = None) -> list[tuple[str, float]]:
        """Return all labels with their probabilities, the likeliest first."""
        return ranked(self.labels, self.chances(document, vector))

    def save(self, folder: Path) -> None:
        """Write it into a folder of the model archive."""
        self._vocabulary.save(folder)
        about: dict[str, Any] = {"labels": self.labels, "calibration": self._by_words.calibration}
        arrays = {"weights": self._by_words.weights, "base": self._by_words.base}
        if self._by_both is not None:
            about.update(calibration_both=self._by_both.calibration, encoder=self.encoder)
            arrays.update(weights_both=self._by_both.weights, base_both=self._by_both.base)
        np.savez(folder / "weights.npz", **arrays)
        (folder / "labels.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Read it from a folder of the model archive."""
        about = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz") as file:
            arrays = dict(file)
        by_words = Machine(arrays["weights"], arrays["base"], tuple(about["calibration"]))
        if "calibration_both" not in about:
            return cls(about["labels"], Vocabulary.load(folder), by_words)
        by_both = Machine(arrays["weights_both"], arrays["base_both"], tuple(about["calibration_both"]))
        return cls(about["labels"], Vocabulary.load(folder), by_words, by_both, about["encoder"])


def ranked(labels: Sequence[str], found: np.ndarray) -> list[tuple[str, float]]:
    """Put labels with their probabilities into order, the likeliest first."""
    return [(labels[place], float(found[place])) for place in np.argsort(-found, kind="stable")]


def _fit(rows: csr_matrix, targets: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.svm import LinearSVC

    machine = LinearSVC(C=0.5, tol=1e-2, class_weight=class_weights(targets), random_state=_SEED).fit(rows, targets)
    weights = np.zeros((rows.shape[1], count), np.float32)
    base = np.full(count, -10.0, np.float32)  # a label that a fold lacks must never win
    if len(machine.classes_) == 2:
        machine.coef_, machine.intercept_ = _both_sides(machine.coef_), _both_sides(machine.intercept_)
    weights[:, machine.classes_] = machine.coef_.T
    base[machine.classes_] = machine.intercept_
    return weights, base


def _both_sides(values: np.ndarray) -> np.ndarray:
    return np.concatenate([-values, values])


def class_weights(targets: np.ndarray) -> dict[int, float]:
    """Weigh rare labels more, but by the root only: full balance would make the rare ones grabby."""
    seen = np.bincount(targets)
    return {label: float(np.sqrt(seen.mean() / count)) for label, count in enumerate(seen) if count}
