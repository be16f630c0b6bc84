"""A message's way from the gateway to the outbox, and what may die on it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from channels.engine import Engine, Reply
from channels.handler import APOLOGY
from channels.inbox import FAILED, InboxEvent
from conversations import outbox, ownership
from conversations.content import Inward, Text
from conversations.conversation import Conversation
from conversations.outbox import SENT, STOPPED, Outgoing
from tests.unit.channels.conftest import Path
from tests.valkey import BundledValkey


async def test_a_message_is_answered_and_written_down(path: Path) -> None:
    path.dispatch()
    path.send()
    conversation = await path.say("somchai", "ไฟดับค่ะ", "e1")
    await path.settled()
    assert await path.lines(conversation) == [("citizen", "ไฟดับค่ะ"), ("bot", "ตอบ: ไฟดับค่ะ")]
    async with path.database.read() as session:
        assert (await session.scalar(select(Outgoing.state))) == SENT


async def test_a_repeated_event_is_answered_once(path: Path) -> None:
    path.dispatch()
    path.send()
    await asyncio.gather(*(path.say("somchai", "สวัสดี", "same") for _ in range(8)))
    conversation = await path.say("somchai", "สวัสดี", "same")
    await path.settled()
    assert len(await path.lines(conversation)) == 2
    assert len(path.standin.asked) == 1


async def test_quick_messages_keep_their_order_and_are_not_asked_at_once(path: Path) -> None:
    path.standin.wait = 0.05
    path.dispatch()
    path.send()
    for number in range(12):
        conversation = await path.say("somchai", f"ข้อ {number}", f"e{number}")
    await path.settled()
    lines = await path.lines(conversation)
    assert path.standin.most == 1
    assert lines == [pair for n in range(12) for pair in (("citizen", f"ข้อ {n}"), ("bot", f"ตอบ: ข้อ {n}"))]


async def test_conversations_do_not_wait_for_each_other(path: Path) -> None:
    path.standin.wait = 0.5
    path.dispatch()
    path.send()
    for who in "abcd":
        await path.say(who, "สวัสดี", f"event-{who}")
    await path.settled()
    assert path.standin.most == 4


async def test_a_failing_engine_is_asked_again(path: Path) -> None:
    path.standin.fail = 2
    path.dispatch()
    path.send()
    conversation = await path.say("somchai", "สวัสดี", "e1")
    await path.settled()
    assert await path.lines(conversation) == [("citizen", "สวัสดี"), ("bot", "ตอบ: สวัสดี")]


@pytest.mark.parametrize(("empty", "reason"), [(True, "empty_answer"), (False, "status_503")])
async def test_an_engine_without_an_answer_ends_in_an_apology_and_the_offer_of_a_person(
    path: Path, monkeypatch: pytest.MonkeyPatch, empty: bool, reason: str
) -> None:
    monkeypatch.setattr("channels.attempt.WITHIN", timedelta(seconds=0 if not empty else 60))
    path.standin.empty = empty
    path.standin.fail = 0 if empty else 99
    path.dispatch()
    path.send()
    conversation = await path.say("somchai", "สวัสดี", "e1")
    await path.settled()
    assert (await path.lines(conversation))[-1] == ("bot", APOLOGY.text)
    async with path.database.read() as session:
        row = await session.scalar(select(InboxEvent))
    assert row is not None
    assert (row.state, row.reason) == (FAILED, reason)


class FaultyEngine(Engine):
    """A client with a fault that nobody thought of."""

    async def ask(self, conversation: str, event_id: str, **said: Any) -> Reply:
        if said["text"] == "ตัวเจ้าปัญหา":
            raise ZeroDivisionError
        return await super().ask(conversation, event_id, **said)


async def test_an_event_that_brings_out_a_fault_does_not_hold_its_conversation_for_ever(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.attempt.FIRST_WAIT", 0.01)
    monkeypatch.setattr("tests.unit.channels.conftest.Engine", FaultyEngine)
    path.dispatch()
    await path.say("somchai", "ตัวเจ้าปัญหา", "e1")
    conversation = await path.say("somchai", "สวัสดี", "e2")
    await path.settled_in()
    assert await path.lines(conversation) == [
        ("citizen", "ตัวเจ้าปัญหา"),
        ("bot", APOLOGY.text),
        ("citizen", "สวัสดี"),
        ("bot", "ตอบ: สวัสดี"),
    ]


@pytest.mark.parametrize("media", [["x"], "x", [None, 7], {"id": "x"}])
async def test_files_that_are_named_oddly_do_no_harm(path: Path, media: object) -> None:
    path.dispatch()
    conversation = await path.send_in(Inward(kind="image", details={"media": media, "album": {"id": "a"}}), "e1")
    await path.settled_in()
    assert [author for author, _ in await path.contents(conversation)] == ["citizen", "bot"]


async def test_messages_accepted_while_valkey_is_dead_are_answered(path: Path, bundled: BundledValkey) -> None:
    bundled.kill()
    bundled.empty()
    conversation = await path.say("somchai", "ยังอยู่ไหม", "e1")
    path.dispatch()
    path.send()
    await path.settled()
    assert len(await path.lines(conversation)) == 2


async def test_valkey_emptied_and_back_while_working(path: Path, bundled: BundledValkey) -> None:
    path.dispatch()
    path.send()
    first = await path.say("somchai", "หนึ่ง", "e1")
    await path.settled()
    bundled.kill()
    bundled.empty()
    await bundled.start()
    await path.say("somchai", "สอง", "e2")
    await path.settled()
    assert [text for _, text in await path.lines(first)] == ["หนึ่ง", "ตอบ: หนึ่ง", "สอง", "ตอบ: สอง"]


async def test_a_killed_dispatchers_lease_is_taken_back_at_its_restart(path: Path) -> None:
    path.standin.wait = 5
    path.dispatch()
    path.send()
    conversation = await path.say("somchai", "สวัสดี", "e1")
    await asyncio.sleep(0.5)
    await path.stop("dispatcher-1")  # in the middle of the engine's answer
    async with path.database.write() as session:  # a kill -9 would not have released it
        await session.execute(update(Conversation).values(lease_holder="dispatcher-1"))
    path.standin.wait = 0
    path.dispatch()
    await path.settled(5)
    assert len(await path.lines(conversation)) == 2


async def test_two_dispatchers_share_the_work_without_doubling_it(path: Path) -> None:
    path.dispatch("dispatcher-1")
    path.dispatch("dispatcher-2")
    path.send()
    for number in range(30):
        await path.say(f"citizen-{number % 5}", f"ข้อ {number}", f"e{number}")
    await path.settled()
    assert len(path.standin.asked) == 30
    assert sorted(body["text"] for body in path.standin.asked) == sorted(f"ข้อ {n}" for n in range(30))


async def test_while_a_person_owns_the_conversation_the_bot_is_silent(path: Path) -> None:
    path.dispatch()
    path.send()
    conversation = await path.say("somchai", "สวัสดี", "e1")
    await path.settled()
    async with path.database.write() as session:
        assert await ownership.change(session, conversation, "bot", "staff:officer", actor="staff:officer")
    await path.say("somchai", "ยังอยู่ไหมคะ", "e2")
    await path.settled()
    assert (await path.lines(conversation))[-1] == ("citizen", "ยังอยู่ไหมคะ")


async def test_a_sentence_of_the_bot_does_not_leave_after_a_person_took_over(path: Path) -> None:
    path.dispatch()
    conversation = await path.say("somchai", "สวัสดี", "e1")
    async with asyncio.timeout(10):
        while len(await path.lines(conversation)) < 2:
            await asyncio.sleep(0.02)
    async with path.database.write() as session:
        assert await ownership.change(session, conversation, "bot", "staff:officer", actor="staff:officer")
        assert not await ownership.change(session, conversation, "bot", "staff:other", actor="staff:other")
    path.send()
    await path.settled()
    async with path.database.read() as session:
        row = await session.scalar(select(Outgoing))
    assert row is not None
    assert row.state == STOPPED


async def test_a_notice_leaves_whoever_owns_the_conversation_and_only_once(path: Path) -> None:
    path.dispatch()
    path.send()
    conversation_id = await path.say("somchai", "สวัสดี", "e1")
    await path.settled()
    async with path.database.write() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        await outbox.put(session, conversation, "system", Text(text="รับเรื่องแล้วค่ะ"), key="case:1:accepted")
    await path.settled()
    assert (await path.lines(conversation_id))[-1] == ("system", "รับเรื่องแล้วค่ะ")
