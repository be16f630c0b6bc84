"""What citizens write while they wait for a person, and while a person has their talk."""

from typing import Any

import pytest
from sqlalchemy import select

from channels import queued
from conversations import handover, waiting
from conversations.content import Inward
from conversations.conversation import Conversation
from conversations.waiting import Waiting
from tests.unit.channels.conftest import Path


async def put_through(path: Path, event: str = "e1") -> str:
    """A citizen who has been put into the queue by an event that was answered."""
    conversation = await path.say("somchai", "สวัสดี", event)
    await path.settled()
    async with path.database.write() as session:
        assert await handover.ask(session, conversation, "e-asked", reason=waiting.ASKED, actor="citizen:x")
    return conversation


async def owner(path: Path) -> str:
    async with path.database.read() as session:
        return str(await session.scalar(select(Conversation.owner)))


@pytest.fixture
async def working(path: Path) -> Path:
    path.dispatch()
    path.send()
    return path


async def test_who_writes_while_waiting_is_told_once_how_it_stands(working: Path) -> None:
    conversation = await put_through(working)
    await working.say("somchai", "น้ำไม่ไหลค่ะ", "e2")
    await working.say("somchai", "ตั้งแต่เช้า", "e3")
    await working.settled()
    said = (await working.lines(conversation))[2:]
    assert [author for author, _ in said] == ["citizen", "system", "citizen"]
    assert "คิวที่ 1" in said[1][1]
    assert [one["text"] for one in working.standin.asked] == ["สวัสดี"]  # the bot is silent


async def test_who_writes_of_an_emergency_while_waiting_is_told_whom_to_call(working: Path) -> None:
    conversation = await put_through(working)
    for event, words in (("e2", "พ่อหมดสติค่ะ"), ("e3", "ไฟไหม้บ้านข้างๆ ด้วย"), ("e4", "ซอยสุขใจ 5")):
        await working.say("somchai", words, event)
    await working.settled()
    said = [words for author, words in await working.lines(conversation) if author == "system"]
    assert ["1669" in words for words in said] == [True, True, False]
    assert await owner(working) == "queue"


@pytest.mark.parametrize("words", ["ยกเลิก", "คุยกับบอทต่อค่ะ", "ขอยกเลิกคิวค่ะ"])
async def test_a_word_leaves_the_queue(working: Path, words: str) -> None:
    conversation = await put_through(working)
    await working.say("somchai", words, "e2")
    await working.settled()
    assert await owner(working) == "bot"
    assert "ออกจากคิวแล้ว" in (await working.lines(conversation))[-1][1]
    await working.say("somchai", "ขอบคุณ", "e3")
    await working.settled()
    assert (await working.lines(conversation))[-1] == ("bot", "ตอบ: ขอบคุณ")


async def test_the_button_leaves_the_queue(working: Path) -> None:
    conversation = await put_through(working)
    await working.say("somchai", "อยู่ไหม", "e2")
    await working.settled()
    await working.say("somchai", "คุยกับผู้ช่วยอัตโนมัติต่อ", "e3")  # LINE on a computer sends a button's title
    await working.settled()
    assert await owner(working) == "bot"
    assert "ออกจากคิวแล้ว" in (await working.lines(conversation))[-1][1]


@pytest.mark.parametrize("words", ["ยกเลิกการจองยังไงคะ", "บอทนี้ดีมาก", "ไม่รอดแน่", ""])
def test_other_words_do_not_leave_it(words: str) -> None:
    assert not queued.is_stop(words)


async def test_who_has_left_word_for_a_person_is_not_answered_any_more_by_the_queue(working: Path) -> None:
    conversation = await put_through(working)
    async with working.database.write() as session:
        await handover.take(session, conversation, actor="staff:stf_a")
    await working.say("somchai", "ยกเลิก", "e2")
    await working.settled()
    assert await owner(working) == "staff:stf_a"
    assert (await working.lines(conversation))[-1] == ("citizen", "ยกเลิก")


async def test_what_the_bot_says_when_it_hands_over_still_leaves(working: Path) -> None:
    """The engine's action puts the talk into the queue while the event is handled."""

    async def hand_over(body: dict[str, Any]) -> None:
        async with working.database.write() as session:
            event = body["event_id"]
            await handover.ask(session, body["conversation"], event, reason=waiting.ASKED, actor="citizen:x")

    working.standin.acting = hand_over
    conversation = await working.say("somchai", "ขอคุยกับคน", "e1")
    await working.settled()
    assert await owner(working) == "queue"
    assert (await working.lines(conversation))[-1] == ("bot", "ตอบ: ขอคุยกับคน")
    async with working.database.read() as session:
        states = (await session.scalars(select(Waiting.event_id))).all()
    assert states == ["e1"]


async def test_a_handover_whose_answer_was_lost_is_answered_when_the_event_comes_again(path: Path) -> None:
    conversation = await path.say("somchai", "ขอคุยกับคน", "e1")  # handled by nobody yet
    async with path.database.write() as session:
        await handover.ask(session, conversation, "e1", reason=waiting.ASKED, actor="citizen:x")
    path.dispatch()
    path.send()
    await path.settled()
    assert (await path.lines(conversation))[-1] == ("bot", "ตอบ: ขอคุยกับคน")


async def test_the_button_for_a_person_works_while_the_engine_is_away(working: Path) -> None:
    working.standin.fail = 1000
    pressed = Inward(kind="choice", text="ขอคุยกับเจ้าหน้าที่", payload="/talk_to_human")
    conversation = await working.send_in(pressed, "e1")
    await working.settled()
    assert await owner(working) == "queue"
    async with working.database.read() as session:
        wait = (await session.scalars(select(Waiting))).one()
    assert (wait.reason, wait.event_id) == (waiting.FAILED, "e1")
    said = await working.lines(conversation)
    assert [author for author, _ in said] == ["citizen", "system"]
    assert "คิวที่ 1" in said[1][1]
