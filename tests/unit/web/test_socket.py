import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError
from sqlalchemy import func, select, update

from channels.inbox import InboxEvent
from channels.web import session
from conversations import conversation as conversations
from conversations import handover, outbox
from conversations.content import Text
from conversations.outbox import STOPPED, Outgoing
from tests.unit.web.town import Town
from web.chat import socket as sockets

Visit = Callable[..., Any]


async def test_a_stranger_gets_a_token_and_nothing_is_stored(town: Town, visit: Visit) -> None:
    visitor = await visit()
    assert session.valid(visitor.token)
    assert visitor.welcome == {"type": "welcome", "token": visitor.token, "conversation": None, "messages": [], "waiting": []}
    async with town.database.read() as rows:
        assert await conversations.find(rows, "web", "default", session.external_id(visitor.token)) is None


async def test_a_message_is_accepted_shown_and_answered(town: Town, visit: Visit) -> None:
    town.work()
    visitor = await visit()
    await visitor.say("สวัสดี", "event-0001")
    assert await visitor.until("accepted") == {"type": "accepted", "id": "event-0001"}
    own = (await visitor.until("message"))["message"]
    assert (own["author"], own["event_id"], own["content"]["text"], own["sequence"]) == ("citizen", "event-0001", "สวัสดี", 1)
    answer = await visitor.answer()
    assert (answer["author"], answer["event_id"], answer["sequence"]) == ("bot", "event-0001", 2)


async def test_sending_again_changes_nothing(town: Town, visit: Visit) -> None:
    town.work()
    visitor = await visit()
    for _ in range(3):
        await visitor.say("สวัสดี", "event-0001")
        await visitor.until("accepted")
    await visitor.answer()
    async with town.database.read() as rows:
        assert await rows.scalar(select(func.count()).select_from(InboxEvent)) == 1


async def test_a_reload_shows_everything_and_a_reconnect_what_was_missed(town: Town, visit: Visit) -> None:
    town.work()
    visitor = await visit()
    for number in range(3):
        await visitor.say(f"ข้อ {number}", f"event-000{number}")
        await visitor.answer()
    again = await visit(visitor.token)
    assert [message["sequence"] for message in again.welcome["messages"]] == [1, 2, 3, 4, 5, 6]
    gap = await visit(visitor.token, after=4)
    assert [message["sequence"] for message in gap.welcome["messages"]] == [5, 6]


async def test_what_waits_is_shown_after_a_reload(town: Town, visit: Visit) -> None:
    visitor = await visit()
    await visitor.say("ยังไม่มีใครตอบ", "event-0001")
    await visitor.until("accepted")
    again = await visit(visitor.token)
    assert [(one["id"], one["content"]["text"]) for one in again.welcome["waiting"]] == [("event-0001", "ยังไม่มีใครตอบ")]


async def test_all_tabs_of_a_visitor_are_live(town: Town, visit: Visit) -> None:
    town.work()
    first = await visit()
    second = await visit(first.token)  # opened before the first word: it must find the conversation later
    await first.say("สวัสดี")
    assert (await first.answer())["id"] == (await second.answer())["id"]


async def test_another_visitor_sees_nothing(town: Town, visit: Visit) -> None:
    town.work()
    one, other = await visit(), await visit()
    await one.say("ความลับ")
    await one.answer()
    with pytest.raises(TimeoutError):
        await other.until("message", 3)


async def test_messages_come_while_valkey_is_dead(town: Town, visit: Visit) -> None:
    town.work()
    visitor = await visit()
    await visitor.say("ก่อน", "event-0001")
    await visitor.answer()
    town.bundled.kill()
    await visitor.say("ระหว่าง", "event-0002")
    assert (await visitor.answer(15))["content"]["text"] == "รับทราบค่ะ: ระหว่าง"
    await town.bundled.start()


