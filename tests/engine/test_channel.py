"""The engine over real HTTP: what is answered, what is repeated, what is refused, and what survives."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from tests.engine.processes import Actions, EngineProcess, Valkey, request

REPORT = "ไฟดับหน้าปากซอยลาดพร้าว 71 ค่ะ"


def test_health_names_the_model(engine: EngineProcess) -> None:
    status, answer = request(f"http://127.0.0.1:{engine.port}/webhooks/pracha/")

    assert (status, answer["status"]) == (200, "ok")
    assert answer["model"]


def test_a_response_with_buttons_becomes_text_with_choices(engine: EngineProcess) -> None:
    status, answer = engine.say("c-greet", "1", "สวัสดีค่ะ")

    assert status == 200
    assert answer["intent"]["name"] == "greet"
    choice = {"title": "แจ้งปัญหา", "payload": "/report_problem", "kind": "reply"}
    assert answer["messages"] == [{"type": "text", "text": "สวัสดีค่ะ", "choices": [choice]}]


def test_an_image_is_a_message_of_its_own(engine: EngineProcess) -> None:
    _, answer = engine.say("c-bye", "1", "ลาก่อนค่ะ")

    assert answer["messages"][1] == {"type": "image", "url": "https://example.test/bye.png"}


def test_a_custom_message_passes_unchanged(engine: EngineProcess) -> None:
    _, answer = engine.say("c-card", "1", REPORT)

    card = answer["messages"][0]
    assert (card["type"], card["title"], card["text"]) == ("card", "บันทึกแล้ว", REPORT)
    assert card["category"]["name"] == "street-light"
    assert answer["messages"][1]["choices"] == [{"title": "ใช่", "payload": "/affirm", "kind": "reply"}]


def test_a_repeated_event_is_answered_the_same_and_runs_nothing(engine: EngineProcess, actions: Actions) -> None:
    _, first = engine.say("c-repeat", "1", REPORT)
    engine.say("c-repeat", "2", "สวัสดีค่ะ")

    status, again = engine.say("c-repeat", "1", REPORT)

    assert status == 200
    assert again == {**first, "repeated": True}
    assert first["repeated"] is False
    assert actions.calls == ["action_report"]


def test_concurrent_repeats_wait_for_the_first(engine: EngineProcess, actions: Actions) -> None:
    actions.seconds = 0.4
    with ThreadPoolExecutor(4) as pool:
        answers = [future.result() for future in [pool.submit(engine.say, "c-many", "1", REPORT) for _ in range(4)]]

    assert actions.calls == ["action_report"]
    assert [status for status, _ in answers] == [200] * 4
    assert sorted(answer["repeated"] for _, answer in answers) == [False, True, True, True]
    assert len({json.dumps(answer["messages"]) for _, answer in answers}) == 1


def test_conversations_run_side_by_side(engine: EngineProcess, actions: Actions) -> None:
    actions.seconds = 0.6
    began = time.monotonic()
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda number: engine.say(f"c-side-{number}", "1", REPORT), range(5)))

    assert [status for status, _ in answers] == [200] * 5
    assert time.monotonic() - began < 5 * 0.6


def test_the_answer_survives_a_killed_engine(engine: EngineProcess, actions: Actions) -> None:
    _, first = engine.say("c-kill", "1", REPORT)
    engine.kill()
    engine.start()

    _, again = engine.say("c-kill", "1", REPORT)

    assert again == {**first, "repeated": True}
    assert actions.calls == ["action_report"]


@pytest.mark.parametrize("fault", ["status", "no json", "wrong json"])
def test_a_failed_action_is_an_error_and_leaves_nothing(
    engine: EngineProcess, actions: Actions, valkey: Valkey, fault: str
) -> None:
    actions.status = 500 if fault == "status" else 200
    actions.raw = {"no json": b"<html>", "wrong json": b'{"events": "many"}'}.get(fault)
    conversation = f"c-failed-{fault}"

    status, answer = engine.say(conversation, "1", REPORT)

    assert (status, answer["error"]["code"]) == (503, "action_failed")
    assert "messages" not in answer
    assert redis.Redis.from_url(valkey.url).get(f"tracker:{conversation}") is None
    actions.reset()
    status, answer = engine.say(conversation, "1", REPORT)
    assert (status, answer["repeated"], len(answer["messages"])) == (200, False, 2)


def test_a_tracker_is_kept_for_thirty_days(engine: EngineProcess, valkey: Valkey) -> None:
    engine.say("c-kept", "1", "สวัสดีค่ะ")

    seconds = redis.Redis.from_url(valkey.url).ttl("tracker:c-kept")

    assert 30 * 86400 - 60 < seconds <= 30 * 86400


def test_a_slash_in_a_text_is_no_command(engine: EngineProcess, valkey: Valkey) -> None:
    status, answer = engine.say("c-slash", "1", "/restart")

    assert status == 200
    assert answer["intent"]["name"] != "restart"
    tracker = json.loads(redis.Redis.from_url(valkey.url).get("tracker:c-slash"))
    assert "/restart" in [event.get("text") for event in tracker["events"]]
    assert not [event for event in tracker["events"] if event["event"] == "restart"]


def test_a_payload_is_a_command_with_entities(engine: EngineProcess, actions: Actions) -> None:
    status, answer = engine.say("c-payload", "1", payload='/report_problem{"place": "ซอยสุขใจ 5"}')

    assert status == 200
    assert answer["intent"] == {"name": "report_problem", "confidence": 1.0}
    assert actions.calls == ["action_report"]


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"conversation": "c", "event_id": "1"},
        {"conversation": "c", "event_id": "1", "text": "ก", "payload": "/greet"},
        {"conversation": "", "event_id": "1", "text": "ก"},
        {"conversation": "c", "event_id": 1, "text": "ก"},
        {"conversation": "c", "event_id": "1", "text": "  "},
        {"conversation": "c", "event_id": "1", "text": "ก", "metadata": "now"},
        {"conversation": "c", "event_id": "1", "payload": "greet"},
        {"conversation": "c", "event_id": "1", "payload": "/no_such_intent"},
        {"conversation": "c", "event_id": "1", "payload": "/greet{wrong}"},
    ],
)
def test_bad_input_is_refused(engine: EngineProcess, body: object) -> None:
    status, answer = engine.post("webhook", body)

    assert (status, answer["error"]["code"]) == (400, "bad_request")


def test_a_body_that_is_no_json_is_refused(engine: EngineProcess) -> None:
    status, answer = engine.post("webhook", None, raw=b"\xff{")

    assert (status, answer["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize("path", ["", "model", "status", "version", "conversations/c/tracker", "webhooks/rest/webhook"])
def test_rasas_own_doors_are_shut(engine: EngineProcess, path: str) -> None:
    for body in (None, b"{}"):
        status, answer = request(f"http://127.0.0.1:{engine.port}/{path}", body)
        assert (status, answer["error"]["code"]) == (404, "not_found")


def test_parse_touches_no_tracker(engine: EngineProcess, valkey: Valkey) -> None:
    before = redis.Redis.from_url(valkey.url).dbsize()
    text = "  ไฟดับบบหน้าปากซอยลาดพร้าว ๗๑ ค่ะ เมื่อวานสองทุ่ม โทร ๐๘๑-๒๓๔-๕๖๗๘ 😀"

    status, answer = engine.post("parse", {"text": text, "now": "2026-11-05T10:00:00+07:00"})

    assert status == 200
    assert answer["text"] == text
    assert answer["category"]["ranking"][0]["name"] == answer["category"]["name"] == "street-light"
    found = {entity["entity"]: (text[entity["start"] : entity["end"]], entity["value"]) for entity in answer["entities"]}
    assert found["time"] == ("เมื่อวานสองทุ่ม", "2026-11-04T20:00")
    assert found["phone"] == ("๐๘๑-๒๓๔-๕๖๗๘", "0812345678")
    assert found["place"][0] == "หน้าปากซอยลาดพร้าว ๗๑"
    assert redis.Redis.from_url(valkey.url).dbsize() == before


@pytest.mark.parametrize(
    "text",
    ["ไฟดับ" * 2000, "ก" * 10_000, "\ud800😀" * 5000, "1-" * 5000, "ต.อ.จ." * 1700],
    ids=["words", "one letter", "emoji", "digits", "signs"],
)
def test_long_text_is_answered_within_two_seconds(engine: EngineProcess, text: str) -> None:
    engine.post("parse", {"text": "สวัสดี"})
    began = time.monotonic()

    status, answer = engine.post("parse", {"text": text})

    assert status == 200
    assert answer["text"] == text
    assert time.monotonic() - began < 2


def test_a_lost_valkey_is_an_error_and_memory_is_no_way_out(engine: EngineProcess, valkey: Valkey) -> None:
    engine.say("c-lost", "1", "สวัสดีค่ะ")
    valkey.kill()
    try:
        status, answer = engine.say("c-lost", "2", "สวัสดีค่ะ")
        assert (status, answer["error"]["code"]) == (503, "trackers_unavailable")
    finally:
        valkey.start()

    status, answer = engine.say("c-lost", "1", "สวัสดีค่ะ")
    assert (status, answer["repeated"]) == (200, True)


def test_the_log_holds_lines_and_no_words_of_the_talk(engine: EngineProcess, actions: Actions) -> None:
    actions.status = 500
    engine.say("c-secret", "1", "ไฟดับหน้าวัดใหม่ ลับเฉพาะ 0812345678")

    log = engine.log.read_text(encoding="utf-8")

    assert "engine ready" in log
    assert "action_failed: action_report: status 500" in log
    assert "ลับเฉพาะ" not in log
    assert "0812345678" not in log
    lines = [line for line in log.splitlines() if line != "engine ready"]
    assert all(re.match(r"\d{4}-\d\d-\d\d [\d:,]+ [A-Z]+ \S+ ", line) for line in lines)
