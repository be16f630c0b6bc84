"""Questions kept for the curators, and thumbs."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from core.database import Database
from knowledge_base import questions
from knowledge_base.hit import hit
from knowledge_base.questions import UnansweredQuestion, question_key
from tests.unit.knowledge_base.samples import entry


async def record(database: Database, text: str, reason: str = "none") -> None:
    async with database.write() as session:
        await questions.record(session, text, reason, "line", [hit(entry(), 0.2)])


async def rows(database: Database) -> list[UnansweredQuestion]:
    async with database.read() as session:
        return list((await session.scalars(select(UnansweredQuestion).order_by(UnansweredQuestion.first_at))).all())


async def test_a_question_is_kept_masked_and_new(database: Database) -> None:
    await record(database, "นายสมชาย ใจดี อยากเลี้ยงช้าง โทร 081-234-5678")
    (row,) = await rows(database)
    assert row.text == "นาย[ชื่อ] อยากเลี้ยงช้าง โทร [เบอร์โทร]"
    assert (row.state, row.reason, row.channel, row.count) == ("new", "none", "line", 1)
    assert row.candidates == [{"id": "boat-licence", "score": 0.2}]


async def test_near_identical_ones_are_counted_up(database: Database) -> None:
    for text in ("อยากเลี้ยงช้าง", "อยากเลี้ยงช้างค่ะ", "อยาก เลี้ยงช้างงงง ครับ!!", "อยากเลี้ยงช้าง นะคะ 😀"):
        await record(database, text)
    await record(database, "อยากเลี้ยงม้า")
    elephant, horse = await rows(database)
    assert (elephant.text, elephant.count, horse.count) == ("อยากเลี้ยงช้าง", 4, 1)
    assert elephant.last_at > elephant.first_at


async def test_two_people_s_numbers_do_not_make_two_questions(database: Database) -> None:
    await record(database, "เบอร์ 081-234-5678 เงินไม่เข้า")
    await record(database, "เบอร์ 089-999-0000 เงินไม่เข้า")
    assert [row.count for row in await rows(database)] == [2]


async def test_the_same_question_at_the_same_moment(database: Database, tmp_path: Path) -> None:
    others = [Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}") for _ in range(4)]
    await asyncio.gather(*(record(own, "อยากเลี้ยงช้าง") for own in others for _ in range(5)))
    for own in others:
        await own.close()
    assert [row.count for row in await rows(database)] == [20]


@pytest.mark.parametrize("text", ["", "😀😀", "???", "\0"])
async def test_what_says_nothing_is_not_kept(database: Database, text: str) -> None:
    await record(database, text)
    assert await rows(database) == []


async def test_long_and_broken_text_is_kept_cut(database: Database) -> None:
    await record(database, "เลี้ยงช้าง\ud800" * 2000)
    (row,) = await rows(database)
    assert len(row.text) <= questions.LONGEST


def test_keys_keep_the_marks_that_tell_words_apart() -> None:
    assert question_key("ไม่ใช้บัตร") != question_key("ไม่ใช่บัตร")
    assert question_key("บัตรหาย ทำไงคะ?") == question_key("บัตรหายทำไง")
    assert question_key("ครับ") != ""


async def test_a_thumb_counts_once_per_key(seeded: Database) -> None:
    async def press(yes: bool, key: str, faq_id: str = "id-card-lost") -> bool:
        async with seeded.write() as session:
            return await questions.helpful(session, faq_id, yes, key)

    assert await press(True, "ev1")
    assert not await press(False, "ev1")
    assert await press(False, "ev2")
    assert await press(True, "ev3")
    assert not await press(True, "ev4", "no-such-faq")
    async with seeded.read() as session:
        assert await questions.thumbs(session, "id-card-lost") == (2, 1)
        assert await questions.thumbs(session, "id-card-renewal") == (0, 0)
