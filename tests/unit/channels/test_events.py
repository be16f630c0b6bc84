"""Events that nobody answers, what they change, and what is left of what a citizen takes back."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from channels.group import DECLINED
from channels.inbox import DONE, FAILED, InboxEvent
from conversations import live, outbox
from conversations.content import Choice, Inward, Text
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.outbox import SENT, Outgoing
from conversations.person import ChannelIdentity
from core import clock
from helpdesk import case as cases
from tests.unit.channels.conftest import Path
from tests.unit.channels.test_media import attachments, photo, sent
from tests.unit.helpdesk.conftest import report


def event(name: str, text: str = "", **details: Any) -> Inward:
    return Inward(kind="event", event=name, text=text, details=details)


def text(words: str) -> Inward:
    return Inward(kind="text", text=words)


async def blocked(path: Path) -> bool:
    async with path.database.read() as session:
        return (await session.scalar(select(ChannelIdentity.blocked_at))) is not None


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (event("unfollow"), True),
        (event("leave"), True),
        (event("reaction", "👍"), True),
        (event("reaction"), False),
        (event("standby", "ขอถามหน่อย"), True),
        (event("standby"), False),
        (event("other", "memberJoined"), False),
        (event("accountLink"), False),
        (event("unsend"), False),
    ],
)
async def test_recorded_events_are_not_answered(path: Path, content: Inward, line: bool) -> None:
    path.dispatch()
    conversation = await path.send_in(content, "e1", reference="m1")
    await path.settled_in()
    assert not path.standin.asked
    assert [(author, said["event"]) for author, said in await path.contents(conversation)] == (
        [("citizen", content.event)] if line else []
    )
    async with path.database.read() as session:
        row = (await session.scalars(select(InboxEvent))).one()
        assert (row.state, row.reason) == (DONE, None)
        assert (await session.scalars(select(Conversation.heard_at))).one() is None


@pytest.mark.parametrize("back", [text("กลับมาแล้ว"), event("follow"), event("entry", "report")])
async def test_who_blocked_us_may_come_back(path: Path, back: Inward) -> None:
    path.dispatch()
    await path.send_in(event("unfollow"), "e1")
    await path.settled_in()
    assert await blocked(path)
    await path.send_in(event("reaction", "👍"), "e2")
    await path.settled_in()
    assert await blocked(path)
    await path.send_in(back, "e3")
    await path.settled_in()
    assert not await blocked(path)


async def test_who_unblocks_a_bot_and_presses_start_is_welcomed_once(path: Path) -> None:
    path.dispatch()
    for number in (1, 2):
        conversation = await path.send_in(event("follow"), f"e{number}")
    await path.settled_in()
    assert len(path.standin.asked) == 1
    await path.send_in(text("สวัสดีค่ะ"), "e3")
    await path.send_in(event("follow"), "e4")
    await path.settled_in()
    assert len(path.standin.asked) == 3
    assert conversation


@pytest.mark.parametrize(("words", "theirs"), [("ตอบ: สวัสดี", False), ("", False), ("เจ้าหน้าที่ตอบเองค่ะ", True)])
async def test_an_echo_without_any_mark_is_ours_when_it_says_what_we_just_said(path: Path, words: str, theirs: bool) -> None:
    path.dispatch()
    conversation = await path.send_in(text("สวัสดี"), "e1")
    await path.settled_in()
    await path.send_in(event("echo", words), "e2")
    await path.settled_in()
    authors = [author for author, _ in await path.contents(conversation)]
    assert authors == ["citizen", "bot", *(["staff:inbox"] if theirs else [])]


async def test_an_echo_of_ours_says_that_it_arrived(path: Path) -> None:
    path.dispatch()
    conversation = await path.send_in(text("สวัสดี"), "e1")
    await path.settled_in()
    async with path.database.read() as session:
        ours = (await session.scalars(select(Outgoing.id))).one()
    await path.send_in(event("echo", outbox=ours), "e2")
    await path.settled_in()
    async with path.database.read() as session:
        assert (await session.scalars(select(Outgoing.state))).one() == SENT
    assert len(await path.contents(conversation)) == 2


@pytest.mark.parametrize(("words", "shown"), [("พรุ่งนี้ช่างเข้าค่ะ", "พรุ่งนี้ช่างเข้าค่ะ"), ("", "(ส่งรูปหรือไฟล์จากกล่องข้อความของแพลตฟอร์ม)")])
async def test_what_the_office_wrote_in_the_platforms_inbox_stands_in_the_transcript(path: Path, words: str, shown: str) -> None:
    path.dispatch()
    conversation = await path.send_in(event("echo", words), "e1")
    await path.settled_in()
    ((author, content),) = await path.contents(conversation)
    assert (author, content["text"]) == ("staff:inbox", shown)
    assert not path.standin.asked


async def test_a_group_is_told_once_an_hour_to_write_in_private(path: Path) -> None:
    path.dispatch()
    for number, name in enumerate(["join", "group", "group", "group"]):
        conversation = await path.send_in(event(name, "คำของคนอื่น"), f"e{number}", who="group")
    await path.settled_in()
    assert not path.standin.asked
    assert [content.get("text") for author, content in await path.contents(conversation) if author == "bot"] == [DECLINED.text]
    assert "คำของคนอื่น" not in str(await path.contents(conversation))
    async with path.database.write() as session:
        await session.execute(update(Message).values(at=clock.now() - timedelta(minutes=61)))
    await path.send_in(event("group"), "e9", who="group")
    await path.settled_in()
    assert [author for author, _ in await path.contents(conversation)].count("bot") == 2


async def test_what_is_taken_back_is_gone_from_every_place(path: Path) -> None:
    path.platform.files["p1"] = photo()
    path.dispatch()
    await path.send_in(sent("p1", text="บ้านเลขที่ 9"), "e1", reference="m1")
    conversation = await path.send_in(text("ขอบคุณค่ะ"), "e2", reference="m2")
    await path.settled_in()
    async with path.valkey.pubsub() as screen:
        await screen.subscribe(live.topic(conversation))
        await path.send_in(event("unsend"), "e3", reference="m1")
        await path.settled_in()
        told = [json.loads(said["data"]) for said in await heard(screen)]
    contents = await path.contents(conversation)
    assert contents[0] == ("citizen", {"kind": "event", "event": "unsent"})
    assert contents[2][1]["text"] == "ขอบคุณค่ะ"
    async with path.database.read() as session:
        emptied = (await session.scalars(select(Message).where(Message.sequence == 1))).one()
        assert emptied.understood is None
        row = (await session.scalars(select(InboxEvent).where(InboxEvent.event_id == "e1"))).one()
        assert row.content == {"kind": "event", "event": "unsent"}
    assert {"type": "unsent", "message": emptied.id} in told
    assert not await attachments(path)
    assert list((path.settings.var / "media").iterdir()) == []
    assert path.standin.forgotten == [(conversation, "e1")]


async def heard(screen: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(5):
        while not any('"handled"' in one["data"] for one in found):
            one = await screen.get_message(ignore_subscribe_messages=True, timeout=1)
            found += [one] if one is not None else []
    return found


async def test_the_photo_of_a_case_stays_with_the_case(path: Path) -> None:
    path.platform.files["p1"] = photo()
    path.dispatch()
    conversation = await path.send_in(sent("p1"), "e1", reference="m1")
    await path.settled_in()
    (kept,) = await attachments(path)
    async with path.database.write() as session:
        owner = await session.get_one(Conversation, conversation)
        await cases.open_case(session, **report(owner, photos=[kept.id]))
    await path.send_in(event("unsend"), "e2", reference="m1")
    await path.settled_in()
    assert [one.id for one in await attachments(path)] == [kept.id]
    assert (path.settings.var / "media" / kept.name).is_file()
    assert (await path.contents(conversation))[0] == ("citizen", {"kind": "event", "event": "unsent"})


async def test_an_edited_message_is_said_anew_and_taken_back_with_the_first(path: Path) -> None:
    path.dispatch()
    await path.send_in(text("ไฟดับ"), "e1", reference="m1")
    conversation = await path.send_in(text("ไฟดับสองดวง").model_copy(update={"details": {"edited": True}}), "e2", reference="m1")
    await path.settled_in()
    assert [body["text"] for body in path.standin.asked] == ["ไฟดับ", "ไฟดับสองดวง"]
    await path.send_in(event("unsend"), "e3", reference="m1")
    await path.settled_in()
    assert [content.get("event") for author, content in await path.contents(conversation) if author == "citizen"] == [
        "unsent"
    ] * 2
    assert sorted(path.standin.forgotten) == [(conversation, "e1"), (conversation, "e2")]


async def test_what_is_taken_back_before_it_was_handled_is_never_asked(path: Path) -> None:
    await path.send_in(text("บ้านเลขที่ 9"), "e1", reference="m1")
    await path.send_in(text("สวัสดี"), "e2", reference="m2")
    conversation = await path.send_in(event("unsend"), "e3", reference="m1")
    path.dispatch()
    await path.settled_in()
    assert [body["text"] for body in path.standin.asked] == ["สวัสดี"]
    assert [content.get("event") for _, content in await path.contents(conversation)] == ["unsent", None, None]
    async with path.database.read() as session:
        assert "บ้านเลขที่" not in str(list(await session.scalars(select(InboxEvent.content))))


async def test_the_engine_is_asked_to_forget_until_it_answers(path: Path) -> None:
    path.dispatch()
    conversation = await path.send_in(text("บ้านเลขที่ 9"), "e1", reference="m1")
    await path.settled_in()
    path.standin.fail = 2
    await path.send_in(event("unsend"), "e2", reference="m1")
    await path.settled_in()
    assert path.standin.forgotten == [(conversation, "e1")]
    assert (await path.contents(conversation))[0][1]["event"] == "unsent"


async def test_our_own_store_forgets_even_if_the_engine_never_answers(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.attempt.WITHIN", timedelta(seconds=0))
    path.dispatch()
    conversation = await path.send_in(text("บ้านเลขที่ 9"), "e1", reference="m1")
    await path.settled_in()
    path.standin.fail = 99
    await path.send_in(event("unsend"), "e2", reference="m1")
    await path.settled_in()
    assert (await path.contents(conversation))[0][1]["event"] == "unsent"
    assert [author for author, _ in await path.contents(conversation)] == ["citizen", "bot"]
    async with path.database.read() as session:
        row = (await session.scalars(select(InboxEvent).where(InboxEvent.event_id == "e2"))).one()
    assert (row.state, row.reason) == (FAILED, "status_503")


async def test_nobody_takes_back_what_others_or_we_said(path: Path) -> None:
    path.dispatch()
    other = await path.send_in(text("ของคนอื่น"), "e1", who="somying", reference="m1")
    conversation = await path.send_in(text("สวัสดี"), "e2", reference="m2")
    await path.settled_in()
    async with path.database.write() as session:
        await session.execute(update(Message).where(Message.author == "bot").values(reference="m3"))
    for number in (1, 3):
        await path.send_in(event("unsend"), f"u{number}", reference=f"m{number}")
    await path.settled_in()
    assert "unsent" not in str(await path.contents(other)) + str(await path.contents(conversation))


async def test_a_pressed_button_is_known_by_its_message_and_place(path: Path) -> None:
    conversation = await path.send_in(text("สวัสดี"), "e0")
    async with path.database.write() as session:
        owner = await session.get_one(Conversation, conversation)
        choices = [Choice(title="ใช่", payload="/affirm"), Choice(title="ไฟทาง", payload='/choose_category{"category": "x"}')]
        asked = await outbox.put(session, owner, "bot", Text(text="เรื่องใดคะ", choices=choices), key="k")
    path.dispatch()
    await path.send_in(Inward(kind="choice", details={"choice": f"{asked.id}:1"}), "e1")
    await path.settled_in()
    assert path.standin.asked[-1]["payload"] == choices[1].payload
    (said,) = [content for _, content in await path.contents(conversation) if content.get("kind") == "choice"]
    assert (said["text"], said["payload"]) == ("ไฟทาง", choices[1].payload)
