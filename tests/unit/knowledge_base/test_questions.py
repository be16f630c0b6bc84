"""Questions kept for the curators, and thumbs."""

import asyncio
import time
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from core.database import Database
from knowledge_base import counter, questions
from knowledge_base.hit import hit
from knowledge_base.questions import QuestionCount, Reason, UnansweredQuestion, question_key
from tests.unit.knowledge_base.samples import entry


async def record(database: Database, text: str, reason: Reason = "none") -> None:
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


async def groups(database: Database) -> list[set[str]]:
    """The texts of each group, the first group first."""
    found: dict[str | None, set[str]] = {}
    for row in await rows(database):
        found.setdefault(row.group, set()).add(row.text)
    return list(found.values())


async def test_a_telephone_number_a_citizen_number_and_a_name_are_not_kept(database: Database) -> None:
    await record(database, "ดิฉันนางสาวมาลี ใจดี เลขบัตร 1-1017-00230-70-8 โทร ๐๘๑-๒๓๔-๕๖๗๘ เงินช่วยเหลือไม่เข้า")
    (row,) = await rows(database)
    assert row.text == "ดิฉันนางสาว[ชื่อ] เลขบัตร [เลขประชาชน] โทร [เบอร์โทร] เงินช่วยเหลือไม่เข้า"


async def test_nearly_the_same_words_are_one_group(database: Database) -> None:
    elephants = ["เลี้ยงช้างในบ้านได้ไหม", "ขอถามหน่อยค่ะ เลี้ยงช้างไว้ในบ้านได้มั้ยคะ", "เลี้ยงชางในบ้านได้ไหม"]
    for text in (*elephants, "เลี้ยงม้าในบ้านได้ไหม", "แบบ ภ.ง.ด.90", "แบบ ภ.ง.ด.91"):
        await record(database, text)
    assert await groups(database) == [set(elephants), {"เลี้ยงม้าในบ้านได้ไหม"}, {"แบบ ภ.ง.ด.90"}, {"แบบ ภ.ง.ด.91"}]


async def counts(database: Database) -> dict[tuple[str, str], int]:
    async with database.read() as session:
        found = (await session.scalars(select(QuestionCount))).all()
    assert {row.day for row in found} <= {counter.today()}
    return {(row.channel, row.reason): row.times for row in found}


async def test_each_day_channel_and_reason_is_counted(database: Database) -> None:
    async with database.write() as session:
        for channel, reason in (("line", "none"), ("line", "none"), ("web", "none"), ("web", "unhelpful")):
            await questions.record(session, "อยากเลี้ยงช้าง", reason, channel)
    assert await counts(database) == {("line", "none"): 2, ("web", "none"): 1, ("web", "unhelpful"): 1}
    assert [row.count for row in await rows(database)] == [4]


async def test_a_count_can_be_taken_back_but_never_below_nothing(database: Database) -> None:
    async with database.write() as session:
        await questions.record(session, "อยากเลี้ยงช้าง", "unsure", "web")
        assert await questions.take_back(session, "อยากเลี้ยงช้างค่ะ", "unsure", "web")
        assert not await questions.take_back(session, "อยากเลี้ยงช้าง", "unsure", "web")
        assert not await questions.take_back(session, "อยากเลี้ยงม้า", "unsure", "web")
    assert await counts(database) == {("web", "unsure"): 0}
    assert [row.count for row in await rows(database)] == [0]


@pytest.mark.parametrize(
    ("state", "reason", "then"),
    [("done", "none", "new"), ("done", "unhelpful", "new"), ("done", "unsure", "done"), ("ignored", "none", "ignored")],
)
async def test_only_what_was_done_comes_back(database: Database, state: str, reason: Reason, then: str) -> None:
    await record(database, "เลี้ยงช้างในบ้านได้ไหม")
    async with database.write() as session:
        await session.execute(update(UnansweredQuestion).values(state=state, faq_id="elephants"))
    await record(database, "เลี้ยงชางในบ้านได้ไหม", reason)
    first, _ = await rows(database)
    assert (first.state, first.faq_id) == (then, "elephants")


async def test_recording_stays_quick_among_twenty_thousand(database: Database) -> None:
    texts = [
        f"ขอทำเรื่อง{chr(0x0E01 + n % 40)}{chr(0x0E01 + n // 40 % 40)}{chr(0x0E01 + n // 1600 % 40)} ที่เทศบาลยังไง"
        for n in range(20_000)
    ]
    fresh = {"reason": "none", "channel": "web", "candidates": [], "count": 1, "state": "new"}
    many = [{"id": f"unq_{n:05}", "group": f"unq_{n:05}", "key": str(n), "text": text, **fresh} for n, text in enumerate(texts)]
    async with database.write() as session:
        await session.execute(insert(UnansweredQuestion), many)
    took = []
    for number in range(15):
        began = time.perf_counter()
        await record(database, f"ขอเช่าเต็นท์งานบุญแบบที่ {chr(0x0E01 + number)}{chr(0x0E21 + number)} ของเทศบาลได้ไหม")
        took.append(time.perf_counter() - began)
    assert sorted(took)[len(took) // 2] < 0.1  # some 10 ms on an idle machine
