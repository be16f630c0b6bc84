"""What a citizen takes back is gone from the record of the dialogue, and the dialogue goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest
import redis

from bot.runtime.forget import forget
from tests.engine.processes import Actions, EngineProcess, Valkey

REPORT = "ไฟดับหน้าปากซอยลาดพร้าว 71 ค่ะ"


def kept(valkey: Valkey, conversation: str) -> str:
    return json.dumps(json.loads(redis.Redis.from_url(valkey.url).get(f"tracker:{conversation}")), ensure_ascii=False)


def test_words_entities_and_slots_are_gone_and_the_answer_stays(engine: EngineProcess, actions: Actions, valkey: Valkey) -> None:
    actions.raw = json.dumps(
        {
            "events": [
                {"event": "slot", "name": "told", "value": REPORT},
                {"event": "slot", "name": "where", "value": {"text": "หน้าปากซอยลาดพร้าว 71", "latitude": None}},
            ],
            "responses": [{"text": "ขอบคุณค่ะ"}],
        }
    ).encode()
    engine.say("c-forget", "1", "สวัสดีค่ะ")
    _, first = engine.say("c-forget", "2", REPORT)
    assert "ลาดพร้าว" in kept(valkey, "c-forget")
    seconds = redis.Redis.from_url(valkey.url).ttl("tracker:c-forget")

    status, answer = engine.post("forget", {"conversation": "c-forget", "event_id": "2"})

    assert (status, answer) == (200, {"forgotten": True})
    assert "ลาดพร้าว" not in kept(valkey, "c-forget")
    assert "ไฟดับ" not in kept(valkey, "c-forget")
    assert "สวัสดีค่ะ" in kept(valkey, "c-forget")
    assert seconds - 5 < redis.Redis.from_url(valkey.url).ttl("tracker:c-forget") <= seconds
    assert engine.say("c-forget", "2", REPORT) == (200, {**first, "repeated": True})
    status, answer = engine.say("c-forget", "3", "สวัสดีค่ะ")
    assert (status, answer["repeated"]) == (200, False)


def test_what_was_never_said_is_forgotten_in_peace(engine: EngineProcess, valkey: Valkey) -> None:
    engine.say("c-forget-none", "1", "สวัสดีค่ะ")

    assert engine.post("forget", {"conversation": "c-forget-none", "event_id": "9"}) == (200, {"forgotten": False})
    assert engine.post("forget", {"conversation": "c-nobody", "event_id": "9"}) == (200, {"forgotten": False})
    assert redis.Redis.from_url(valkey.url).get("tracker:c-nobody") is None


@pytest.mark.parametrize(
    "body", [[], {}, {"conversation": "c"}, {"conversation": "c", "event_id": ""}, {"conversation": 1, "event_id": "1"}]
)
def test_a_wrong_request_is_refused(engine: EngineProcess, body: Any) -> None:
    status, answer = engine.post("forget", body)

    assert (status, answer["error"]["code"]) == (400, "bad_request")


def said(message_id: str, text: str, *entities: dict[str, Any]) -> dict[str, Any]:
    parsed = {"text": text, "entities": list(entities), "text_tokens": [[0, 3]], "intent": {"name": "report_problem"}}
    return {"event": "user", "message_id": message_id, "text": text, "entities": list(entities), "parse_data": parsed}


def slot(value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": "x", "value": value}


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("ไฟดับ ทั้งซอย", None),
        ("เรื่องอื่น", "เรื่องอื่น"),
        ({"words": "ไฟดับ  ทั้งซอย", "category": "street-light"}, None),
        ({"text": "หน้าวัด", "latitude": 13.7}, None),
        ({"text": "", "latitude": 13.7, "longitude": 99.9}, None),
        ({"text": "ตลาด"}, {"text": "ตลาด"}),
        (["att_1", "att_2"], ["att_2"]),
        ("street-light", "street-light"),
        (True, True),
        (1, 1),
        (None, None),
        ([], []),
    ],
)
def test_slot_values(value: Any, left: Any) -> None:
    payload = {"extractor": "payload"}
    events = [
        said("1", " ไฟดับ  ทั้งซอย", {"entity": "place", "value": "หน้าวัด", "extractor": "places"}),
        said("1:photo", '/provide_photo{"photo": "att_1"}', {"entity": "photo", "value": "att_1", **payload}),
        said("1:more", "/x", {"entity": "latitude", "value": 13.7, **payload}, {"entity": "label", "value": "", **payload}),
        said("1:less", "/y", {"entity": "category", "value": "street-light", **payload}),
        said("12", "ยังอยู่", {"entity": "place", "value": "ที่นี่"}),
        slot(value),
    ]

    assert forget(events, "1")

    assert events[-1]["value"] == left
    assert events[4]["text"] == "ยังอยู่"
    assert events[0]["text"] == events[0]["parse_data"]["text"] == ""
    assert events[0]["entities"] == events[0]["parse_data"]["entities"] == []
    assert "text_tokens" not in events[0]["parse_data"]
