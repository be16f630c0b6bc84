import asyncio
import json
import re
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import func, select

from channels.inbox import InboxEvent
from conversations import conversation as conversations
from conversations import ownership
from tests.unit.web.town import ENTRIES, KEY, Town
from web.api import chat

HEADERS = {"X-API-Key": KEY}


async def ask(http: ClientSession, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    async with http.post("/api/v1/chat", json=body, headers=HEADERS | headers) as answer:
        return answer.status, await answer.json()


async def test_a_message_and_its_whole_answer(town: Town, http: ClientSession) -> None:
    town.work()
    status, answer = await ask(http, {"text": "ขอดูตัวเลือก", "conversation": "counter-7"})
    assert (status, answer["conversation"], answer["intent"]) == (200, "counter-7", {"name": "chitchat", "confidence": 0.9})
    (message,) = answer["messages"]
    assert message["type"] == "text"
    assert message["buttons"][0] == {"title": "ส่งเรื่อง", "payload": "/affirm", "kind": "reply"}


async def test_a_buttons_payload_goes_back(town: Town, http: ClientSession) -> None:
    town.work()
    await ask(http, {"text": "ขอดูตัวเลือก", "conversation": "counter-7"})
    _, answer = await ask(http, {"payload": "/affirm", "conversation": "counter-7"})
    assert answer["messages"][0]["text"] == "รับทราบค่ะ: /affirm"


async def test_the_same_event_gives_the_same_answer(town: Town, http: ClientSession) -> None:
    town.work()
    body = {"text": "สวัสดี", "conversation": "counter-7", "event_id": "msg-0000001"}
    answers = await asyncio.gather(*(ask(http, body) for _ in range(3)))
    assert answers[0] == answers[1] == answers[2]
    assert len(town.engine.asked) == 1


async def test_a_card_is_readable_as_text(town: Town, http: ClientSession) -> None:
    town.work()
    _, answer = await ask(http, {"text": "บัตรประชาชนหาย"})
    assert answer["messages"][0]["text"].startswith("ทำบัตรประชาชนใบใหม่เมื่อบัตรหาย")
    _, answer = await ask(http, {"text": "หลายเรื่อง"})
    assert len(answer["messages"][0]["buttons"]) == 6


async def test_while_a_person_answers_there_is_no_answer_to_wait_for(town: Town, http: ClientSession) -> None:
    town.work()
    await ask(http, {"text": "สวัสดี", "conversation": "counter-7"})
    async with town.database.write() as rows:
        owner = await conversations.find(rows, "api", "default", "counter-7")
        await ownership.change(rows, owner.id, "bot", "staff:1", actor="staff:1")
    status, answer = await ask(http, {"text": "อยู่ไหมคะ", "conversation": "counter-7"})
    assert (status, answer["messages"], answer["intent"]["name"]) == (200, [], None)


async def test_a_slow_answer_is_kept_for_the_next_question(
    town: Town, http: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "PATIENCE", 0.5)
    status, answer = await ask(http, {"text": "สวัสดี", "conversation": "counter-7"})
    assert (status, answer["error"]["conversation"]) == (504, "counter-7")
    town.work()
    monkeypatch.setattr(chat, "PATIENCE", 10)
    again = {"text": "สวัสดี", "conversation": "counter-7", "event_id": answer["error"]["event_id"]}
    status, answer = await ask(http, again)
    assert (status, answer["messages"][0]["text"]) == (200, "รับทราบค่ะ: สวัสดี")


async def test_it_answers_while_valkey_is_dead(town: Town, http: ClientSession) -> None:
    town.work()
    town.bundled.kill()
    status, answer = await ask(http, {"text": "สวัสดี"})
    assert (status, answer["messages"][0]["text"]) == (200, "รับทราบค่ะ: สวัสดี")
    await town.bundled.start()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": ""}, "text_empty"),
        ({"text": "   \n"}, "text_empty"),
        ({"text": "ก" * 4001}, "text_too_long"),
        ({}, "text_or_payload"),
        ({"text": "ก", "payload": "/affirm"}, "text_or_payload"),
        ({"text": 7}, "invalid"),
        ({"text": "\ud800"}, "invalid"),
        ({"text": "ก", "conversation": "a b"}, "invalid"),
        ({"text": "ก", "event_id": "x"}, "invalid"),
        ({"text": "ก", "colour": "red"}, "invalid"),
        ({"payload": "no slash"}, "invalid"),
        ([], "invalid"),
    ],
)
async def test_what_cannot_be_taken_does_nothing(town: Town, http: ClientSession, body: Any, code: str) -> None:
    status, answer = await ask(http, body)
    assert (status, answer["error"]["code"]) == (422, code)
    assert answer["error"]["message_th"]
    async with town.database.read() as rows:
        assert await rows.scalar(select(func.count()).select_from(InboxEvent)) == 0


