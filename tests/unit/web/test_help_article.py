"""One answer's page: what it shows, what search engines read, and what citizens say about it."""

import json
import re
from datetime import date
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from knowledge_base import faq, questions
from knowledge_base.entry import Bilingual
from knowledge_base.questions import FaqThumb, UnansweredQuestion
from tests.unit.web.test_help_search import links, switch
from tests.unit.web.test_portal import text
from tests.unit.web.town import ENTRIES, Town

PAGE = "/services/id-card-lost"


def data_blocks(page: str) -> list[dict[str, Any]]:
    """The JSON-LD of a page, read as a search engine reads it: up to the first end of the script element."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(block) for block in found]


async def send(http: ClientSession, address: str, status: int = 200, origin: str | None = "", **form: str) -> str:
    """Send a form as a page's script does; ``origin`` is ours unless another one is given, None sends none."""
    own = str(http._base_url).rstrip("/")
    headers = {"Accept": "application/json"} | ({"Origin": origin or own} if origin is not None else {})
    async with http.post(address, data=form, headers=headers) as answer:
        assert answer.status == status
        return await answer.text()


async def test_an_article_tells_how_far_it_can_be_relied_on(town: Town, http: ClientSession) -> None:
    reviewed = ENTRIES[1].model_copy(update={"reviewed": date(2026, 11, 22), "verified": True})
    await town.publish(ENTRIES)
    assert "ข้อมูลเบื้องต้น โปรดตรวจสอบกับหน่วยงาน" in await text(http, PAGE)
    await town.publish([reviewed])
    page = await text(http, PAGE)
    assert "ข้อมูลเบื้องต้น" not in page
    assert "22 พฤศจิกายน 2569" in page
    assert "22 November 2026" in await text(http, f"/en{PAGE}")