async def test_a_fast_writer_is_told_to_wait_and_nothing_is_lost(town: Town, http: ClientSession, made: Any) -> None:
    client = await made(citizen_rate="2/minute")
    socket = await client.ws_connect("/chat/socket")
    await socket.send_json({"type": "hello", "token": None, "after": 0})
    await socket.receive_json()
    for number in range(3):
        await socket.send_json({"type": "send", "id": f"event-000{number}", "kind": "text", "text": "เร็ว"})
    kinds = {}
    while len(kinds) < 3:
        frame = await socket.receive_json()
        if frame["type"] in {"accepted", "error"}:
            kinds[frame["id"]] = frame
    refused = kinds["event-0002"]
    assert (refused["code"], refused["after"] >= 1) == ("slow_down", True)
    assert "ถี่เกินไป" in refused["message"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"type": "send", "id": "event-0001", "kind": "text", "text": "ก" * 4001}, "too_long"),
        ({"type": "send", "id": "event-0001", "kind": "text", "text": "  "}, "empty"),
        ({"type": "send", "id": "short", "kind": "text", "text": "ก"}, "malformed"),
        ({"type": "send", "id": "event-0001", "kind": "rm"}, "malformed"),
        ({"type": "send", "id": "event-0001", "kind": "location", "position": {"latitude": 999, "longitude": 0}}, "malformed"),
        ({"type": "send", "id": ["event"], "kind": "text", "text": "ก"}, "malformed"),
        ({"type": "send", "id": "event-0001", "kind": "image", "attachments": ["att_of_somebody_else"]}, "unknown_file"),
    ],
)
async def test_what_cannot_be_taken_is_named(visit: Visit, frame: dict[str, Any], code: str) -> None:
    visitor = await visit()
    await visitor.socket.send_str(json.dumps(frame))
    assert (await visitor.until("error"))["code"] == code


async def test_half_an_emoji_is_taken_as_far_as_it_goes(town: Town, visit: Visit) -> None:
    town.work()
    visitor = await visit()
    await visitor.say("ขอบคุณค่ะ \ud83d")
    assert (await visitor.answer())["content"]["text"] == "รับทราบค่ะ: ขอบคุณค่ะ ?"


@pytest.mark.parametrize("text", ["", "null", "[]", '"hello"', "{", "[" * 20_000, '{"type": 1}'])
async def test_a_broken_frame_ends_nothing(visit: Visit, text: str) -> None:
    visitor = await visit()
    await visitor.socket.send_str(text)
    assert (await visitor.until("error"))["code"] == "malformed"
    await visitor.say("ยังใช้ได้")
    await visitor.until("accepted")


async def test_the_first_frame_must_be_hello(http: ClientSession) -> None:
    async with http.ws_connect("/chat/socket") as socket:
        await socket.send_json({"type": "send", "id": "event-0001", "kind": "text", "text": "ก"})
        message = await socket.receive(timeout=5)
        assert (message.type, socket.close_code) == (WSMsgType.CLOSE, 1008)


async def test_a_giant_frame_closes_the_socket_only(visit: Visit) -> None:
    visitor = await visit()
    await visitor.socket.send_str("x" * 100_000)
    message = await visitor.socket.receive(timeout=5)
    assert message.type in {WSMsgType.CLOSE, WSMsgType.CLOSED}
    assert (await visit()).token


async def test_one_address_may_not_open_sockets_without_end(http: ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MOST", 2)
    opened = [await http.ws_connect("/chat/socket") for _ in range(2)]
    with pytest.raises(WSServerHandshakeError) as refused:
        await http.ws_connect("/chat/socket")
    assert refused.value.status == 429
    await opened[0].close()
    await asyncio.sleep(0.2)
    await (await http.ws_connect("/chat/socket")).close()
    await opened[1].close()


async def test_who_of_the_staff_wrote_stays_inside(town: Town, visit: Visit) -> None:
    town.work()
    visitor = await visit()
    await visitor.say("สวัสดี")
    await visitor.answer()
    async with town.database.write() as rows:
        owner = await conversations.find(rows, "web", "default", session.external_id(visitor.token))
        await handover.take(rows, owner.id, actor="staff:somchai", expected="bot")
        await handover.say(rows, owner.id, Text(text="เจ้าหน้าที่ค่ะ"), actor="staff:somchai", key="k1")
    taken = await visitor.answer(10)
    assert taken["author"] == "system"
    said = await visitor.answer(10)
    assert said["author"] == "staff"
    assert "somchai" not in json.dumps(said)
    again = await visit(visitor.token)
    assert "somchai" not in json.dumps(again.welcome)


async def test_what_was_stopped_was_never_said(town: Town, visit: Visit) -> None:
    town.work()
    visitor = await visit()
    await visitor.say("สวัสดี")
    await visitor.answer()
    await town.rest()
    async with town.database.write() as rows:
        owner = await conversations.find(rows, "web", "default", session.external_id(visitor.token))
        await outbox.put(rows, owner, "bot", Text(text="ไม่ควรเห็น"), key="k1")
        await rows.execute(update(Outgoing).where(Outgoing.key == "k1").values(state=STOPPED))
    again = await visit(visitor.token)
    assert "ไม่ควรเห็น" not in json.dumps(again.welcome, ensure_ascii=False)


async def test_earlier_messages_come_when_asked_for(town: Town, visit: Visit) -> None:
    town.work()
    visitor = await visit()
    await visitor.say("สวัสดี")
    await visitor.answer()
    await visitor.socket.send_json({"type": "earlier", "before": 2})
    assert [message["sequence"] for message in (await visitor.until("earlier"))["messages"]] == [1]
