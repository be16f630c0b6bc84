"""Tunes all layers of the sentence encoder to labelled messages, with Keras, which Rasa brings.

The recipe is the usual one for encoders of this kind (Devlin et al., BERT, 2019): the middle of the last layer's states weighs
the labels, everything learns at once at a small rate that first rises and then falls to nothing.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.thai.batches import batches
from bot.thai.linear import class_weights
from core import e5_model

if TYPE_CHECKING:
    import tensorflow as tf

logger = logging.getLogger(__name__)

_ROUNDS = 5
_BATCH = 64
_RATE = 2e-4
_RISING = 0.06  # of the steps
_DROPOUT = 0.1
_SMOOTHING = 0.1  # of a label's chance goes to the others: some examples are labelled wrongly
_LOUDER = 100  # times the middle of the states: the labels' weights, which know nothing at first, learn so much faster
_SEED = 7
_HALVING = frozenset({"amx_bf16", "avx512_bf16"})  # Intel's since 2023, AMD's since 2022

Tensors = dict[str, np.ndarray]


def fine_tune(sentences: Sequence[np.ndarray], targets: np.ndarray, count: int) -> tuple[Tensors, np.ndarray, np.ndarray]:
    """Tune the encoder to tell labels apart.

    Args:
        sentences: Of each message what the first layer is given, a row for each token (`Pieces.entries`).
        targets: The number of the right label of each; rare labels weigh more, by the root.
        count: How many labels there are.

    Returns:
        The tuned numbers as `e5_model.tensors` names them, and by how much a middle of states speaks for each label: weights
        with a row for each of a state's numbers and a column for each label, and what is added to them.

    Raises:
        RuntimeError: The encoder's weights are missing.
    """
    import tensorflow as tf

    tf.keras.utils.set_random_seed(_SEED)
    weights = e5_model.weights()
    fed = batches(sentences, np.eye(count, dtype=np.float32)[targets], _BATCH)
    model = _model(weights, count)
    _fill(model, weights)
    loss = tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=_SMOOTHING)
    model.compile(tf.keras.optimizers.legacy.Adam(_rate(len(fed) * _ROUNDS)), loss)  # the other one needs thrice the time
    told = tf.keras.callbacks.LambdaCallback(
        on_epoch_end=lambda number, _: logger.info("the encoder is tuned: round %d of %d done", number + 1, _ROUNDS)
    )
    model.fit(fed, epochs=_ROUNDS, verbose=0, callbacks=[told], class_weight=class_weights(targets))
    outer, base = model.get_layer("outer").get_weights()
    return _taken(model, weights), outer * np.float32(_LOUDER), base


def _model(weights: e5_model.Weights, count: int) -> tf.keras.Model:
    """The network of `core.e5_model`, layer for layer, for many messages at once."""
    import tensorflow as tf

    layers, sizes = tf.keras.layers, weights.sizes
    wide, heads = sizes["wide"], sizes["heads"]
    dense = _halved() if _multiplies_halves() else layers.Dense
    tokens, there = layers.Input((None, wide)), layers.Input((None, 1))
    unseen = (there[:, None, None, :, 0] - 1) * 1e9

    def drop(state: tf.Tensor) -> tf.Tensor:
        return layers.Dropout(_DROPOUT)(state)

    def normal(title: str, state: tf.Tensor) -> tf.Tensor:
        return layers.LayerNormalization(epsilon=weights.epsilon, name=title)(state)

    def parted(states: tf.Tensor) -> tf.Tensor:
        return tf.transpose(tf.reshape(states, (tf.shape(states)[0], -1, heads, wide // heads)), (0, 2, 1, 3))

    state = drop(normal("emb.ln", tokens))
    for number in range(sizes["layers"]):
        at = f"l{number}."
        query, key, value = (parted(part) for part in tf.split(dense(3 * wide, name=f"{at}qkv")(state), 3, axis=-1))
        near = tf.matmul(query, key, transpose_b=True) / math.sqrt(wide // heads)
        looked = tf.transpose(tf.matmul(drop(tf.nn.softmax(near + unseen)), value), (0, 2, 1, 3))
        looked = tf.reshape(looked, (tf.shape(looked)[0], -1, wide))
        state = normal(f"{at}aln", state + drop(dense(wide, name=f"{at}ao")(looked)))
        inner = tf.nn.gelu(dense(sizes["inner"], name=f"{at}fi")(state))
        state = normal(f"{at}oln", state + drop(dense(wide, name=f"{at}fo")(inner)))
    middle = tf.reduce_sum(state * there, 1) / tf.reduce_sum(there, 1)
    scores = layers.Dense(count, kernel_initializer="zeros", name="outer")(drop(middle) * _LOUDER)
    return tf.keras.Model([tokens, there], scores)


def _fill(model: tf.keras.Model, weights: e5_model.Weights) -> None:
    plain = e5_model.tensors(weights)
    for layer, names in _layers(weights):
        model.get_layer(layer).set_weights([np.concatenate([plain[f"{name}.{end}"] for name in names]).T for end in "wb"])


def _taken(model: tf.keras.Model, weights: e5_model.Weights) -> Tensors:
    found = {}
    for layer, names in _layers(weights):
        for end, values in zip("wb", model.get_layer(layer).get_weights(), strict=True):
            parts = np.split(values.T, len(names))
            found.update({f"{name}.{end}": np.ascontiguousarray(part) for name, part in zip(names, parts, strict=True)})
    return found


def _layers(weights: e5_model.Weights) -> list[tuple[str, list[str]]]:
    """The names of Keras' layers, and what `e5_model` calls the parts that lie side by side in their weights."""
    found = [("emb.ln", ["emb.ln"])]
    for number in range(weights.sizes["layers"]):
        at = f"l{number}."
        found.append((f"{at}qkv", [f"{at}q", f"{at}k", f"{at}v"]))
        found += [(f"{at}{name}", [f"{at}{name}"]) for name in ("ao", "aln", "fi", "fo", "oln")]
    return found


def _rate(steps: int) -> tf.keras.optimizers.schedules.LearningRateSchedule:
    import tensorflow as tf

    class Rate(tf.keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
        def __call__(self, step: Any) -> Any:
            done = tf.cast(step, tf.float32) / steps
            return _RATE * tf.minimum(done / _RISING, 1 - done)

    return Rate()


def _halved() -> type[tf.keras.layers.Dense]:
    """A dense layer that multiplies in bfloat16, all else in 32 bits: Keras' own mixed precision needs twice the time here."""
    import tensorflow as tf

    class Halved(tf.keras.layers.Dense):  # type: ignore[misc]
        def call(self, inputs: tf.Tensor) -> tf.Tensor:
            halves = tf.tensordot(tf.cast(inputs, tf.bfloat16), tf.cast(self.kernel, tf.bfloat16), 1)
            return tf.cast(halves, tf.float32) + self.bias

    return Halved


def _multiplies_halves() -> bool:
    """Tell whether the processor has instructions for bfloat16; where it has none, TensorFlow is slower with it."""
    path = Path("/proc/cpuinfo")
    return path.exists() and not _HALVING.isdisjoint(path.read_text(encoding="ascii", errors="ignore").split())
