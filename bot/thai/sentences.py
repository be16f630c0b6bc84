"""What a message means: a vector of the whole, near those of messages that mean much the same, and a state of each token."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

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
        self.name = f"{e5_model.name()}-{e5_model.INNER}"  # a model learns from no other layers

    def encode(self, texts: Sequence[str]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return for each text a vector of 768 numbers, and for each of its tokens a row as wide.

        "ไฟดับ" and "ไม่มีไฟฟ้าใช้" have vectors that are near each other.
        """
        if len(texts) < _MANY:
            return [self._look(text) for text in texts]
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # training has the machine for itself
            return list(pool.map(self._look, texts))

    def _look(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        vector, states = self._model.look(text[:LONGEST])
        return vector, states.astype(np.float16)  # half the memory in training, and the same at work


def open_encoder(*, dense: bool) -> SentenceEncoder | None:
    """Return the encoder, or None: the configuration or PRACHA_DENSE says no, or this machine cannot."""
    wanted = dense and os.environ.get("PRACHA_DENSE", "").lower() not in _NO
    return SentenceEncoder() if wanted and available() else None


def available() -> bool:
    """Tell whether the model can run here: set-up has made its network."""
    return e5_model.ensure() is not None


def vector_of(message: Message, encoder: str | None = None) -> tuple[str, np.ndarray] | None:
    """Return the encoder's name and the vector of a message; None if it has none, or none by the encoder that is named."""
    found = _features_of(message, FEATURE_TYPE_SENTENCE, encoder)
    return None if found is None else (found.origin, found.features[0])


def states_of(message: Message, encoder: str | None = None) -> np.ndarray | None:
    """Return the states of a message's tokens, one row each; None if it has none, or none by the encoder that is named."""
    found = _features_of(message, FEATURE_TYPE_SEQUENCE, encoder)
    return None if found is None else found.features


def _features_of(message: Message, kind: str, encoder: str | None) -> Features | None:
    for features in message.features:
        ours = features.origin.startswith(e5_model.FAMILY) and features.type == kind
        if ours and encoder in (None, features.origin):
            return features
    return None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ThaiSentenceVectors(GraphComponent):
    """Adds a vector of the whole message and the states of its tokens, where the machine can and nobody said no.

    The classifiers use them beside the words, and do without where there are none. It may be left out of the pipeline.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings with their defaults."""
        return {"dense": True}

    def __init__(self, encoder: SentenceEncoder | None) -> None:
        """Take the encoder, None for none."""
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThaiSentenceVectors:
        """Open the encoder; it has nothing to learn."""
        return cls(open_encoder(dense=bool(config["dense"])))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add to messages; one without a letter, such as "   ", gets nothing."""
        if self._encoder is not None:
            _add(messages, self._encoder)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add to the examples that have an intent."""
        if self._encoder is not None:
            _add(training_data.intent_examples, self._encoder)
        return training_data


def _add(messages: Sequence[Message], encoder: SentenceEncoder) -> None:
    written = [(message, normalise(message.get(TEXT) or "")) for message in messages]
    written = [(message, text) for message, text in written if text]
    for (message, _), (row, states) in zip(written, encoder.encode([text for _, text in written]), strict=True):
        message.add_features(Features(row[None, :], FEATURE_TYPE_SENTENCE, TEXT, encoder.name))
        message.add_features(Features(states, FEATURE_TYPE_SEQUENCE, TEXT, encoder.name))
