"""The help centre's front page, its groups, and looking something up in it."""

import re

import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from knowledge_base import faq, use
from knowledge_base.questions import UnansweredQuestion
from knowledge_base.use import FaqUse
from tests.unit.web.test_portal import text
from tests.unit.web.town import ENTRIES, Town, entry
from web.portal import services

NOTHING = "ยังไม่พบคำตอบเรื่อง"


async def look_up(http: ClientSession, words: str, language: str = "", **more: str) -> str:
    async with http.get(f"{language}/services", params={"q": words, **more}) as answer:
        assert answer.status == 200
        return await answer.text()


def links(page: str) -> list[str]:
    """The answers a page leads to, in their order, each once."""
    return list(dict.fromkeys(re.findall(r'href="(?:/en)?/services/([a-z0-9-]+)"', page)))


async def recorded(town: Town) -> list[UnansweredQuestion]:
    async with town.database.read() as session:
        return list((await session.scalars(select(UnansweredQuestion))).all())


async def uses(town: Town) -> list[tuple[str, str, str, int]]:
    async with town.database.read() as session:
        return [(row.faq_id, row.kind, row.channel, row.times) for row in await session.scalars(select(FaqUse))]


async def switch(town: Town, faq_id: str, *, on: bool) -> None:
    async with town.database.write() as session:
        await faq.switch(session, faq_id, "staff:1", on=on, reason="ตรวจสอบ")


