"""What becomes of a message at Meta."""

from dataclasses import replace
from typing import Any

import pytest

from channels.contract import Retry, Sent, Stop
from channels.meta import channel as channels
from channels.meta import refusal, window
from channels.meta.channel import MetaChannel
from channels.meta.graph import Graph
from conversations.content import Card, Choice, Image, Text
from core import clock
from tests.unit.channels.meta.conftest import Server
from tests.unit.channels.meta.samples import CITIZEN, PAGE, TOKEN, account, channel, envelope

LONG = Text(
    text="".join(f"ข้อ {n} กรุณาเตรียมบัตรประชาชนค่ะ\n" for n in range(170)), choices=[Choice(title="ข้าม", payload="/skip")]
)  # 3 payloads


async def test_the_token_is_in_a_header_and_nowhere_else(meta: Server, messenger: MetaChannel) -> None:
    assert await messenger.send([envelope()]) == Sent(references=("m_1",))
    ((path, body, headers),) = meta.calls
    assert path == f"/v23.0/{PAGE}/messages"
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in path + str(body)
    assert body == {
        "recipient": {"id": CITIZEN},
        "messaging_type": "RESPONSE",
        "message": {"text": "สวัสดีค่ะ", "metadata": "out_1"},
    }


async def test_only_the_last_payload_carries_the_outbox_id(meta: Server, messenger: MetaChannel) -> None:
    outcome = await messenger.send([envelope(LONG)])
    assert outcome == Sent(references=("m_1", "m_2", "m_3"))
    assert [body["message"]["metadata"] for _, body, _ in meta.calls] == ["part:out_1", "part:out_1", "out_1"]
    assert all(
        body["message"]["metadata"].startswith("part:") != ("quick_replies" in body["message"]) for _, body, _ in meta.calls
    )


async def test_a_repeat_goes_on_where_it_was_stopped(meta: Server, messenger: MetaChannel) -> None:
    meta.serve(b'{"message_id": "m_first"}', media_type="application/json")
    meta.refuse(429, 613)
    first = await messenger.send([envelope(LONG)])
    assert isinstance(first, Retry)
    assert (first.everyone, first.uncertain, first.notes) == (True, False, {"gone": 1, "references": ["m_first"]})
    second = await messenger.send([replace(envelope(LONG), attempts=2, notes=first.notes)])
    assert second == Sent(references=("m_first", "m_3", "m_4"))
    assert len({body["message"].get("text") for _, body, _ in meta.calls}) == 3


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("trouble", ["be_slow", "hang_up"])
async def test_what_may_have_arrived_waits_for_the_echo(meta: Server, messenger: MetaChannel, trouble: str) -> None:
    getattr(meta, trouble)()
    outcome = await messenger.send([envelope()])
    assert isinstance(outcome, Retry)
    assert (outcome.uncertain, outcome.broken, outcome.after) == (True, True, 5)
    again = await messenger.send([envelope(uncertain=True, notes=outcome.notes, attempts=2)])
    assert again == Sent(references=("m_2",))


async def test_after_a_crash_the_echo_is_waited_for_once(meta: Server, messenger: MetaChannel) -> None:
    outcome = await messenger.send([envelope(uncertain=True)])
    assert isinstance(outcome, Retry)
    assert (outcome.after, outcome.uncertain, outcome.notes) == (5, True, {"waited": True})
    assert meta.calls == []
    assert isinstance(await messenger.send([envelope(uncertain=True, notes=outcome.notes)]), Sent)


async def test_a_refused_connection_is_certain() -> None:
    nowhere = channel("messenger", "http://127.0.0.1:9")
    outcome = await nowhere.send([envelope()])
    await nowhere.close()
    assert isinstance(outcome, Retry)
    assert (outcome.broken, outcome.uncertain, outcome.everyone) == (True, False, False)


@pytest.mark.parametrize(
    ("status", "code", "subcode", "expected"),
    [
        *(
            (status, code, 0, {"everyone": True})
            for status, code in [(429, 0), (429, 2), (400, 4), (400, 32), (400, 613), (400, 80006)]
        ),
        *(
            (status, code, 0, {"broken": True, "uncertain": True})
            for status, code in [(500, 0), (503, 2), (400, 1), (400, 2), (400, 1200)]
        ),
        *(
            (status, code, 0, {"broken": True, "everyone": True})
            for status, code in [(400, 190), (401, 0), (403, 10), (403, 200)]
        ),
        (400, 368, 0, {"everyone": True}),
    ],
)
async def test_what_may_go_later(
    meta: Server, messenger: MetaChannel, status: int, code: int, subcode: int, expected: dict[str, bool]
) -> None:
    meta.refuse(status, code, subcode, "No")
    outcome = await messenger.send([envelope()])
    assert isinstance(outcome, Retry)
    assert {name: True for name in ("everyone", "broken", "uncertain") if getattr(outcome, name)} == expected


