"""A small network that looks at every token of a message as the sentence encoder understood it there.

A vector of the whole message blurs its words; the network finds the few tokens that tell intents apart. It is trained with
Keras, which Rasa brings; a served one is four arrays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.thai.calibration import folds_of, surprise
from bot.thai.linear import class_weights

if TYPE_CHECKING:
    import tensorflow as tf

FEWEST = 500  # messages to learn from; with fewer it learns them by heart
_LONGEST = 48  # tokens; what a message is about stands at its beginning
_FOLDS = 5
_SEED = 7
_INNER = 256
_ROUNDS = 10
_BATCH = 64
_RATE = 1.5e-3
_SMOOTHING = 0.1  # of a label's chance goes to the others: some examples are labelled wrongly
_FILE = "network.npz"
_ARRAYS = ("inner", "inner_base", "outer", "outer_base")
_TEMPERATURES = np.geomspace(0.5, 4.0, 31)

States = Sequence[np.ndarray]  # a row for each token of a message


class TokenNetwork:
    """Reads a message's tokens one by one, keeps the strongest and the mean of what it sees, and weighs the labels by it."""

    def __init__(self, inner: np.ndarray, inner_base: np.ndarray, outer: np.ndarray, outer_base: np.ndarray) -> None:
        """Take what training found, the temperature of its probabilities already in the outer weights."""
        self._inner = inner
        self._inner_base = inner_base
        self._outer = outer
        self._outer_base = outer_base

    @classmethod
    def train(cls, states: States, targets: np.ndarray, count: int) -> TokenNetwork:
        """Learn from messages; how far its probabilities may be believed is found with a first network on a fifth held back.

        Args:
            states: For each message a row for each token.
            targets: The number of the right label of each.
            count: How many labels there are.

        Returns:
            The trained network.
        """
        held = folds_of(targets, _FOLDS) == 0
        first = cls._fit([one for one, out in zip(states, held, strict=True) if not out], targets[~held], count)
        scores = np.stack([first._scores(one) for one, out in zip(states, held, strict=True) if out])
        heat = min(_TEMPERATURES, key=lambda heat: surprise(_softmax(scores / heat), targets[held]))
        found = cls._fit(states, targets, count)
        found._outer, found._outer_base = found._outer / np.float32(heat), found._outer_base / np.float32(heat)
        return found

    def chances(self, states: np.ndarray) -> np.ndarray:
        """Return the probability of each label for the tokens of a message."""
        return _softmax(self._scores(states)[None, :])[0]

    def _scores(self, states: np.ndarray) -> np.ndarray:
        seen = np.maximum(states[:_LONGEST] @ self._inner + self._inner_base, 0)
        pooled = np.concatenate([seen.max(axis=0), seen.mean(axis=0)])
        scores: np.ndarray = pooled @ self._outer + self._outer_base
        return scores

    def save(self, folder: Path) -> None:
        """Write it into a folder of the model archive."""
        arrays = (self._inner, self._inner_base, self._outer, self._outer_base)
        np.savez(folder / _FILE, **dict(zip(_ARRAYS, arrays, strict=True)))

    @classmethod
    def load(cls, folder: Path) -> TokenNetwork:
        """Read it from a folder of the model archive."""
        with np.load(folder / _FILE) as file:
            return cls(*(file[name] for name in _ARRAYS))

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Tell whether a folder of the model archive has one."""
        return (folder / _FILE).exists()

    @classmethod
    def _fit(cls, states: States, targets: np.ndarray, count: int) -> TokenNetwork:
        import tensorflow as tf

        tf.keras.utils.set_random_seed(_SEED)
        sample = np.concatenate([one[:_LONGEST] for one in states[:: _sparse(states)]]).astype(np.float32)
        middle, spread = sample.mean(axis=0), sample.std(axis=0) + 1e-6
        batches = _batches(states, targets, count, middle, spread)
        model = _model(len(middle), count, len(batches) * _ROUNDS)
        model.fit(batches, epochs=_ROUNDS, verbose=0)
        inner, inner_base = model.get_layer("inner").get_weights()
        outer, outer_base = model.get_layer("outer").get_weights()
        inner = inner / spread[:, None]  # the served network takes states as they are
        return cls(inner, inner_base - middle @ inner, outer, outer_base)


def _model(width: int, count: int, steps: int) -> tf.keras.Model:
    import tensorflow as tf

    layers = tf.keras.layers
    tokens, there = layers.Input((None, width)), layers.Input((None, 1))
    seen = layers.Dense(_INNER, "relu", name="inner")(layers.SpatialDropout1D(0.2)(tokens)) * there
    pooled = layers.Concatenate()([tf.reduce_max(seen, 1), tf.reduce_sum(seen, 1) / tf.reduce_sum(there, 1)])
    scores = layers.Dense(count, name="outer")(layers.Dropout(0.5)(pooled))
    model = tf.keras.Model([tokens, there], scores)
    rate = tf.keras.optimizers.schedules.PolynomialDecay(_RATE, steps, _RATE / 50)
    loss = tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=_SMOOTHING)
    model.compile(tf.keras.optimizers.Adam(rate, weight_decay=0.01), loss)
    return model


def _batches(states: States, targets: np.ndarray, count: int, middle: np.ndarray, spread: np.ndarray) -> Any:
    """Messages of like length beside each other, mixed anew in every round."""
    import tensorflow as tf

    weights, labels = class_weights(targets), np.eye(count, dtype=np.float32)[targets]
    lengths = np.array([min(len(one), _LONGEST) for one in states])

    class Batches(tf.keras.utils.Sequence):  # type: ignore[misc]
        def __init__(self) -> None:
            self._random = np.random.default_rng(_SEED)
            self.on_epoch_end()

        def __len__(self) -> int:
            return len(self._parts)

        def on_epoch_end(self) -> None:
            order = self._random.permutation(len(states))
            near = [part[np.argsort(lengths[part], kind="stable")] for part in _cut(order, 16 * _BATCH)]
            self._parts = [few for part in near for few in _cut(part, _BATCH)]
            self._random.shuffle(self._parts)

        def __getitem__(self, number: int) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
            part = self._parts[number]
            there = np.arange(lengths[part].max()) < lengths[part][:, None]
            tokens = np.zeros((*there.shape, len(middle)), np.float32)
            tokens[there] = (np.concatenate([states[one][:_LONGEST] for one in part]) - middle) / spread
            return (
                [tokens, there[..., None].astype(np.float32)],
                labels[part],
                np.array([weights[label] for label in targets[part]], np.float32),
            )

    return Batches()


def _cut(order: np.ndarray, size: int) -> list[np.ndarray]:
    return [order[start : start + size] for start in range(0, len(order), size)]


def _sparse(states: States) -> int:
    """How many messages to step over for a sample of a thousand."""
    return math.ceil(len(states) / 1000)


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return chances
