"""The Thai components: trained, kept in an archive, and loaded where no training data is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RESPONSE_KEY, TEXT, TEXT_TOKENS
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.thai.categories import ThaiCategoryClassifier
from bot.thai.features import Vocabulary
from bot.thai.intents import ThaiIntentClassifier
from bot.thai.linear import LinearModel
from bot.thai.places import ThaiPlaceExtractor
from bot.thai.tokenizer import ThaiTokenizer
from tests.engine.conftest import PROJECT

CONTEXT = ExecutionContext(GraphSchema({}))


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


@pytest.fixture(scope="module")
def data() -> TrainingData:
    return load_data(str(PROJECT / "nlu"))


def trained(component: Any, storage: LocalModelStorage, data: TrainingData, config: dict[str, Any] | None = None) -> Any:
    """Train a component, forget it, and load it again from the archive."""
    resource = Resource(component.__name__)
    config = {**component.get_default_config(), **(config or {})}
    component.create(config, storage, resource, CONTEXT).train(data)
    return component.load(config, storage, resource, CONTEXT)


def tokenizer(storage: LocalModelStorage, data: TrainingData) -> ThaiTokenizer:
    return trained(ThaiTokenizer, storage, data)


def test_tokens_are_clean_and_point_into_the_text_as_typed(storage: LocalModelStorage, data: TrainingData) -> None:
    text = "😀 ไฟดับบบบ\u200b  เเถวซอย ๕"
    (message,) = tokenizer(storage, data).process([Message({TEXT: text})])

    tokens = [(token.text, text[token.start : token.end]) for token in message.get(TEXT_TOKENS)]

    assert tokens[0] == ("😀", "😀")
    assert ("ไฟดับ", "ไฟดับบบบ\u200b") in tokens or ("ดับ", "ดับบบบ\u200b") in tokens
    assert ("แถว", "เเถว") in tokens
    assert tokens[-1] == ("5", "๕")


def test_retrieval_intents_are_tokenised_too(storage: LocalModelStorage, data: TrainingData) -> None:
    example = Message({TEXT: "น้ำท่วม", INTENT: "report_problem", INTENT_RESPONSE_KEY: "report_problem/flooding"})

    tokenizer(storage, data).process_training_data(TrainingData([example]))

    assert [token.text for token in example.get(TEXT_TOKENS)] == ["น้ำท่วม"]


def test_the_words_of_a_model_are_those_it_was_trained_with(
    storage: LocalModelStorage, data: TrainingData, tmp_path: Path
) -> None:
    words = tmp_path / "own.txt"
    words.write_text("# ชื่อ\nฟู่ฟ่าฟองดู\n", encoding="utf-8")
    component = trained(ThaiTokenizer, storage, data, {"words": str(words)})
    words.unlink()

    (message,) = component.process([Message({TEXT: "ฟู่ฟ่าฟองดูดี"})])

    assert message.get(TEXT_TOKENS)[0].text == "ฟู่ฟ่าฟองดู"


def test_intents_are_ranked_with_probabilities(storage: LocalModelStorage, data: TrainingData) -> None:
    cut = tokenizer(storage, data)
    component = trained(ThaiIntentClassifier, storage, cut.process_training_data(data))

    (message,) = component.process(cut.process([Message({TEXT: "ขยะล้นถังเลยค่ะ"})]))

    ranking = message.get("intent_ranking")
    assert message.get(INTENT)["name"] == "report_problem"
    assert {one["name"] for one in ranking} == {"greet", "goodbye", "affirm", "ask_service", "report_problem"}
    assert sum(one["confidence"] for one in ranking) == pytest.approx(1)
    assert "intent_ranking" in message.as_dict(only_output_properties=True)


def test_a_category_is_given_to_every_message(storage: LocalModelStorage, data: TrainingData) -> None:
    cut = tokenizer(storage, data)
    component = trained(ThaiCategoryClassifier, storage, cut.process_training_data(data))

    flood, nothing = component.process(cut.process([Message({TEXT: "น้ำท่วมมมม"}), Message({TEXT: "   "})]))

    category = flood.as_dict(only_output_properties=True)["category"]
    assert category["name"] == category["ranking"][0]["name"] == "flooding"
    assert len(category["ranking"]) == 3
    assert nothing.get("category") == {"name": None, "confidence": 0.0, "ranking": []}


def test_without_categories_there_is_none(storage: LocalModelStorage) -> None:
    component = trained(ThaiCategoryClassifier, storage, TrainingData([]))

    (message,) = component.process([Message({TEXT: "น้ำท่วม"})])

    assert message.get("category")["name"] is None


def test_places_are_learnt_from_the_markup(storage: LocalModelStorage, data: TrainingData) -> None:
    cut = tokenizer(storage, data)
    component = trained(ThaiPlaceExtractor, storage, cut.process_training_data(data))
    text = "ไฟดับบหน้าปากซอยลาดพร้าว ๗๑ ค่ะ"

    (message,) = component.process(cut.process([Message({TEXT: text})]))

    (place,) = message.get(ENTITIES)
    assert (place["entity"], place["value"]) == ("place", "หน้าปากซอยลาดพร้าว ๗๑")
    assert text[place["start"] : place["end"]] == place["value"]
    assert place["extractor"] == "ThaiPlaceExtractor"
    assert 0 < place["confidence_entity"] <= 1


def test_without_markup_the_rules_find_places(storage: LocalModelStorage, data: TrainingData) -> None:
    cut = tokenizer(storage, data)
    component = trained(ThaiPlaceExtractor, storage, TrainingData([]))

    (message,) = component.process(cut.process([Message({TEXT: "น้ำท่วม ต.ในเมือง อ.เมือง จ.ขอนแก่น ค่ะ"})]))

    (place,) = message.get(ENTITIES)
    assert place["value"] == "ต.ในเมือง อ.เมือง จ.ขอนแก่น"
    assert (place["subdistrict"], place["district"], place["province"]) == ("ในเมือง", "เมืองขอนแก่น", "ขอนแก่น")


def test_a_model_of_one_label_is_sure_of_it() -> None:
    model = LinearModel.train([["ไฟ", "ดับ"], ["ไฟ", "เสีย"]], ["street-light", "street-light"])

    assert model.rank(["น้ำ"]) == [("street-light", 1.0)]


def test_a_model_of_two_labels_tells_them_apart() -> None:
    documents = [["ไฟ", "ดับ"], ["ไฟ", "เสีย"], ["ไฟ"], ["น้ำ", "ท่วม"], ["น้ำ", "ขัง"], ["น้ำ"]]

    model = LinearModel.train(documents, ["light"] * 3 + ["flood"] * 3)

    assert model.rank(["น้ำ"])[0][0] == "flood"
    assert model.rank(["ไฟ"])[0][0] == "light"


def test_a_vocabulary_comes_back_as_it_was(tmp_path: Path) -> None:
    vocabulary = Vocabulary.learn([["ไฟ", "ดับ"], ["ไฟ", "เสีย"]])
    vocabulary.save(tmp_path)

    numbers, weights = Vocabulary.load(tmp_path).row(["ไฟ", "ดับ", "ใหม่"])

    expected = vocabulary.row(["ไฟ", "ดับ", "ใหม่"])
    assert numbers.tolist() == expected[0].tolist()
    assert weights.tolist() == expected[1].tolist()
