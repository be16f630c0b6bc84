"""Utterances that are kept to be labelled: what counts as unsure, and what as the same wording."""

import pytest

from conversations import utterance
from conversations.utterance import Doubt, Guess, Utterance, unsure
from core.database import Database

DOUBT = Doubt(0.6, 0.15)


@pytest.mark.parametrize(
    ("confidences", "expected"),
    [([], False), ([0.59, 0.1], True), ([0.6, 0.1], False), ([0.6, 0.46], True), ([0.5], True), ([0.9], False)],
)
def test_unsure_is_an_unlikely_best_guess_or_a_near_second(confidences: list[float], expected: bool) -> None:
    assert unsure([Guess("greet", one) for one in confidences], DOUBT) is expected


@pytest.mark.parametrize("text", ["", "🙏🙏", "?!", "ยาว" * 200])
async def test_what_is_no_example_is_not_kept(database: Database, text: str) -> None:
    async with database.write() as session:
        assert await utterance.collect(session, text, "line", [Guess("greet", 0.3)]) is None


async def test_a_labelled_wording_that_comes_again_keeps_its_label_and_gets_the_new_guesses(database: Database) -> None:
    async with database.write() as session:
        first = await utterance.collect(session, "หวัดดี", "line", [Guess("thank", 0.3)])
        row = await session.get_one(Utterance, first)
        row.state, row.intent = "accepted", "greet"
    async with database.write() as session:
        assert await utterance.collect(session, "หวัดดี ", "web", [Guess("greet", 0.5)]) == first
    async with database.read() as session:
        row = await session.get_one(Utterance, first)
    assert (row.state, row.intent, row.count, row.channel) == ("accepted", "greet", 2, "web")
    assert row.guesses == [{"intent": "greet", "confidence": 0.5}]


async def test_half_a_surrogate_pair_is_dropped(database: Database) -> None:
    async with database.write() as session:
        kept = await utterance.collect(session, "หวัดดี\ud83d", "line", [Guess("greet", 0.3)])
        assert (await session.get_one(Utterance, kept)).text == "หวัดดี"


async def test_forgetting_what_is_not_there_does_nothing(database: Database) -> None:
    async with database.write() as session:
        await utterance.forget(session, None)
        await utterance.forget(session, "utt_unknown")
