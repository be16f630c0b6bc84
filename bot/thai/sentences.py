"""What a message means: a vector of the whole, near those of messages that mean much the same, and a state of each token."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.thai.token_network import FEWEST
from core import e5_model
from core.e5 import E5
from core.thai import normalise

LONGEST = 200  # letters; the time grows with the length
_MANY = 100
_BY_WORDS = "-by-words"  # after the name of the encoder, in the origin of the states of a second reading
_READINGS_FILE = "readings.txt"
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
    return SentenceEncoder() if dense and usable() else None


def usable() -> bool:
    """Tell whether sentences may be encoded here: PRACHA_DENSE does not say no, and this machine can."""
    return os.environ.get("PRACHA_DENSE", "").lower() not in _NO and available()


def available() -> bool:
    """Tell whether the model can run here: set-up has made its network."""
    return e5_model.ensure() is not None


def vector_of(message: Message, encoder: str | None = None) -> tuple[str, np.ndarray] | None:
    """Return the encoder's name and the vector of a message; None if it has none, or none by the encoder that is named."""
    found = next(_features_of(message, FEATURE_TYPE_SENTENCE, encoder), None)
    return None if found is None else (found.origin, found.features[0])


def states_of(message: Message, encoder: str | None = None) -> list[np.ndarray]:
    """Return the states of a message's tokens, one row each: as it was written and, if it was read so too, word by word.

    The list is empty if the message has none, or none by the encoder that is named.
    """
    return [found.features for found in _features_of(message, FEATURE_TYPE_SEQUENCE, encoder)]


def _features_of(message: Message, kind: str, encoder: str | None) -> Iterator[Features]:
    for features in message.features:
        ours = features.origin.startswith(e5_model.FAMILY) and features.type == kind
        if ours and encoder in (None, features.origin.removesuffix(_BY_WORDS)):
            yield features


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class ThaiSentenceVectors(GraphComponent):
    """Adds a vector of the whole message and the states of its tokens, where the machine can and nobody said no.

    The classifiers use them beside the words, and do without where there are none. It may be left out of the pipeline.
    Trained with many examples it reads every message twice: as it was written ("ไฟดับทั้งซอย") and with spaces between its
    words ("ไฟ ดับ ทั้ง ซอย"). The encoder cuts the two differently, and what one blurs the other may show.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings with their defaults."""
        return {"dense": True}

    def __init__(self, encoder: SentenceEncoder | None, model_storage: ModelStorage, resource: Resource, readings: int) -> None:
        """Take the encoder, None for none, the place in the archive, and how often a message is read."""
        self._encoder = encoder
        self._model_storage = model_storage
        self._resource = resource
        self._readings = readings

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThaiSentenceVectors:
        """Open the encoder."""
        return cls(open_encoder(dense=bool(config["dense"])), model_storage, resource, 1)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ThaiSentenceVectors:
        """Open the encoder, to read as often as in training."""
        readings = "1"
        with suppress(ValueError), model_storage.read_from(resource) as folder:  # archives once held nothing of this component
            readings = (folder / _READINGS_FILE).read_text(encoding="utf-8")
        return cls(open_encoder(dense=bool(config["dense"])), model_storage, resource, int(readings))

    def train(self, training_data: TrainingData) -> Resource:
        """Decide how often messages are read: the networks that need a second reading need many examples."""
        self._readings = 2 if len(training_data.intent_examples) >= FEWEST else 1
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _READINGS_FILE).write_text(str(self._readings), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add to messages; one without a letter, such as "   ", gets nothing."""
        if self._encoder is not None:
            self._add(messages, self._encoder)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add to the examples that have an intent."""
        if self._encoder is not None:
            self._add(training_data.intent_examples, self._encoder)
        return training_data

    def _add(self, messages: Sequence[Message], encoder: SentenceEncoder) -> None:
        written = [(message, text) for message in messages if (text := normalise(message.get(TEXT) or ""))]
        read = [encoder.encode([text for _, text in written])]
        if self._readings > 1:
            read.append(encoder.encode([_by_words(message) or text for message, text in written]))
        for (message, _), *found in zip(written, *read, strict=True):
            vector = np.mean([vector for vector, _ in found], axis=0)
            message.add_features(Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, encoder.name))
            for (_, states), end in zip(found, ("", _BY_WORDS), strict=False):
                message.add_features(Features(states, FEATURE_TYPE_SEQUENCE, TEXT, encoder.name + end))


def _by_words(message: Message) -> str:
    return " ".join(token.text for token in message.get(TOKENS_NAMES[TEXT]) or [])
