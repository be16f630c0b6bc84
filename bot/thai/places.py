"""Where something is: the entity `place`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.thai.areas import area_of
from bot.thai.entities import add_entities, text_of
from bot.thai.gazetteer import GAZETTEER_FILE, Gazetteer
from bot.thai.landmarks import Span, Word, find_phrases
from bot.thai.place_edges import mended
from bot.thai.place_tagger import PlaceTagger
from core.thai import normalise

PLACE = "place"
MAX_WORDS = 300  # nobody names a place after so many
_RULES_CONFIDENCE = 0.5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ThaiPlaceExtractor(GraphComponent, EntityExtractorMixin):
    """Finds the phrases that say where, and the areas they name.

    "ไฟดับหน้าปากซอยลาดพร้าว 71 มา 3 วัน" has the place "หน้าปากซอยลาดพร้าว 71". Where the training data marks places a
    sequence model learns from them; without any, rules do the work.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what must stand before it in the pipeline."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Name the packages it needs."""
        return ["sklearn_crfsuite"]  # the package that brings pycrfsuite

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings with their defaults."""
        return {"gazetteer": str(GAZETTEER_FILE)}

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        gazetteer: Gazetteer,
        tagger: PlaceTagger | None = None,
    ) -> None:
        """Take the known names and, when loaded, the trained model."""
        self._model_storage = model_storage
        self._resource = resource
        self._gazetteer = gazetteer
        self._tagger = tagger

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThaiPlaceExtractor:
        """Make an untrained extractor with the exported gazetteer."""
        return cls(model_storage, resource, Gazetteer.read(Path(config["gazetteer"])))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ThaiPlaceExtractor:
        """Make the extractor of a trained model, with the names it was trained with."""
        with model_storage.read_from(resource) as folder:
            gazetteer = Gazetteer.read(folder / "gazetteer.json")
            tagger = PlaceTagger.load(folder, gazetteer) if PlaceTagger.exists(folder) else None
            return cls(model_storage, resource, gazetteer, tagger)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intents whose examples mark places, for there an unmarked word is known to be none."""
        marked = {example.get("intent") for example in training_data.entity_examples if _places(example)}
        examples = [example for example in training_data.intent_examples if example.get("intent") in marked]
        with self._model_storage.write_to(self._resource) as folder:
            self._gazetteer.write(folder / "gazetteer.json")
            if examples:
                learnt = [(_words(example), _places(example)) for example in examples]
                self._tagger = PlaceTagger.train(learnt, self._gazetteer, folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the places of each message to its entities."""
        for message in messages:
            add_entities(message, self._found(text_of(message), _words(message)), self.name)
        return messages

    def _found(self, text: str, words: list[Word]) -> Iterator[dict[str, Any]]:
        for start, end, sure in self._spans(text, words):
            phrase = text[start:end]
            if not any(char.isalpha() for char in phrase):  # "😀" or "5/2" alone is no place
                continue
            yield {
                "entity": PLACE,
                "start": start,
                "end": end,
                "value": phrase,
                "confidence_entity": round(sure, 4),
                **area_of(normalise(phrase), self._gazetteer),
            }

    def _spans(self, text: str, words: list[Word]) -> list[tuple[int, int, float]]:
        if self._tagger is not None:
            return mended(words, self._tagger.find(words), self._gazetteer)
        return [(start, end, _RULES_CONFIDENCE) for start, end in find_phrases(words, self._gazetteer)]


def _words(message: Message) -> list[Word]:
    tokens = message.get(TOKENS_NAMES[TEXT]) or []
    return [(token.text, token.start, token.end) for token in tokens[:MAX_WORDS]]


def _places(example: Message) -> list[Span]:
    return [(entity["start"], entity["end"]) for entity in example.get(ENTITIES) or [] if entity.get("entity") == PLACE]
