"""What a citizen wants: one of the assistant's intents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.thai import tuned_encoder
from bot.thai.linear import LinearModel, ranked
from bot.thai.sentences import states_of, usable, vector_of
from bot.thai.token_network import FEWEST, TokenNetwork
from bot.thai.tuned_encoder import TunedEncoder
from core.thai import normalise


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ThaiIntentClassifier(GraphComponent, IntentClassifier):
    """Ranks all intents of a message by calibrated probability: the mean of a linear model's, networks' and a tuned encoder's.

    A message such as "ไฟดับทั้งซอยเลยค่ะ" gets `report_problem`; the category is another component's work. Networks and
    encoder need the states of the message's tokens and enough examples to learn from; without, the linear model decides.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what must stand before it in the pipeline."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Name the packages it needs for training."""
        return ["sklearn", "tensorflow"]

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
        network: TokenNetwork | None = None,
        tuned: TunedEncoder | None = None,
    ) -> None:
        """Take the place in the archive and, when loaded, what was trained."""
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._network = network
        self._tuned = tuned

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThaiIntentClassifier:
        """Make an untrained classifier."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ThaiIntentClassifier:
        """Make the classifier of a trained model."""
        with model_storage.read_from(resource) as folder:
            network = TokenNetwork.load(folder) if TokenNetwork.is_in(folder) else None
            tuned = TunedEncoder.load(folder) if TunedEncoder.is_in(folder) and usable() else None
            return cls(model_storage, resource, LinearModel.load(folder), network, tuned)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that have an intent."""
        examples = training_data.intent_examples
        if not examples:
            raise InvalidConfigException("No examples with an intent: nothing to train ThaiIntentClassifier with.")
        labels = [example.get(INTENT) for example in examples]
        self._model = train_model(examples, labels)
        self._network, self._tuned = _train_networks(examples, labels, self._model)
        with self._model_storage.write_to(self._resource) as folder:
            for part in (self._model, self._network, self._tuned):
                if part is not None:
                    part.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking` of each message."""
        for message in messages:
            ranking = self._ranking(message)
            message.set(INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        """Rank the intents; a message without a word, such as "   ", wants nothing.

        Of a message without a known word, such as "asdfgh", networks would claim more than they can know.
        """
        if self._model is None or not (words := words_of(message)):
            return []
        found = [chances_of(self._model, message)]
        if self._network is not None and self._model.knows(words) and (readings := states_of(message, self._model.encoder)):
            found.append(self._network.chances(readings))
            if self._tuned is not None:
                found.append(self._tuned.chances(normalise(message.get(TEXT))))
        ranking = ranked(self._model.labels, np.mean(found, axis=0))
        return [{"name": name, "confidence": chance} for name, chance in ranking]


def words_of(message: Message) -> list[str]:
    """Return the clean words that ThaiTokenizer found in a message."""
    return [token.text for token in message.get(TOKENS_NAMES[TEXT]) or []]


def train_model(examples: Sequence[Message], labels: Sequence[str]) -> LinearModel:
    """Train a model from the words of examples, and from their vectors if every one has one."""
    documents = [words_of(example) for example in examples]
    found = [vector_of(example) for example in examples]
    named = [vector for vector in found if vector is not None]
    if len(named) < len(examples):
        return LinearModel.train(documents, labels)
    return LinearModel.train(documents, labels, np.stack([row for _, row in named]), encoder=named[0][0])


def chances_of(model: LinearModel, message: Message) -> np.ndarray:
    """Return the probability of each of a model's labels, by the message's vector too if it is of the encoder learnt from."""
    found = vector_of(message, model.encoder) if model.encoder else None
    return model.chances(words_of(message), found[1] if found else None)


def _train_networks(
    examples: Sequence[Message], labels: Sequence[str], model: LinearModel
) -> tuple[TokenNetwork | None, TunedEncoder | None]:
    read = [states_of(example, model.encoder) for example in examples] if model.encoder else []
    known = [readings for readings in read if readings]
    if len(known) < max(FEWEST, len(examples)) or len(model.labels) < 2:
        return None, None
    numbers = {label: number for number, label in enumerate(model.labels)}
    targets = np.array([numbers[label] for label in labels])
    network = TokenNetwork.train(known, targets, len(numbers))
    if len(known) < tuned_encoder.FEWEST:
        return network, None
    texts = [normalise(example.get(TEXT)) for example in examples]
    return network, TunedEncoder.train(texts, targets, len(numbers))
