"""Thai words as Rasa tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from core import thai


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class ThaiTokenizer(Tokenizer):
    """Cuts messages into clean words whose offsets point into the text as it was typed.

    "ไฟดับบบ ซอย ๕" gives the tokens ไฟ, ดับ (covering "ดับบบ"), ซอย and 5. The project's own words go into the model
    archive, so that a served model cuts as it did when it was trained.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings with their defaults."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "words": str(thai.WORDS_FILE),
        }

    @staticmethod
    def supported_languages() -> list[str]:
        """Return the languages it can cut; English words inside Thai are cut as well."""
        return ["th", "en"]

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, own_words: list[str]) -> None:
        """Build the segmenter from the project's own words."""
        super().__init__(config)
        self._model_storage = model_storage
        self._resource = resource
        self._own_words = own_words
        self._segmenter = thai.Segmenter(own_words)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThaiTokenizer:
        """Make a tokenizer for training, with the words as they are now."""
        return cls(config, model_storage, resource, thai.read_words(Path(config["words"])))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ThaiTokenizer:
        """Make the tokenizer of a trained model, with the words it was trained with."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, thai.read_words(folder / "words.txt"))

    def train(self, training_data: TrainingData) -> Resource:
        """Put the words into the model archive."""
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "words.txt").write_text("\n".join(self._own_words), encoding="utf-8")
        return self._resource

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Cut one attribute of a message into tokens."""
        found = self._segmenter.spans(message.get(attribute))
        return [Token(word, start, end) for word, start, end in found]
