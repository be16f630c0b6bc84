"""Synonyms in the console: found, added, changed, taken away, tried."""

from collections.abc import Callable
from typing import Any

import pytest

from knowledge_base import synonym
from tests.unit.knowledge_base.samples import entry
from tests.unit.web.console.conftest import Desk
from tests.unit.web.town import Town

BASE = "/console/synonyms"


@pytest.fixture
async def desk(town: Town, console: Callable[..., Any]) -> Desk:
    async with town.database.write() as session:
        for word, meaning in (("คนแก่", "ผู้สูงอายุ"), ("ใบเกิด", "สูติบัตร"), ("มอไซ", "รถจักรยานยนต์")):
            await synonym.put(session, word, meaning, "system:content")
    made: Desk = await console("curator", name="สมหญิง ใจดี")
    return made


async def pairs(town: Town) -> dict[str, str]:
    async with town.database.read() as session:
        return await synonym.pairs(session)


async def test_the_list_is_searched_and_names_who_wrote_what(town: Town, desk: Desk) -> None:
    await desk.post(BASE, {"word": "ใบขี่", "meaning": "ใบขับขี่", "reason": "พิมพ์สั้น"}, status=303)
    shown = await desk.get(BASE)
    assert all(word in shown for word in ("คนแก่", "ใบขี่", "สมหญิง ใจดี", "เนื้อหาตั้งต้น", "คำที่ใช้อยู่ 4 คำ"))
    found = await desk.get(f"{BASE}?text=สูติ")
    assert "ใบเกิด" in found
    assert "มอไซ" not in found
    assert "ไม่พบคำที่ค้นหา" in await desk.get(f"{BASE}?text=ไม่มีคำนี้")


async def test_a_question_is_tried(town: Town, desk: Desk) -> None:
    assert '<strong id="canonical">ผู้สูงอายุ ขอสูติบัตร</strong>' in await desk.get(f"{BASE}?try=คนแก่  ขอใบเกิดดด")
    assert "ไม่มีคำใดถูกแทน" in await desk.get(f"{BASE}?try=ขอสูติบัตร")
    assert "<script>" not in (await desk.get(f"{BASE}?try=<script>alert(1)</script>")).replace('<script src="', "")


async def test_a_pair_is_changed_and_taken_away_with_a_reason(town: Town, desk: Desk) -> None:
    await desk.post(BASE, {"word": "มอไซ", "meaning": "มอเตอร์ไซค์", "was": "รถจักรยานยนต์"}, status=303)
    assert (await pairs(town))["มอไซ"] == "มอเตอร์ไซค์"
    await desk.post(f"{BASE}/remove", {"word": "มอไซ", "reason": " "}, status=422)
    assert "มอไซ" in await pairs(town)
    answer = await desk.post(f"{BASE}/remove", {"word": "มอไซ", "reason": "คำหยาบ"}, status=303)
    assert "นำคำออกแล้ว" in await desk.get(answer.headers["Location"])
    assert "มอไซ" not in await pairs(town)
    await desk.post(f"{BASE}/remove", {"word": "มอไซ", "reason": "อีกครั้ง"}, status=409)


async def test_what_would_do_harm_is_said_first_and_done_when_confirmed(town: Town, desk: Desk) -> None:
    answer = await desk.post(BASE, {"word": "ผู้สูงอายุ", "meaning": "ผู้สูงวัย"}, status=422)
    assert "เป็นคำแทนของ “คนแก่” อยู่แล้ว" in await answer.text()
    assert "ผู้สูงอายุ" not in await pairs(town)
    await desk.post(BASE, {"word": "ผู้สูงอายุ", "meaning": "ผู้สูงวัย", "sure": "1"}, status=303)
    assert (await pairs(town))["ผู้สูงอายุ"] == "ผู้สูงวัย"
    answer = await desk.post(BASE, {"word": "ใบเกิด", "meaning": "ใบสูติบัตร"}, status=422)  # whoever adds it did not see it
    assert "แทนด้วย “สูติบัตร” อยู่แล้ว" in await answer.text()
    answer = await desk.post(BASE, {"word": "แก่แล้ว", "meaning": "คนแก่"}, status=422)
    assert "ควรใช้ “ผู้สูงอายุ”" in await answer.text()


async def test_a_word_in_many_answers_is_said_with_examples(town: Town, desk: Desk) -> None:
    await town.publish([entry(f"boat-{number}") for number in range(11)])
    answer = await desk.post(BASE, {"word": "เรือ", "meaning": "ยานพาหนะทางน้ำ"}, status=422)
    text = await answer.text()
    assert "ถ้อยคำของ 11 คำตอบจากที่ดู 11 คำตอบจะเปลี่ยนไป" in text
    assert "ยานพาหนะทางน้ำ" in text
    await desk.post(BASE, {"word": "เรือไททานิก", "meaning": "เรือ"}, status=303)


@pytest.mark.parametrize(("word", "meaning", "words"), [("", "ก", "กรุณาใส่คำที่ประชาชนใช้"), ("ท", "ทะเบียน", "ตัวอักษรเดียว")])
async def test_what_cannot_be_kept_is_said_beside_what_was_typed(
    town: Town, desk: Desk, word: str, meaning: str, words: str
) -> None:
    text = await (await desk.post(BASE, {"word": word, "meaning": meaning}, status=422)).text()
    assert words in text
    assert f'value="{meaning}"' in text
    assert 'aria-invalid="true"' in text


async def test_only_curators_work_on_synonyms(town: Town, console: Callable[..., Any]) -> None:
    officer = await console("officer")
    await officer.get(BASE, status=403)
    await officer.post(BASE, {"word": "ก ข", "meaning": "ค ง"}, status=403)
