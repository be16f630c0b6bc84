"""Search: answers, offers, honest noes, follow-ups, and changes that are live within a second."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.database import Database
from knowledge_base import faq
from knowledge_base import search as searching
from knowledge_base.answer import display
from knowledge_base.encoder import Vectors
from knowledge_base.search import Search
from tests.unit.knowledge_base.conftest import MakeSearch
from tests.unit.knowledge_base.samples import SECOND, STAFF, entry

CONTEXT = "id-card-lost"
LOST = "บัตรประชาชนหายค่ะ"


async def published(database: Database, **changes: object) -> None:
    async with database.write() as session:
        await faq.save(session, entry(**changes), STAFF, seen=None)
        await faq.publish(session, "boat-licence", SECOND, seen=1)


async def top(search: Search, text: str, **options: str) -> tuple[str, str | None]:
    found = await search.find(text, **options)
    return found.decision, found.results[0].id if found.results else None


@pytest.mark.parametrize(
    ("text", "faq_id"),
    [
        ("บัตร ปชช หาย ทำไงดีค่ะ", "id-card-lost"),
        ("พาสปอตจะหมดอายุแล้วอ่ะ", "passport-renewal"),
        ("ต่อภาษีรดต้องใช้อะไรบ้าง", "vehicle-tax"),
        ("เบี้ยผุ้สูงอายุลงทะเบียนที่ไหน", "elderly-allowance"),
        ("lost my id card", "id-card-lost"),
        ("I have to renew my driving license", "driving-licence-renewal"),
    ],
)
async def test_colloquial_mistyped_and_english_questions(
    seeded: Database, make_search: MakeSearch, dense: bool, text: str, faq_id: str
) -> None:
    search = await make_search(seeded, dense=dense)
    assert await top(search, text) == ("answer", faq_id)


async def test_without_meaning_it_still_answers(seeded: Database, make_search: MakeSearch) -> None:
    search = await make_search(seeded, dense=False)
    assert await top(search, "เงินผู้สูงอายุได้เดือนละเท่าไหร่") == ("answer", "elderly-allowance")
    assert (await top(search, LOST))[1] == (await top(search, "lost id card"))[1] == "id-card-lost"
    assert (await top(search, "ใครชนะบอลเมื่อคืน"))[0] == "none"


async def test_a_question_in_the_curators_own_words_is_answered(seeded: Database, make_search: MakeSearch) -> None:
    search = await make_search(seeded)
    async with seeded.read() as session:
        for one in await faq.live_entries(session):
            assert await top(search, one.question.th) == ("answer", one.id)
            assert await top(search, one.question.en) == ("answer", one.id)


async def test_results_and_candidates(seeded: Database, make_search: MakeSearch) -> None:
    search = await make_search(seeded)
    found = await search.find("ทำบัตรใหม่", limit=2)
    assert found.decision == "suggest"
    assert len(found.results) == 2
    assert len(found.candidates) == 5
    scores = [hit.score for hit in found.candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    nothing = await search.find("ใครชนะบอลเมื่อคืน")
    assert (nothing.decision, nothing.results) == ("none", ())
    assert nothing.candidates


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("แล้วเสียค่าใช้จ่ายเท่าไหร่", "fee"),
        ("ใช้เอกสารอะไรบ้าง", "documents"),
        ("ไปที่ไหน", "where"),
        ("เปิดวันเสาร์ไหมคะ", "hours"),
        ("กี่วันได้", "time"),
        ("ขั้นตอนเป็นยังไง", "steps"),
        ("แล้วค่าทำบัตรใหม่กี่บาท", "fee"),
        ("how much does it cost?", "fee"),
    ],
)
async def test_a_follow_up_gets_the_part_it_asks_for(seeded: Database, make_search: MakeSearch, text: str, part: str) -> None:
    search = await make_search(seeded)
    found = await search.find(text, context_faq=CONTEXT)
    assert (found.decision, found.results[0].id, found.results[0].part) == ("answer", CONTEXT, part)


@pytest.mark.parametrize(
    ("text", "faq_id"),
    [
        ("แล้วต่อภาษีรถใช้เอกสารอะไรบ้าง", "vehicle-tax"),
        ("ทำพาสปอร์ตเล่มแรกกี่บาท", "passport-new"),
        ("ใบขับขี่หายล่ะ เสียเท่าไหร่", "driving-licence-lost"),
    ],
)
async def test_a_new_subject_leaves_the_context(seeded: Database, make_search: MakeSearch, text: str, faq_id: str) -> None:
    search = await make_search(seeded)
    found = await search.find(text, context_faq=CONTEXT)
    assert (found.results[0].id, found.results[0].part) == (faq_id, None)


@pytest.mark.parametrize("context", [None, "no-such-faq"])
async def test_a_follow_up_to_nothing_is_not_guessed_at(seeded: Database, make_search: MakeSearch, context: str | None) -> None:
    search = await make_search(seeded)
    for text in ("ใช้เอกสารอะไรบ้าง", "กี่บาทคะ", "ไปที่ไหน"):
        assert (await search.find(text, context_faq=context)).decision == "none"


ODD = [
    "",
    " ",
    "😀😀",
    "???",
    "\0",
    "\ud800",
    "ก" * 10_000,
    "a" * 10_000,
    "บัตรหาย " * 2_000,
    "่่่่",
    "\u200b",
    "1",
    "'; drop table faq; --",
]


async def test_odd_text_finds_nothing_and_never_raises(seeded: Database, make_search: MakeSearch, dense: bool) -> None:
    for search in (await make_search(seeded, dense=False), await make_search(seeded, dense=dense)):
        for text in ODD:
            for context in (None, CONTEXT):
                began = time.monotonic()
                found = await search.find(text, context_faq=context)
                assert found.decision in ("none", "suggest") or "บัตรหาย" in text
                assert time.monotonic() - began < 5


async def test_any_text_is_taken(seeded: Database, make_search: MakeSearch) -> None:
    search = await make_search(seeded)
    loop = asyncio.get_running_loop()

    @given(st.text(max_size=200))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def check(text: str) -> None:
        asyncio.run_coroutine_threadsafe(search.find(text, context_faq=CONTEXT), loop).result(10)

    await asyncio.to_thread(check)


async def test_an_empty_knowledge_base_finds_nothing(database: Database, make_search: MakeSearch, dense: bool) -> None:
    for search in (await make_search(database, dense=False), await make_search(database, dense=dense)):
        found = await search.find("บัตรหาย")
        assert (found.decision, found.results, found.candidates) == ("none", (), ())


async def test_a_single_faq_can_be_found(database: Database, make_search: MakeSearch, dense: bool) -> None:
    await published(database)
    for search in (await make_search(database, dense=False), await make_search(database, dense=dense)):
        assert await top(search, "อยากจดทะเบียนเรือหาปลา") == ("answer", "boat-licence")


async def test_markup_stays_text(database: Database, make_search: MakeSearch) -> None:
    attack = "<script>alert('บัตร')</script> & <b>เรือ</b>"
    await published(database, summary={"th": attack, "en": attack}, steps=[attack], fee=attack)
    found = await (await make_search(database)).find("อยากจดทะเบียนเรือหาปลา")
    assert found.results[0].summary == attack
    shown = display(found.results[0])
    assert [shown.summary, *(part.text for part in shown.sections)].count(attack) == 3


async def test_a_published_change_is_found_within_a_second_by_every_process(
    seeded: Database, make_search: MakeSearch, dense: bool, tmp_path: Path
) -> None:
    elsewhere = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    searches = [await make_search(seeded, dense=dense), await make_search(elsewhere, dense=dense)]
    for search in searches:
        assert (await top(search, "อยากจดทะเบียนเรือหาปลา"))[1] != "boat-licence"
    await published(seeded)
    await asyncio.sleep(searching.CHECK_SECONDS)
    for search in searches:
        assert await top(search, "อยากจดทะเบียนเรือหาปลา") == ("answer", "boat-licence")
    await elsewhere.close()


async def test_a_switched_off_answer_is_gone_within_a_second_everywhere(
    seeded: Database, make_search: MakeSearch, tmp_path: Path
) -> None:
    elsewhere = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    searches = [await make_search(seeded), await make_search(elsewhere)]
    async with seeded.write() as session:
        await faq.switch(session, CONTEXT, STAFF, on=False)
    await asyncio.sleep(searching.CHECK_SECONDS)
    for search in searches:
        found = await search.find(LOST)
        assert CONTEXT not in [hit.id for hit in found.candidates]
        assert await search.get(CONTEXT) is None
        assert (await search.find("กี่บาท", context_faq=CONTEXT)).decision == "none"
    async with elsewhere.write() as session:
        await faq.switch(session, CONTEXT, STAFF, on=True)
    await asyncio.sleep(searching.CHECK_SECONDS)
    for search in searches:
        assert (await top(search, LOST))[1] == CONTEXT
    await elsewhere.close()


async def test_a_button_gets_its_faq(seeded: Database, make_search: MakeSearch) -> None:
    search = await make_search(seeded)
    found = await search.get("garbage-fee", "fee")
    assert found is not None
    assert (found.id, found.part, found.score) == ("garbage-fee", "fee", 1.0)
    assert await search.get("no-such-faq") is None


class Slow:
    """An encoder that takes its time, or fails once."""

    name = "slow-1"

    def __init__(self, seconds: float, failures: int = 0) -> None:
        self.seconds, self.failures = seconds, failures

    def encode(self, texts: Sequence[str]) -> Vectors:
        time.sleep(self.seconds)
        if self.failures:
            self.failures -= 1
            raise MemoryError
        return np.full((len(texts), 4), 0.5, dtype=np.float32)


async def test_building_does_not_hold_up_the_event_loop(
    seeded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "open_encoder", lambda dense: Slow(0.1))
    search = Search(seeded, searching.Settings(var=tmp_path / "var", dense=True))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.02)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await search.ready()
    ticking.cancel()
    await search.close()
    assert ticks > 20


async def test_a_long_build_answers_without_meaning_first(
    seeded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "open_encoder", lambda dense: Slow(8.0))
    search = Search(seeded, searching.Settings(var=tmp_path / "var", dense=True))
    began = time.monotonic()
    assert (await top(search, LOST))[1] == CONTEXT
    assert time.monotonic() - began < 7
    await search.close()


async def test_a_change_does_not_wait_for_a_long_encoding(
    seeded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "open_encoder", lambda dense: Slow(1.0))  # for each of some forty pieces
    search = Search(seeded, searching.Settings(var=tmp_path / "var", dense=True))
    boat = "อยากจดทะเบียนเรือหาปลา"
    assert (await top(search, boat))[1] != "boat-licence"
    await published(seeded)
    async with asyncio.timeout(6):
        while await top(search, boat) != ("answer", "boat-licence"):
            await asyncio.sleep(0.1)
    await search.close()


async def test_a_failed_build_is_tried_again(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await published(database)
    monkeypatch.setattr(searching, "open_encoder", lambda dense: Slow(0, failures=1))
    search = Search(database, searching.Settings(var=tmp_path / "var", dense=True))
    with pytest.raises(MemoryError):
        await search.ready()
    await search.ready()
    assert await top(search, "อยากจดทะเบียนเรือหาปลา") == ("answer", "boat-licence")
    await search.close()