async def test_the_front_page_leads_to_each_group_and_counts_its_answers(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    page = await text(http, "/services")
    assert "ทั้งหมด 9 คำตอบ ใน 6 หมวด" in page
    assert 'href="/services/group/civil-registration"' in page
    assert re.search(r"ทะเบียนราษฎรและบัตรประชาชน</a>.*?3 คำตอบ", page, re.DOTALL)


async def test_what_a_curator_changes_stands_on_the_next_page(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    assert "ทั้งหมด 9 คำตอบ" in await text(http, "/services")
    await switch(town, "land-tax", on=False)
    assert "ทั้งหมด 8 คำตอบ ใน 5 หมวด" in await text(http, "/services")
    await text(http, "/services/group/tax", 404)
    await town.publish([entry("sign-tax", "tax", "ภาษีป้ายจ่ายเมื่อไร", "When is the signboard tax due?")])
    assert "ภาษีป้ายจ่ายเมื่อไร" in await text(http, "/services/group/tax")
    await switch(town, "land-tax", on=True)
    assert links(await text(http, "/services/group/tax")) == ["land-tax", "sign-tax"]


async def test_a_draft_that_moves_to_another_group_moves_nothing_before_it_is_published(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    async with town.database.write() as session:
        row = await session.get(faq.Faq, "land-tax")
        assert row is not None
        moved = entry("land-tax", "land-building", "ภาษีที่ดินฉบับร่าง", "A draft")
        await faq.save(session, moved, "staff:1", seen=row.version, reason="ย้ายหมวด")
    assert "ภาษีที่ดินและสิ่งปลูกสร้างจ่ายเมื่อไร" in await text(http, "/services/group/tax")
    assert "ฉบับร่าง" not in await text(http, "/services/group/land-building")


async def test_a_long_group_has_several_pages(town: Town, http: ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PAGE", 2)
    await town.publish(ENTRIES)
    first = await text(http, "/services/group/civil-registration")
    second = await text(http, "/services/group/civil-registration?page=2")
    assert links(first) == ["house-move", "id-card-lost"]
    assert links(second) == ["id-card-renewal"]
    assert "หน้า 2 จาก 2" in second
    for wrong in ("0", "3", "-1", "x", "²", "9" * 30):
        await text(http, f"/services/group/civil-registration?page={wrong}", 404)


async def test_the_most_asked_stand_on_the_front_page(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    assert "คนถามบ่อย" not in await text(http, "/services")
    for faq_id in ("garbage-fee", "garbage-fee", "tree-cutting"):
        async with town.database.write() as session:
            await use.count(session, faq_id, "answered", "line")
    page = await text(http, "/services")
    assert links(page[page.index("คนถามบ่อย") :])[:2] == ["garbage-fee", "tree-cutting"]


async def test_a_question_finds_its_answer_first(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    await town.search.ready()
    page = await look_up(http, "บัตรประชาชนหาย ต้องทำอย่างไร")
    assert "คำตอบที่ตรงที่สุด" in page
    assert links(page)[0] == "id-card-lost"
    assert "ข้อมูลเบื้องต้น โปรดตรวจสอบกับหน่วยงาน" in page
    assert 'name="robots" content="noindex"' in page
    await look_up(http, "ขอติดตั้งมิเตอร์น้ำประปา", typing="1")
    assert await recorded(town) == []
    assert await uses(town) == [("id-card-lost", "answered", "help", 1)]


async def test_an_english_question_finds_the_english_page(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    await town.search.ready()
    page = await look_up(http, "I lost my ID card. What now?", "/en")
    assert "The best answer" in page
    assert '<html lang="en">' in page
    assert 'href="/en/services/id-card-lost">I lost my ID card. What now?</a>' in page


async def test_one_word_lists_every_question_that_holds_it(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    assert set(links(await look_up(http, "บัตรประชา"))) >= {"id-card-lost", "id-card-renewal"}
    assert set(links(await look_up(http, "ID CARD", "/en"))) >= {"id-card-lost", "id-card-renewal"}
    assert links(await look_up(http, "มิเตอร์")) == ["water-meter"]


async def test_what_was_switched_off_is_not_found_from_that_moment_on(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    await town.search.ready()
    assert "water-meter" in links(await look_up(http, "ขอติดตั้งมิเตอร์น้ำประปา"))
    await switch(town, "water-meter", on=False)
    assert "water-meter" not in links(await look_up(http, "ขอติดตั้งมิเตอร์น้ำประปา"))


async def test_what_nobody_finds_goes_to_the_curators_masked_and_once(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    for _ in range(2):
        page = await look_up(http, "สูตรต้มยำกุ้ง โทร 081-234-5678")
        assert NOTHING in page
        assert "data-ask=" in page
    (row,) = await recorded(town)
    assert "ต้มยำกุ้ง" in row.text
    assert "5678" not in row.text
    assert (row.channel, row.reason, row.count) == ("help", "none", 2)


async def test_what_somebody_is_still_typing_is_not_recorded(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    piece = await look_up(http, "สูตรต้มยำ", typing="1")
    assert NOTHING in piece
    assert "<html" not in piece
    assert await recorded(town) == []
    assert "id-card-lost" in links(await look_up(http, "บัตรประ", typing="1"))


async def test_nobody_fills_the_curators_inbox(town: Town, http: ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.portal.lookup.RECORDED", "2/hour")
    for words in ("กกกก", "ขขขข", "คคคค"):
        assert NOTHING in await look_up(http, words)
    assert len(await recorded(town)) == 2


async def test_too_many_searches_are_asked_to_wait(town: Town, http: ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "RATE", "1/minute")
    monkeypatch.setattr(services, "TYPING_RATE", "1/minute")
    for typing in ("", "&typing=1"):
        await text(http, f"/services?q=ภาษี{typing}")
        async with http.get(f"/services?q=ภาษี{typing}") as answer:
            assert answer.status == 429
            assert int(answer.headers["Retry-After"]) >= 1
            assert "ค้นหาถี่เกินไป" in await answer.text()
    await text(http, "/services")


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "ก" * 800, "\ud83d\x00 %", "ฯ", " "]
)
async def test_odd_words_stay_text(town: Town, http: ClientSession, words: str) -> None:
    await town.publish(ENTRIES)
    for typing in ({}, {"typing": "1"}):
        page = await look_up(http, words.encode("utf-8", "replace").decode(), **typing)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


async def test_a_visit_is_counted_for_the_front_page(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    for _ in range(2):
        await text(http, "/services/land-tax")
    async with http.head("/services/tree-cutting") as answer:
        assert answer.status == 200
    assert await uses(town) == [("land-tax", "viewed", "help", 1)]
