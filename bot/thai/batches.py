"""Messages for Keras, a few at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import tensorflow as tf

_SEED = 7
_NEAR = 16  # batches whose messages are put into order by length, so that little is filled up


def batches(rows: Sequence[np.ndarray], labels: np.ndarray, size: int) -> tf.keras.utils.Sequence:
    """Deal messages over batches, those of like length beside each other, and mix them anew in every round.

    Args:
        rows: Of each message a row of numbers for each token.
        labels: Of each the chances that training aims at, one row.
        size: How many messages a batch has.

    Returns:
        What `fit` takes: token rows (messages, tokens, width), which of them are there (messages, tokens, 1), labels.
    """
    import tensorflow as tf

    lengths = np.array([len(one) for one in rows])

    class Batches(tf.keras.utils.Sequence):  # type: ignore[misc]
        def __init__(self) -> None:
            self._random = np.random.default_rng(_SEED)
            self.on_epoch_end()

        def __len__(self) -> int:
            return len(self._parts)

        def on_epoch_end(self) -> None:
            order = self._random.permutation(len(rows))
            near = [part[np.argsort(lengths[part], kind="stable")] for part in _cut(order, _NEAR * size)]
            self._parts = [few for part in near for few in _cut(part, size)]
            self._random.shuffle(self._parts)

        def __getitem__(self, number: int) -> tuple[list[np.ndarray], np.ndarray]:
            part = self._parts[number]
            there = np.arange(lengths[part].max()) < lengths[part][:, None]
            tokens = np.zeros((*there.shape, rows[0].shape[1]), np.float32)
            tokens[there] = np.concatenate([rows[one] for one in part])
            return [tokens, there[..., None].astype(np.float32)], labels[part]

    return Batches()


def _cut(order: np.ndarray, size: int) -> list[np.ndarray]:
    return [order[start : start + size] for start in range(0, len(order), size)]
