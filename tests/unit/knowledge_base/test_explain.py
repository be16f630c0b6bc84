"""What curators are told about a search, and which answers stand beside one."""

import pytest

from core.database import Database
from knowledge_base import faq
from tests.unit.knowledge_base.conftest import MakeSearch
from tests.unit.knowledge_base.samples import SECOND, STAFF, entry


async def boats(database: Database) -> None:
    """Three FAQs, two of them on boats."""
    fish = {
        "question": {"th": "ขายปลาสดที่ตลาดต้องขออนุญาตไหม", "en": "Do I need a permit to sell fish?"},
        "variants": ["อยากขายปลาในตลาด"],
        "steps": [],
        "documents": [],
    }
    renewal = {
        "question": {"th": "ต่อทะเบียนเรือหางยาวทำอย่างไร", "en": "How do I renew a long-tail boat's registration?"},
        "variants": ["ทะเบียนเรือหมดอายุ"],
    }
    async with database.write() as session:
        for one in (entry(), entry("boat-renewal", **renewal), entry("fish-market", **fish)):
            await faq.save(session, one, STAFF, seen=None)
            await faq.publish(session, one.id, SECOND, seen=1)


@pytest.mark.parametrize("meaning", [False, True])
async def test_an_explanation_names_signals_and_the_nearest_known_question(
    database: Database, make_search: MakeSearch, dense: bool, meaning: bool
) -> None:
    await boats(database)
    search = await make_search(database, dense=meaning and dense)
    told = await search.explain("อยากจดทะเบียนเรือหาปลาลำใหม่")
    assert told.canonical == "อยากจดทะเบียนเรือหาปลาลำใหม่"
    assert told.dense is meaning
    assert not told.exact
    best = told.candidates[0]
    assert (best.hit.id, best.nearest) == ("boat-licence", "อยากจดทะเบียนเรือหาปลา")
    assert set(best.signals) == set(told.gate.weights)
    assert [one.score for one in told.candidates] == sorted((one.score for one in told.candidates), reverse=True)
    found = await search.find("อยากจดทะเบียนเรือหาปลาลำใหม่")
    assert (told.decision, told.candidates[0].hit.id) == (found.decision, found.candidates[0].id)
    assert f"{told.candidates[0].score:.2f}" in told.reason


async def test_the_reason_tells_word_for_word_nothing_and_a_part_of_nothing(database: Database, make_search: MakeSearch) -> None:
    await boats(database)
    search = await make_search(database)
    exact = await search.explain("ทะเบียนเรือหมดอายุ")
    assert (exact.decision, exact.exact) == ("answer", True)
    assert "ทุกตัวอักษร" in exact.reason
    assert (await search.explain("😀")).candidates == ()
    part = await search.explain("กี่บาท")
    assert (part.decision, part.part) == ("none", "fee")
    assert "ไม่เดา" in part.reason


async def test_related_are_the_nearest_others_that_are_live(database: Database, make_search: MakeSearch) -> None:
    await boats(database)
    search = await make_search(database)
    assert [hit.id for hit in await search.related("boat-licence", 2)] == ["boat-renewal", "fish-market"]
    assert len(await search.related("boat-licence", 1)) == 1
    assert await search.related("no-such-faq") == ()
    async with database.write() as session:
        await faq.switch(session, "boat-renewal", STAFF, on=False)
    await search.ready()
    assert [hit.id for hit in await search.related("boat-licence")] == ["fish-market"]
    assert await search.related("boat-renewal") == ()
