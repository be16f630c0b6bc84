"""Figures of a classifier: how many are right, over all and by label, what is confused, and whether probabilities are honest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

_BINS = 10


class Judged(NamedTuple):
    """One message: the right label, the one that was chosen, and the probability that was claimed for it."""

    right: str
    chosen: str | None
    sure: float


def accuracy(judged: Sequence[Judged]) -> float:
    """Return the share that is right."""
    return sum(one.right == one.chosen for one in judged) / len(judged)


def macro_f1(judged: Sequence[Judged]) -> float:
    """Return the mean over the labels of the harmonic mean of precision and recall; each label counts the same."""
    labels = sorted({one.right for one in judged})
    return sum(_f1(judged, label) for label in labels) / len(labels)


def calibration_error(judged: Sequence[Judged]) -> float:
    """Return the expected calibration error (ECE): over ten equal bins, how far claimed and true shares are apart."""
    error = 0.0
    for number in range(_BINS):
        here = [one for one in judged if _bin(one) == number]
        if here:
            claimed = sum(one.sure for one in here) / len(here)
            error += abs(claimed - accuracy(here)) * len(here) / len(judged)
    return error


def confusions(judged: Sequence[Judged], most: int = 10) -> list[tuple[str, str | None, int]]:
    """Return the commonest mistakes: the right label, the chosen one, how often."""
    pairs = Counter((one.right, one.chosen) for one in judged if one.right != one.chosen)
    return [(right, chosen, count) for (right, chosen), count in pairs.most_common(most)]


def reliability(judged: Sequence[Judged]) -> list[tuple[float, int, float]]:
    """Return for each bin that has messages: the probability it begins with, how many messages, the share that is right."""
    bins = [(number / _BINS, [one for one in judged if _bin(one) == number]) for number in range(_BINS)]
    return [(start, len(here), accuracy(here)) for start, here in bins if here]


def _bin(one: Judged) -> int:
    return min(int(one.sure * _BINS), _BINS - 1)


def _f1(judged: Sequence[Judged], label: str) -> float:
    hits = sum(one.right == one.chosen == label for one in judged)
    return 2 * hits / (sum(one.right == label for one in judged) + sum(one.chosen == label for one in judged))
