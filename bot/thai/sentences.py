"""What a whole message means, as a vector: messages that mean much the same are near each other, whatever their words."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.thai.vector_file import VectorFile
from core import e5_model
from core.e5 import E5
from core.thai import normalise

LONGEST = 200  # letters; the time grows with the length
_MANY = 100
_NO = ("0", "false", "no", "off")


class SentenceEncoder:
    """multilingual-e5-small in 8 bits, inside the process."""

    def __init__(self) -> None:
        """Load the model, half a second."""
        self._model = E5()
        self.name = e5_model.name()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row of length 1 for each text, 384 numbers wide; "ไฟดับ" and "ไม่มีไฟฟ้าใช้" are near each other."""
        if len(texts) < _MANY:
            return self._model.encode([text[:LONGEST] for text in texts])
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # training has the machine for itself
            return np.concatenate(list(pool.map(lambda text: self._model.encode([text[:LONGEST]]), texts)))


def open_encoder(*, dense: bool) -> SentenceEncoder | None:
    """Return the encoder, or None: the configuration or PRACHA_DENSE says no, or this machine cannot."""
    wanted = dense and os.environ.get("PRACHA_DENSE", "").lower() not in _NO
    return SentenceEncoder() if wanted and available() else None


def available() -> bool:
    """Tell whether the model can run here: set-up has made its network."""
    return e5_model.ensure() is not None


def vector_of(message: Message, encoder: str | None = None) -> tuple[str, np.ndarray] | None:
    """Return the encoder's name and the vector of a message; None if it has none, or none by the encoder that is named."""
    for features in message.features:
        if features.origin.startswith(e5_model.FAMILY) and encoder in (None, features.origin):
            return features.origin, features.features[0]
    return None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ThaiSentenceVectors(GraphComponent):
    """Adds a vector of the whole message to its features, where the machine can and nobody said no.

    The classifiers use it beside the words, and do without where there is none. It may be left out of the pipeline.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings with their defaults: `cache` is a file that spares a second training the work, or empty."""
        return {"dense": True, "cache": "var/vectors.npz"}

    def __init__(self, encoder: SentenceEncoder | None, cache: str) -> None:
        """Take the encoder, None for none."""
        self._encoder = encoder
        self._cache = cache

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThaiSentenceVectors:
        """Open the encoder; it has nothing to learn."""
        return cls(open_encoder(dense=bool(config["dense"])), config["cache"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vectors of messages; one without a letter, such as "   ", gets none."""
        if self._encoder is not None:
            _add(messages, self._encoder, self._encoder.encode)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vectors of the examples that have an intent."""
        if self._encoder is not None:
            kept = VectorFile(Path(self._cache) if self._cache else None, self._encoder.name)
            _add(training_data.intent_examples, self._encoder, kept.through(self._encoder.encode))
        return training_data


def _add(messages: Sequence[Message], encoder: SentenceEncoder, encode: Any) -> None:
    written = [(message, normalise(message.get(TEXT) or "")) for message in messages]
    written = [(message, text) for message, text in written if text]
    if not written:
        return
    for (message, _), row in zip(written, encode([text for _, text in written]), strict=True):
        message.add_features(Features(row[None, :], FEATURE_TYPE_SENTENCE, TEXT, encoder.name))
