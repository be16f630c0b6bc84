"""What a reported problem is about: one of the categories that decide which office gets it."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.thai.intents import chances_of, train_model, words_of
from bot.thai.linear import LinearModel, ranked

CATEGORY = "category"
REPORT_INTENT = "report_problem"
RANKING_LENGTH = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ThaiCategoryClassifier(GraphComponent):
    """Ranks the categories of every message, learnt from the examples of `report_problem/<category>`.

    "ไฟดับทั้งซอย" gets {"name": "street-light", "confidence": 0.93, "ranking": [...]}. It says nothing about whether the
    message is a report at all: that is the intent's matter.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what must stand before it in the pipeline."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Name the packages it needs."""
        return ["sklearn"]

    def __init__(self, model_storage: ModelStorage, resource: Resource, model: LinearModel | None = None) -> None:
        """Take the place in the archive and, when loaded, the trained model."""
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThaiCategoryClassifier:
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
    ) -> ThaiCategoryClassifier:
        """Make the classifier of a trained model; one trained without categories knows none."""
        with model_storage.read_from(resource) as folder:
            model = LinearModel.load(folder) if (folder / "labels.json").exists() else None
        return cls(model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that carry a category."""
        examples = [example for example in training_data.response_examples if _is_report(example)]
        with self._model_storage.write_to(self._resource) as folder:
            if examples:
                labels = [example.get(INTENT_RESPONSE_KEY).split("/", 1)[1] for example in examples]
                self._model = train_model(examples, labels)
                self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `category` of each message."""
        for message in messages:
            message.set(CATEGORY, self._category(message), add_to_output=True)
        return messages

    def _category(self, message: Message) -> dict[str, Any]:
        if self._model is None or not words_of(message):
            return {"name": None, "confidence": 0.0, "ranking": []}
        likely = ranked(self._model.labels, chances_of(self._model, message))[:RANKING_LENGTH]
        ranking = [{"name": name, "confidence": chance} for name, chance in likely]
        return {**ranking[0], "ranking": ranking}


def _is_report(example: Message) -> bool:
    return example.get(INTENT) == REPORT_INTENT and "/" in (example.get(INTENT_RESPONSE_KEY) or "")