@pytest.mark.parametrize(
    ("status", "code", "subcode", "message", "expected"),
    [
        (400, 10, 2018278, "(#10) This message is sent outside of allowed window.", Stop(window.TOO_LATE)),
        (400, 10, 2534022, "(#10) This message is sent outside of allowed window.", Stop(window.TOO_LATE)),
        (400, 551, 1545041, "This person isn't available right now.", Stop(refusal.UNAVAILABLE_REASON, blocked=True)),
        (403, 200, 1545041, "This person isn't available right now.", Stop(refusal.UNAVAILABLE_REASON, blocked=True)),
        (400, 100, 2018001, "(#100) No matching user found", Stop(refusal.NOBODY_REASON)),
        (403, 200, 2018028, "Cannot message users who are not admins", Stop(refusal.UNREVIEWED_REASON)),
        (
            400,
            100,
            0,
            "(#100) Length of param message[text] must be less",
            Stop("Meta ไม่รับข้อความนี้: 100 (#100) Length of param message[text] must be less"),
        ),
        (400, 100, 0, 'Bad value "สมชาย 0812345678" for 4004123456', Stop("Meta ไม่รับข้อความนี้: 100 Bad value … for …")),
        (404, 0, 0, "", Stop("Meta ไม่รับข้อความนี้: 404")),
    ],
)
async def test_what_will_never_go(
    meta: Server, messenger: MetaChannel, status: int, code: int, subcode: int, message: str, expected: Stop
) -> None:
    meta.refuse(status, code, subcode, message)
    assert await messenger.send([envelope()]) == expected


async def test_the_platforms_own_wish_counts(meta: Server, messenger: MetaChannel) -> None:
    waits: list[Any] = []
    for headers in ({}, {"Retry-After": "90"}):
        meta.refuse(429, 613, **headers)
        outcome = await messenger.send([envelope()])
        assert isinstance(outcome, Retry)
        assert outcome.everyone
        waits.append(outcome.after)
    assert waits == [None, 90]  # None: the sender lets all wait, longer each time


async def test_an_answer_that_is_not_metas_is_uncertain(meta: Server, messenger: MetaChannel) -> None:
    meta.serve(b"<html>captive portal</html>", media_type="text/html")
    outcome = await messenger.send([envelope()])
    assert isinstance(outcome, Retry)
    assert outcome.uncertain


async def test_redirects_are_not_followed_with_the_token(meta: Server, messenger: MetaChannel) -> None:
    meta.serve(status=307, Location="http://127.0.0.1:9/steal")
    assert await messenger.send([envelope()]) == Stop("Meta ไม่รับข้อความนี้: 307")
    assert len(meta.calls) == 1


async def test_a_picture_that_meta_cannot_fetch_does_not_hold_back_the_words(meta: Server, messenger: MetaChannel) -> None:
    meta.refuse(400, 100, 2018047, "Upload attachment failure.")
    card = Card(title="บัตรหาย", image_url="https://city.example/a.jpg", text="แจ้งได้ทุกที่ค่ะ")
    assert await messenger.send([envelope(card)]) == Sent(references=("m_2", "m_3"))
    said = [body["message"].get("text") for _, body, _ in meta.calls]
    assert said == [None, "https://city.example/a.jpg", card.plain()]


async def test_a_picture_for_somebody_who_blocked_us_is_not_tried_twice(meta: Server, messenger: MetaChannel) -> None:
    meta.refuse(400, 551, 1545041, "not available")
    assert await messenger.send([envelope(Image(url="https://city.example/a.jpg"))]) == Stop(
        refusal.UNAVAILABLE_REASON, blocked=True
    )
    assert len(meta.calls) == 1


async def test_seen_and_typing_are_shown(meta: Server, messenger: MetaChannel) -> None:
    await messenger.acknowledge(CITIZEN, {})
    assert [body for _, body, _ in meta.calls] == [
        {"recipient": {"id": CITIZEN}, "sender_action": action} for action in ("mark_seen", "typing_on")
    ]


async def test_showing_it_never_fails(meta: Server, messenger: MetaChannel, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(channels, "ACKNOWLEDGE_SECONDS", 0.2)
        meta.be_slow()
        await messenger.acknowledge(CITIZEN, {})
    meta.refuse(500, 2)
    await messenger.acknowledge(CITIZEN, {})
    meta.hang_up()
    await messenger.acknowledge(CITIZEN, {})
    assert len(meta.calls) == 4


@pytest.mark.parametrize(
    ("platform", "api_url", "node"),
    [
        ("messenger", "https://graph.facebook.com", PAGE),
        ("instagram", "https://graph.instagram.com/", PAGE),
        ("instagram", "https://graph.facebook.com", "me"),
    ],
)
def test_who_is_called(platform: str, api_url: str, node: str) -> None:
    host = api_url.removeprefix("https://").rstrip("/")
    assert str(Graph(platform, account(api_url=api_url)).address("messages")) == f"https://{host}/v23.0/{node}/messages"


@pytest.mark.parametrize(
    ("hours", "author", "expected"),
    [
        (None, "bot", {"messaging_type": "RESPONSE"}),
        (23.98, "bot", {"messaging_type": "RESPONSE"}),
        (23.99, "bot", Stop(window.TOO_LATE)),
        (23.98, "staff:malee", {"messaging_type": "RESPONSE"}),
        (23.99, "staff:malee", {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}),
        (167.9, "staff:malee", {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}),
        (167.99, "staff:malee", Stop(window.TOO_LATE_FOR_ANYONE)),
        (25, "system", Stop(window.TOO_LATE)),
    ],
)
def test_the_window(hours: float | None, author: str, expected: Any) -> None:
    assert window.terms(envelope(hours=hours, author=author), clock.now()) == expected