async def test_four_thousand_characters_are_taken(town: Town, http: ClientSession) -> None:
    town.work()
    assert (await ask(http, {"text": "ก" * 4000}))[0] == 200


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 60_000])
async def test_broken_json(http: ClientSession, body: bytes) -> None:
    async with http.post("/api/v1/chat", data=body, headers=HEADERS | {"Content-Type": "application/json"}) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (400, "broken_json")


async def test_another_content_type(http: ClientSession) -> None:
    async with http.post(
        "/api/v1/chat", data=json.dumps({"text": "ก"}), headers=HEADERS | {"Content-Type": "text/plain"}
    ) as answer:
        assert answer.status == 415


@pytest.mark.parametrize("key", ["", "wrong", KEY + "x", "กุญแจ"])
async def test_without_the_key_nobody_enters(http: ClientSession, key: str) -> None:
    for method, address in (("GET", "/api/v1/faqs/search?q=a"), ("POST", "/api/v1/chat"), ("GET", "/api/v1/cases/P69-000001-5")):
        async with http.request(method, address, headers={"X-API-Key": key}) as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (401, "no_key")


async def test_an_empty_key_opens_nothing(made: Any) -> None:
    from pydantic import SecretStr

    client = await made(api_keys=[SecretStr("")])
    async with client.get("/api/v1/faqs/search", params={"q": "ก"}, headers={"X-API-Key": ""}) as answer:
        assert answer.status == 401


async def test_too_many_calls(made: Any) -> None:
    client = await made(api_rate="1/minute")
    await client.get("/api/v1/cases/P69-000001-5", headers=HEADERS)
    async with client.get("/api/v1/cases/P69-000001-5", headers=HEADERS) as answer:
        assert answer.status == 429
        assert int(answer.headers["Retry-After"]) >= 1


async def test_searching(town: Town, http: ClientSession) -> None:
    await town.publish(ENTRIES)
    await town.search.ready()
    async with http.get(
        "/api/v1/faqs/search", params={"q": "บัตรประชาชนหาย ต้องทำอย่างไร", "limit": "2"}, headers=HEADERS
    ) as answer:
        found = await answer.json()
        assert answer.status == 200
    assert found["decision"] == "answer"
    assert found["results"][0]["id"] == "id-card-lost"
    assert len(found["results"]) <= 2
    assert found["results"][0]["details"]["documents"]


@pytest.mark.parametrize("query", ["", "?q=", "?q=a&limit=0", "?q=a&limit=99", "?q=a&limit=x", "?q=" + "a" * 4001])
async def test_odd_searches(http: ClientSession, query: str) -> None:
    async with http.get(f"/api/v1/faqs/search{query}", headers=HEADERS) as answer:
        assert answer.status == 422


async def test_a_report_is_read(town: Town, http: ClientSession) -> None:
    town.engine.read = {
        "intent": {"name": "report_problem", "confidence": 0.98},
        "category": {"name": "street-light", "confidence": 0.95},
        "entities": [{"entity": "place", "value": "หน้าวัด"}, {"entity": "time", "value": "2026-11-21"}],
    }
    body = {"text": "เมื่อคืนไฟดับหน้าวัด", "now": "2026-11-22T10:00:00"}
    async with http.post("/api/v1/cases/draft", json=body, headers=HEADERS) as answer:
        read = await answer.json()
    assert read == {
        "category": "street-light",
        "category_title": "ไฟส่องสว่างสาธารณะ",
        "category_confidence": 0.95,
        "place": "หน้าวัด",
        "when": "2026-11-21",
    }
    assert town.engine.asked == [{"text": body["text"], "now": "2026-11-22T10:00:00+07:00"}]


async def test_an_unsure_reading_is_null(http: ClientSession) -> None:
    async with http.post("/api/v1/cases/draft", json={"text": "มีปัญหาค่ะ"}, headers=HEADERS) as answer:
        read = await answer.json()
    assert (read["category"], read["place"], read["when"]) == (None, None, None)


async def test_without_the_engine_a_report_cannot_be_read(town: Town, http: ClientSession) -> None:
    await town.engine.stop()
    async with http.post("/api/v1/cases/draft", json={"text": "ไฟดับ"}, headers=HEADERS) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (503, "engine_away")


async def test_a_case(town: Town, http: ClientSession) -> None:
    case = await town.move_case(await town.open_case(), "accepted")
    async with http.get(f"/api/v1/cases/{case.number.replace('-', ' ').lower()}", headers=HEADERS) as answer:
        shown = await answer.json()
    assert (shown["number"], shown["state"], shown["state_label"]) == (case.number, "accepted", "รับเรื่องแล้ว")
    assert not re.search(r"(?<![\w.-])081", json.dumps(shown)), "a phone number; inside of a time or an id it is none"
    async with http.get("/api/v1/cases/P69-999999-9", headers=HEADERS) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (404, "unknown_case")
