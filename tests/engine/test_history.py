"""What is kept of a long conversation: the last turns at hand, everything else apart, and no promise broken by it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from bot.runtime.trackers import TURNS_KEPT
from tests.engine.processes import Actions, EngineProcess, Valkey

REPORT = "ไฟดับหน้าปากซอยลาดพร้าว 71 ค่ะ"


def kept(valkey: Valkey, conversation: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(redis.Redis.from_url(valkey.url).get(f"tracker:{conversation}"))
    return content


def test_the_record_does_not_grow_and_loses_nothing(engine: EngineProcess, valkey: Valkey) -> None:
    sizes = []
    for number in range(30):
        engine.say("h-long", str(number), "สวัสดีค่ะ" if number % 2 else REPORT)
        sizes.append(len(json.dumps(kept(valkey, "h-long"))))

    record = kept(valkey, "h-long")
    apart = redis.Redis.from_url(valkey.url).hgetall("older:h-long")
    older = [
        event for place in sorted(int(name) for name in apart if name.isdigit()) for event in json.loads(apart[b"%d" % place])
    ]
    said = [event["message_id"] for event in older + record["events"] if event["event"] == "user"]
    assert said == [str(number) for number in range(30)]
    assert len(record["turns"]) == TURNS_KEPT
    assert record["first"] == len(older)
    assert max(sizes[20:]) < 1.2 * max(sizes[4:8])
    assert 29 * 86400 < redis.Redis.from_url(valkey.url).ttl("older:h-long") <= 30 * 86400


def test_an_event_of_long_ago_is_answered_the_same_and_runs_nothing(engine: EngineProcess, actions: Actions) -> None:
    _, first = engine.say("h-repeat", "first", REPORT)
    for number in range(10):
        engine.say("h-repeat", str(number), "สวัสดีค่ะ")
    actions.reset()

    status, again = engine.say("h-repeat", "first", REPORT)

    assert (status, again) == (200, {**first, "repeated": True})
    assert actions.calls == []
    status, answer = engine.say("h-repeat", "new", "สวัสดีค่ะ")
    assert (status, answer["repeated"]) == (200, False)


def test_what_was_said_long_ago_can_be_taken_back(engine: EngineProcess, actions: Actions, valkey: Valkey) -> None:
    actions.raw = json.dumps(
        {"events": [{"event": "slot", "name": "told", "value": REPORT}], "responses": [{"text": "ค่ะ"}]}
    ).encode()
    engine.say("h-forget", "first", REPORT)
    for number in range(10):
        engine.say("h-forget", str(number), "สวัสดีค่ะ")

    assert engine.post("forget", {"conversation": "h-forget", "event_id": "first"}) == (200, {"forgotten": True})

    store = redis.Redis.from_url(valkey.url)
    everything = json.dumps(
        [kept(valkey, "h-forget"), *[json.loads(one) for one in store.hvals("older:h-forget")]], ensure_ascii=False
    )
    assert "ลาดพร้าว" not in everything
    assert everything.count('"user"') >= 11
    assert engine.say("h-forget", "first", REPORT)[1]["repeated"] is True


def test_an_action_is_sent_the_last_turns_only(engine: EngineProcess, actions: Actions, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    answer = actions.answer
    monkeypatch.setattr(actions, "answer", lambda asked: sent.append(asked) or answer(asked))
    for number in range(12):
        engine.say("h-sent", str(number), REPORT)

    users = [sum(event["event"] == "user" for event in asked["tracker"]["events"]) for asked in sent]
    assert users == [1, 2, 3, 4, *[TURNS_KEPT + 1] * 8]
    assert all("domain" not in asked for asked in sent)


def test_a_record_of_the_former_form_goes_on(engine: EngineProcess, valkey: Valkey) -> None:
    engine.say("h-former", "1", REPORT)
    record = kept(valkey, "h-former")
    store = redis.Redis.from_url(valkey.url)
    store.set("tracker:h-former", json.dumps({"events": record["events"], "name": "h-former"}), ex=1000)

    assert engine.say("h-former", "1", REPORT)[1]["repeated"] is True
    assert engine.say("h-former", "2", "สวัสดีค่ะ")[1]["repeated"] is False
    assert kept(valkey, "h-former")["first"] == len(record["events"])
    assert engine.say("h-former", "1", REPORT)[1]["repeated"] is True


def test_taking_back_a_turn_reads_the_whole_conversation(engine: EngineProcess, valkey: Valkey) -> None:
    for number in range(8):
        engine.say("h-back", str(number), "สวัสดีค่ะ")

    for number in range(7):  # further back than what is at hand
        status, _ = engine.say("h-back", f"back-{number}", payload="/back")
        assert status == 200


@pytest.fixture
def two_workers(model: Path, endpoints: Path, valkey: Valkey, actions: Actions, tmp_path: Path) -> Iterator[EngineProcess]:
    process = EngineProcess(model, endpoints, valkey.url, actions.url, tmp_path / "engine.log", workers=2)
    process.start()
    yield process
    assert process.stop() == 0


def test_two_workers_run_an_event_once_and_one_that_dies_is_replaced(two_workers: EngineProcess, actions: Actions) -> None:
    from concurrent.futures import ThreadPoolExecutor

    actions.seconds = 1.5  # longer than a turn is leased for without being renewed
    with ThreadPoolExecutor(6) as pool:
        answers = [one.result() for one in [pool.submit(two_workers.say, "w-many", "1", REPORT) for _ in range(6)]]
    assert actions.calls == ["action_report"]
    assert sorted(answer["repeated"] for _, answer in answers) == [False, *[True] * 5]

    actions.reset()
    two_workers.kill_a_worker()
    for number in range(12):
        status, _ = two_workers.say(f"w-{number}", "1", "สวัสดีค่ะ")
        assert status == 200
    assert len(re.findall("engine ready", two_workers.log.read_text(encoding="utf-8"))) == 3
