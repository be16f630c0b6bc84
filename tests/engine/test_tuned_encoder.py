"""The tuned encoder: begins as the encoder is, learns what tells labels apart, comes back from the archive, may be missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.thai import fine_tuning, intents, sentences, token_network, tuned_encoder
from bot.thai.intents import ThaiIntentClassifier
from bot.thai.sentences import ThaiSentenceVectors, available
from bot.thai.tuned_encoder import TunedEncoder
from core import e5_model, thai
from core.e5 import E5
from core.pieces import pieces
from tests.engine.examples import asked

pytestmark = pytest.mark.skipif(not available(), reason="needs the sentence encoder")

PLACES = ["หน้าบ้าน", "ในซอย", "ที่ปากทาง", "ข้างวัด", "หลังตลาด", "ตรงสะพาน", "แถวโรงเรียน", "ริมคลอง"]
NAMES = ("flood", "light")  # in the order of a model's labels
TROUBLES = [("น้ำท่วม", 0), ("น้ำขัง", 0), ("ท่อตัน", 0), ("ไฟดับ", 1), ("ไฟไม่ติด", 1), ("มืดมาก", 1)]
SAID = [(f"{trouble}{place}", label) for place in PLACES for trouble, label in TROUBLES]
TEXTS, TARGETS = [text for text, _ in SAID], np.array([label for _, label in SAID])


@pytest.fixture(scope="module")
def tuned() -> TunedEncoder:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fine_tuning, "_ROUNDS", 3)
        patch.setattr(fine_tuning, "_BATCH", 8)
        return TunedEncoder.train(TEXTS, TARGETS, 2)


def test_tuning_begins_with_the_encoder_as_it_is_and_takes_all_of_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    import tensorflow as tf

    monkeypatch.setattr(fine_tuning, "_multiplies_halves", lambda: False)
    weights, encoder = e5_model.weights(), E5()
    model = fine_tuning._model(weights, 2)

    fine_tuning._fill(model, weights)

    plain, back = e5_model.tensors(weights), fine_tuning._taken(model, weights)
    assert plain.keys() == back.keys()
    assert all(np.array_equal(values, back[title]) for title, values in plain.items())
    last = tf.keras.Model(model.inputs, model.get_layer("l11.oln").output)
    short, long = (pieces().entries(text) for text in ("ไฟดับ", "ไฟดับทั้งซอยเลยค่ะ"))
    both, there = np.zeros((2, *long.shape), np.float32), np.zeros((2, len(long), 1), np.float32)
    for number, rows in enumerate((short, long)):
        both[number, : len(rows)], there[number, : len(rows)] = rows, 1
    states = last.predict([both, there], verbose=0)
    for rows, text in zip(states, ("ไฟดับ", "ไฟดับทั้งซอยเลยค่ะ"), strict=True):
        served = encoder.rows(text)
        middles = served.mean(axis=0), rows[: len(served)].mean(axis=0)
        assert middles[0] @ middles[1] / np.prod([np.linalg.norm(one) for one in middles]) > 0.985  # 8 bits beside 32


def test_it_learns_what_tells_labels_apart(tuned: TunedEncoder) -> None:
    light, flood = tuned.chances("ไฟถนนดับหมดเลยค่ะ"), tuned.chances("ฝนตกแล้วน้ำท่วมถนนค่ะ")

    assert [NAMES[found.argmax()] for found in (light, flood)] == ["light", "flood"]
    assert light.sum() == pytest.approx(1, abs=1e-5)


def test_it_comes_back_as_it_was_and_the_encoder_beside_it_is_untouched(tuned: TunedEncoder, tmp_path: Path) -> None:
    assert not TunedEncoder.is_in(tmp_path)

    tuned.save(tmp_path)

    assert TunedEncoder.is_in(tmp_path)
    assert np.array_equal(TunedEncoder.load(tmp_path).chances(TEXTS[0]), tuned.chances(TEXTS[0]))
    assert not np.allclose(E5().rows(TEXTS[0]), tuned._encoder.rows(TEXTS[0]), atol=0.01)


@pytest.mark.parametrize("text", ["😀" * 40, "ก" * 3000, "\u200b\u0e31"], ids=["emoji", "long", "signs"])
def test_odd_text_has_chances_too(tuned: TunedEncoder, text: str) -> None:
    assert np.isfinite(tuned.chances(text)).all()


def test_the_intents_are_ranked_by_it_too(tuned: TunedEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_network, "_ROUNDS", {False: 1, True: 1})
    for module in (intents, tuned_encoder, sentences):
        monkeypatch.setattr(module, "FEWEST", len(SAID))
    seen: list[tuple[list[str], list[int]]] = []
    trained = classmethod(lambda cls, texts, targets, count: seen.append((list(texts), list(targets))) or tuned)
    monkeypatch.setattr(TunedEncoder, "train", trained)
    storage, context = LocalModelStorage.create(tmp_path), ExecutionContext(GraphSchema({}))
    vectors = ThaiSentenceVectors.create({"dense": True}, storage, Resource("vectors"), context)
    data = TrainingData([asked(f" {text}!", NAMES[label]) for text, label in SAID])
    vectors.train(data)

    ThaiIntentClassifier.create({}, storage, Resource("intents"), context).train(vectors.process_training_data(data))
    (message,) = vectors.process([asked("ไฟดับหน้าบ้าน")])
    both = ranking(ThaiIntentClassifier.load({}, storage, Resource("intents"), context), message)
    monkeypatch.setattr(TunedEncoder, "is_in", lambda folder: False)
    without = ranking(ThaiIntentClassifier.load({}, storage, Resource("intents"), context), message)
    monkeypatch.undo()
    monkeypatch.setenv("PRACHA_DENSE", "false")
    unwanted = ThaiIntentClassifier.load({}, storage, Resource("intents"), context)

    (texts, targets) = seen[0]
    assert set(texts) == {thai.normalise(f" {text}!") for text in TEXTS}
    assert sorted(set(targets)) == [0, 1]
    (third, _) = tuned.chances("ไฟดับหน้าบ้าน")
    assert both["flood"] == pytest.approx((2 * without["flood"] + third) / 3, abs=1e-5)
    assert unwanted._tuned is None
    assert ranking(unwanted, message).keys() == both.keys()


def ranking(classifier: ThaiIntentClassifier, message: Message) -> dict[str, float]:
    classifier.process([message])
    return {one["name"]: one["confidence"] for one in message.get("intent_ranking")}
