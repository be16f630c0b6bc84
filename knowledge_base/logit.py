"""The logit behind the gates: weights under which the right FAQ, or "none of them", is the likely one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
_PULL = 0.02  # for each question towards zero: signals that say the same share their weight, none leans on how these were made
_ROUNDS = 60


@dataclass(frozen=True)
class Asked:
    """Questions asked of an index: signals as (questions, FAQs, signals), and the place of the right FAQ, -1 for none."""

    signals: Matrix
    right: NDArray[np.int64]


def fit(asked: Asked) -> Matrix:
    """Find the weights, the bias last, by Newton's method with halved steps."""
    features = np.concatenate([asked.signals, np.ones((*asked.signals.shape[:2], 1))], axis=2)
    weights = np.zeros(features.shape[2])
    reached = _likelihood(features, asked.right, weights)
    for _ in range(_ROUNDS):
        step = _newton(features, asked.right, weights)
        while (gained := _likelihood(features, asked.right, weights + step) - reached) < 0 and np.abs(step).max() > 1e-9:
            step /= 2
        weights, reached = weights + step, reached + gained
        if gained < 1e-7:
            break
    return weights


def _likelihood(features: Matrix, right: NDArray[np.int64], weights: Matrix) -> float:
    fits = features @ weights
    highest = np.maximum(fits.max(axis=1), 0)
    total = highest + np.log(np.exp(fits - highest[:, None]).sum(axis=1) + np.exp(-highest))
    real = right >= 0
    return float(fits[real, right[real]].sum() - total.sum() - _PULL * len(right) / 2 * weights @ weights)


def _newton(features: Matrix, right: NDArray[np.int64], weights: Matrix) -> Matrix:
    pull = _PULL * len(right)
    fits = features @ weights
    highest = np.maximum(fits.max(axis=1, keepdims=True), 0)
    shares = np.exp(fits - highest)
    shares /= shares.sum(axis=1, keepdims=True) + np.exp(-highest)
    mean = np.einsum("qf,qfs->qs", shares, features)
    real = right >= 0
    slope = features[real, right[real]].sum(axis=0) - mean.sum(axis=0) - pull * weights
    weighted = (features * shares[..., None]).reshape(-1, len(weights))
    bend = weighted.T @ features.reshape(-1, len(weights)) - mean.T @ mean
    step: Matrix = np.linalg.solve(bend + pull * np.eye(len(weights)), slope)
    return step
