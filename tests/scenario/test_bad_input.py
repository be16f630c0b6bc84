"""Bad input gets a clear answer, and nothing is lost by it."""

import asyncio
import json

import aiohttp
import pytest

from tests.system import RunningSystem


def test_emptiness_is_refused_in_words(system: RunningSystem) -> None:
    for text in ("", "   ", "\n\t"):
        status, answer = system.call("POST", "/api/v1/chat", {"conversation": "bad-empty", "text": text})
        assert status == 422
        assert answer["error"]["message_th"]


def test_ten_thousand_characters_are_refused_in_words(system: RunningSystem) -> None:
    status, answer = system.call("POST", "/api/v1/chat", {"conversation": "bad-long", "text": "ก" * 10_000})
    assert status == 422
    assert "4,000" in answer["error"]["message_th"]


def test_the_longest_text_that_is_allowed_is_answered(system: RunningSystem) -> None:
    assert system.chat("bad-longest", ("ถนนเป็นหลุมใหญ่มากค่ะ " * 200)[:4000])["messages"]


@pytest.mark.parametrize(
    "text", ["😀😀😀", "👍", "???", "...", "asdfghjkl", "๑๒๓๔", "<script>alert(1)</script>", "/restart", "'; drop table cases;--"]
)
def test_odd_text_is_answered_in_words(system: RunningSystem, text: str) -> None:
    answer = system.chat(f"bad-odd-{abs(hash(text))}", text)
    assert all(message["text"] for message in answer["messages"])
    assert "ระบบตอบข้อความนี้ไม่ได้" not in answer["messages"][0]["text"]


@pytest.mark.parametrize("text", ["😀😀😀", "/restart", "<script>alert(1)</script>", "asdfghjkl"])
def test_odd_text_in_the_middle_of_a_report_does_not_end_it(system: RunningSystem, text: str) -> None:
    who = f"bad-report-{abs(hash(text))}"
    system.chat(who, "ถนนหน้าตลาดสดเป็นหลุมลึกมากค่ะ")
    answer = system.chat(who, text)
    assert all(message["text"] for message in answer["messages"])
    assert "ระบบตอบข้อความนี้ไม่ได้" not in answer["messages"][0]["text"]


def test_broken_json(system: RunningSystem) -> None:
    status, answer = system.call("POST", "/api/v1/chat", b'{"text": "\xe0\xb8')
    assert status == 400
    assert answer["error"]["message_th"]


def test_a_wrong_key(system: RunningSystem) -> None:
    for key in ("", "wrong", system.api_key + "x"):
        status, _ = system.call("POST", "/api/v1/chat", {"text": "สวัสดี"}, key=key)
        assert status == 401


def test_an_unknown_case(system: RunningSystem) -> None:
    for number in ("P69-999999-4", "x", "P69-000001-9", "..%2f..%2fetc"):
        status, answer = system.call("GET", f"/api/v1/cases/{number}")
        assert status == 404
        assert answer["error"]["message_th"]


def test_the_same_event_twice_is_answered_the_same_and_done_once(system: RunningSystem) -> None:
    first = system.chat("bad-twice", "สวัสดีค่ะ", event_id="event-twice-1")
    again = system.chat("bad-twice", "สวัสดีค่ะ", event_id="event-twice-1")
    assert first == again


async def test_fifty_messages_in_a_second_are_all_answered_in_order(system: RunningSystem) -> None:
    async with aiohttp.ClientSession() as http:
        socket = await http.ws_connect(f"{system.url}/chat/socket", origin=system.url)
        await socket.send_json({"type": "hello", "token": None, "after": 0})
        while (await socket.receive_json())["type"] != "welcome":
            pass
        for number in range(50):
            await socket.send_json(
                {"type": "send", "id": f"burst-{number:04d}", "kind": "text", "text": f"สวัสดีครับ ครั้งที่ {number}"}
            )
        said, answered = [], set()
        async with asyncio.timeout(90):
            while len(said) < 50 or len(answered) < 50:
                event = json.loads((await socket.receive()).data)
                if event["type"] != "message":
                    continue
                message = event["message"]
                if message["author"] == "citizen":
                    said.append(message["content"]["text"])
                else:
                    answered.add(message["event_id"])
        await socket.close()
    assert said == [f"สวัสดีครับ ครั้งที่ {number}" for number in range(50)]