async def test_an_article_leads_on(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    page = await text(http, PAGE)
    assert {"id-card-renewal", "house-move"} <= set(links(page[page.index("เรื่องที่เกี่ยวข้อง") :]))
    assert "id-card-lost" not in links(page[page.index("เรื่องที่เกี่ยวข้อง") :])
    assert 'href="/services/group/civil-registration"' in page
    assert "https://line.me/R/share?text=%E0%B8%9A" in page


async def test_search_engines_read_the_answer(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    page = await text(http, PAGE)
    answer, way = data_blocks(page)
    assert answer["@type"] == "FAQPage"
    (question,) = answer["mainEntity"]
    assert question["name"] == "บัตรประชาชนหาย ต้องทำอย่างไร"
    assert "<ol><li>ยื่นเอกสารที่สำนักทะเบียน</li>" in question["acceptedAnswer"]["text"]
    assert [step["position"] for step in way["itemListElement"]] == [1, 2, 3]
    assert way["itemListElement"][2]["item"] == town.url + PAGE
    assert f'<link rel="canonical" href="{town.url}{PAGE}">' in page
    assert '<meta property="og:title" content="บัตรประชาชนหาย ต้องทำอย่างไร">' in page
    english = await text(http, f"{PAGE}?lang=en")
    assert f'<link rel="canonical" href="{town.url}/en{PAGE}">' in english
    assert data_blocks(english)[0]["mainEntity"][0]["name"] == "I lost my ID card. What now?"


async def test_nothing_in_an_answer_breaks_out_of_the_page(town: Town, http: ClientSession) -> None:
    evil = "</script><script>alert(1)</script><!-- \u2028 & \"' <b>"
    bad = ENTRIES[1].model_copy(update={"summary": Bilingual(th=evil, en=evil), "steps": [evil], "source": evil, "fee": evil})
    await town.publish([bad])
    page = await text(http, PAGE)
    assert "<script>alert" not in page
    assert "<b>" not in page
    answer, _ = data_blocks(page)
    said = answer["mainEntity"][0]["acceptedAnswer"]["text"]
    assert "<script>" not in said
    assert "&lt;script&gt;alert(1)" in said


async def test_the_longest_answer_that_may_be_written_is_shown(town: Town, http: ClientSession) -> None:
    lines = [f"{number} " + "ก" * 590 for number in range(60)]
    await town.publish([ENTRIES[1].model_copy(update={"steps": lines, "documents": lines, "fee": lines[0]})])
    page = await text(http, PAGE)
    assert lines[59] in page
    assert len(data_blocks(page)[0]["mainEntity"][0]["acceptedAnswer"]["text"]) > 70_000


@pytest.mark.parametrize("way", ["switched off", "archived"])
async def test_what_was_taken_away_is_gone_and_says_so_kindly(town: Town, http: ClientSession, way: str) -> None:
    await town.publish(ENTRIES)
    if way == "switched off":
        await switch(town, "id-card-lost", on=False)
    else:
        async with town.database.write() as session:
            row = await session.get(faq.Faq, "id-card-lost")
            assert row is not None
            await faq.archive(session, row.id, "staff:1", seen=row.version, reason="เลิกใช้")
    page = await text(http, PAGE, 410)
    assert "กำลังปรับปรุง" in page
    assert "ถ่ายรูปและรับบัตร" not in page
    assert "is being revised" in await text(http, f"/en{PAGE}", 410)
    await send(http, f"{PAGE}/helpful", 404, helpful="yes")


async def test_a_draft_is_unknown_to_the_public(town: Town, http: ClientSession) -> None:
    async with town.database.write() as session:
        await faq.save(session, ENTRIES[1], "staff:1", seen=None, reason="ใหม่")
    await text(http, PAGE, 404)


async def test_a_visitor_is_counted_once_and_leaves_no_address(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    for said in ("yes", "yes", "no"):
        await send(http, f"{PAGE}/helpful", helpful=said)
    await send(http, f"/en{PAGE}/helpful", helpful="no")
    await send(http, "/services/land-tax/helpful", helpful="no")
    async with town.database.read() as session:
        assert await questions.thumbs(session, "id-card-lost") == (1, 0)
        assert await questions.thumbs(session, "land-tax") == (0, 1)
        keys = [row.event_key for row in await session.scalars(select(FaqThumb))]
        (missed,) = (await session.scalars(select(UnansweredQuestion))).all()
    assert not any("127.0.0.1" in key for key in keys)
    assert (missed.reason, missed.channel, missed.candidates[0]["id"]) == ("unhelpful", "help", "land-tax")


async def test_two_visitors_are_counted_twice(town: Town, made: Any) -> None:
    await town.publish(ENTRIES)
    client = await made(trusted_proxies=["127.0.0.1"])
    for address in ("203.0.113.7", "203.0.113.8", "203.0.113.7"):
        headers = {"Origin": str(client.make_url("")).rstrip("/"), "X-Forwarded-For": address, "Accept": "application/json"}
        answer = await client.post(f"{PAGE}/helpful", data={"helpful": "yes"}, headers=headers)
        assert answer.status == 200
    async with town.database.read() as session:
        assert await questions.thumbs(session, "id-card-lost") == (2, 0)


async def test_without_script_the_page_says_thanks(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    async with http.post(f"{PAGE}/helpful", data={"helpful": "no"}, headers={"Origin": town.url}) as answer:
        assert answer.url.path == PAGE
        assert answer.url.query["helped"] == "no"
        page = await answer.text()
    assert '<div data-thanks="no">' in page
    assert 'data-thanks="yes" hidden' in page


async def test_what_was_missing_goes_to_the_curators_masked(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    await send(http, f"{PAGE}/missing", words="ต้องใช้รูปถ่ายไหม โทรกลับ 0812345678")
    await send(http, f"{PAGE}/missing", words="   ")
    async with town.database.read() as session:
        (row,) = (await session.scalars(select(UnansweredQuestion))).all()
    assert "รูปถ่าย" in row.text
    assert "0812345678" not in row.text
    assert (row.reason, row.channel, row.candidates[0]["id"]) == ("unhelpful", "help", "id-card-lost")


@pytest.mark.parametrize("origin", ["https://evil.example", "https://partner.example", "null", None])
@pytest.mark.parametrize("form", ["helpful", "missing"])
async def test_another_site_cannot_speak_for_a_visitor(town: Town, http: ClientSession, origin: str | None, form: str) -> None:
    await town.publish(ENTRIES)
    await send(http, f"{PAGE}/{form}", 403, origin=origin, helpful="no", words="x")
    async with town.database.read() as session:
        assert await questions.thumbs(session, "id-card-lost") == (0, 0)
        assert (await session.scalars(select(UnansweredQuestion))).all() == []


async def test_forms_are_checked_and_limited(town: Town, http: ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    await town.publish(ENTRIES)
    await send(http, f"{PAGE}/helpful", 422, helpful="maybe")
    await send(http, "/services/nothing/helpful", 404, helpful="yes")
    monkeypatch.setattr("web.portal.article.THUMB_RATE", "1/hour")
    monkeypatch.setattr("web.portal.article.WISH_RATE", "1/hour")
    for form in ("helpful", "missing"):
        await send(http, f"{PAGE}/{form}", helpful="yes", words="x")
        await send(http, f"{PAGE}/{form}", 429, helpful="yes", words="x")
