"""Small networks that look at every token of a message as the sentence encoder understood it there.

A vector of the whole message blurs its words; networks find the few tokens that tell intents apart. They are trained with
Keras, which Rasa brings; a served one is a few arrays.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.thai.batches import batches
from bot.thai.calibration import folds_of, softmax, surprise

if TYPE_CHECKING:
    import tensorflow as tf

FEWEST = 5000  # messages to learn from; with the 3,700 of the project it gained nothing and claimed too much of foreign words
_LONGEST = 48  # tokens; what a message is about stands at its beginning
_FOLDS = 5
_SEED = 7
_INNER = 256
_HEAD = 64  # numbers of each of the heads that look at the other tokens
_LOOKS = ("query", "key", "value")
_LAYERS = {"inner": ("inner",), "look": (*_LOOKS, "join"), "outer": ("outer",)}  # of Keras, and what we call their weights
_ROUNDS = {False: 10, True: 16}  # by whether the tokens look at each other
_KINDS = ((0, False), (0, True), (1, True))  # which of the readings each takes, and whether its tokens look at each other
_BATCH = 64
_RATE = 1.5e-3
_SMOOTHING = 0.1  # of a label's chance goes to the others: some examples are labelled wrongly
_FILE = "network.npz"
_TEMPERATURES = np.geomspace(0.5, 4.0, 31)

Arrays = dict[str, np.ndarray]
States = Sequence[np.ndarray]  # of each message a row for each token
Readings = Sequence[np.ndarray]  # of one message: a row for each token, once or twice


class TokenNetwork:
    """Small networks whose mean decides: one takes each token by itself, the others let the tokens look at each other first.

    All keep the strongest and the mean of what they see in a message's tokens, and weigh the labels by it. Where messages
    were read twice, one that looks learns from the second reading.
    """

    def __init__(self, members: Sequence[tuple[int, Arrays]]) -> None:
        """Take each one's reading and arrays that training found, the temperature already in the outer weights."""
        self._members = members

    @classmethod
    def train(cls, read: Sequence[Readings], targets: np.ndarray, count: int) -> TokenNetwork:
        """Learn from messages; how far its probabilities may be believed is found with a first network on a fifth held back.

        Args:
            read: The readings of each message, as many of each: of every reading a row for each token.
            targets: The number of the right label of each.
            count: How many labels there are.

        Returns:
            The trained network.
        """
        held = folds_of(targets, _FOLDS) == 0
        views: list[States] = [list(states) for states in zip(*read, strict=True)]
        first = _fit([one for one, out in zip(views[0], held, strict=True) if not out], targets[~held], count, looks=False)
        scores = np.stack([_scores(first, one[:_LONGEST]) for one, out in zip(views[0], held, strict=True) if out])
        heat = min(_TEMPERATURES, key=lambda heat: surprise(softmax(scores / heat), targets[held]))
        members = []
        for reading, looks in _KINDS:
            if reading < len(views):
                arrays = _fit(views[reading], targets, count, looks=looks)
                arrays.update({name: arrays[name] / np.float32(heat) for name in ("outer", "outer_base")})
                members.append((reading, arrays))
        return cls(members)

    def chances(self, readings: Readings) -> np.ndarray:
        """Return the probability of each label for a message, read as often as those that training saw."""
        return softmax(np.mean([_scores(arrays, readings[reading][:_LONGEST]) for reading, arrays in self._members], axis=0))

    def save(self, folder: Path) -> None:
        """Write it into a folder of the model archive."""
        named = {
            f"{number} {reading} {name}": array
            for number, (reading, arrays) in enumerate(self._members)
            for name, array in arrays.items()
        }
        np.savez(folder / _FILE, **named)

    @classmethod
    def load(cls, folder: Path) -> TokenNetwork:
        """Read it from a folder of the model archive."""
        members: defaultdict[tuple[int, int], Arrays] = defaultdict(dict)
        with np.load(folder / _FILE) as file:
            for named, array in file.items():
                number, reading, name = named.split()
                members[int(number), int(reading)][name] = array
        return cls([(reading, arrays) for (_, reading), arrays in members.items()])

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Tell whether a folder of the model archive has one."""
        return (folder / _FILE).exists()


def _scores(arrays: Arrays, states: np.ndarray) -> np.ndarray:
    """What the Keras model of `_model` gives, without Keras."""
    seen = np.maximum(states @ arrays["inner"] + arrays["inner_base"], 0)
    if "query" in arrays:
        query, key, value = (np.einsum("tw,whd->htd", seen, arrays[name]) + arrays[f"{name}_base"] for name in _LOOKS)
        looked = softmax(query @ key.transpose(0, 2, 1) / np.float32(math.sqrt(_HEAD))) @ value
        seen = np.maximum(seen + np.einsum("htd,hdw->tw", looked, arrays["join"]) + arrays["join_base"], 0)
    pooled = np.concatenate([seen.max(axis=0), seen.mean(axis=0)])
    scores: np.ndarray = pooled @ arrays["outer"] + arrays["outer_base"]
    return scores


def _fit(states: States, targets: np.ndarray, count: int, *, looks: bool) -> Arrays:
    import tensorflow as tf

    tf.keras.utils.set_random_seed(_SEED)
    sample = np.concatenate([one[:_LONGEST] for one in states[:: math.ceil(len(states) / 1000)]]).astype(np.float32)
    middle, spread = sample.mean(axis=0), sample.std(axis=0) + 1e-6
    fed = batches([one[:_LONGEST] for one in states], np.eye(count, dtype=np.float32)[targets], _BATCH)
    rounds = _ROUNDS[looks]
    model = _model(middle, spread, count, len(fed) * rounds, looks=looks)
    model.fit(fed, epochs=rounds, verbose=0)
    found = {}
    for layer, names in _LAYERS.items():
        if layer != "look" or looks:
            titles = [f"{name}{end}" for name in names for end in ("", "_base")]
            found.update(zip(titles, model.get_layer(layer).get_weights(), strict=True))
    found.update({f"{name}_base": found[f"{name}_base"][:, None, :] for name in _LOOKS if looks})
    found["inner"] = found["inner"] / spread[:, None]  # the served network takes states as they are
    found["inner_base"] = found["inner_base"] - middle @ found["inner"]
    return found


def _model(middle: np.ndarray, spread: np.ndarray, count: int, steps: int, *, looks: bool) -> tf.keras.Model:
    import tensorflow as tf

    layers = tf.keras.layers
    tokens, there = layers.Input((None, len(middle))), layers.Input((None, 1))
    alike = layers.Normalization(mean=middle, variance=spread**2)(tokens)
    seen = layers.Dense(_INNER, "relu", name="inner")(layers.SpatialDropout1D(0.2)(alike)) * there
    if looks:
        look = layers.MultiHeadAttention(_INNER // _HEAD, _HEAD, dropout=0.1, name="look")
        seen = tf.nn.relu(seen + look(seen, seen, attention_mask=there[:, None, :, 0] > 0)) * there
    pooled = layers.Concatenate()([tf.reduce_max(seen, 1), tf.reduce_sum(seen, 1) / tf.reduce_sum(there, 1)])
    scores = layers.Dense(count, name="outer")(layers.Dropout(0.5)(pooled))
    model = tf.keras.Model([tokens, there], scores)
    rate = tf.keras.optimizers.schedules.PolynomialDecay(_RATE, steps, _RATE / 50)
    loss = tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=_SMOOTHING)
    model.compile(tf.keras.optimizers.Adam(rate, weight_decay=0.01), loss)
    return model
