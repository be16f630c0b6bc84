"""Messenger and Instagram against the stand-in of Meta's Graph API, which judges every call by the documented rules."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from channels.contract import Inbound, Retry, Sent, Stop
from channels.meta import refusal, window
from channels.meta.channel import MetaChannel
from channels.meta.setup import MENU, setup
from channels.meta.verify import verify_token
from channels.setup import SetupFailed
from conversations.content import Text
from tests import answers
from tests.platforms import Platform as StandIn
from tests.unit.channels.meta.samples import CITIZEN, TOKEN, Platform, account, channel, envelope, signed

PLATFORMS: list[Platform] = ["messenger", "instagram"]
EXAMPLES = {  # of Meta's documentation: the kinds of the events in each
    "page_text_quick_reply": [("choice", "")],
    "page_attachment": [("image", "")],
    "page_echo": [("event", "other")],
    "page_standby_echo": [("event", "standby")],
    "instagram_text": [("text", "")],
    "instagram_unsend": [("event", "unsend")],
}


@pytest.fixture
def meta(graph_platform: StandIn) -> StandIn:
    graph_platform.forget()
    return graph_platform


@pytest.fixture(params=PLATFORMS)
async def adapter(request: pytest.FixtureRequest, meta: StandIn) -> AsyncIterator[MetaChannel]:
    made = channel(request.param, meta.url)
    meet(meta, request.param)
    yield made
    await made.close()


def meet(meta: StandIn, platform: str, *, hours: float = 1) -> None:
    """Let the citizen have written ``hours`` ago."""
    meta.post("/_person", {"id": CITIZEN, "platform": platform, "hours_since_last_message": hours})


async def test_every_answer_keeps_metas_rules(adapter: MetaChannel, meta: StandIn) -> None:
    payloads = 0
    for name, content in answers.every():
        outcome = await adapter.send([envelope(content, outbox_id=f"out_{name}")])
        assert isinstance(outcome, Sent), (name, outcome)
        assert outcome.references, name
        payloads += len(outcome.references)
    assert meta.violations() == []
    said = [call["body"]["message"]["metadata"] for call in meta.calls()]
    assert len(said) == payloads
    assert [mark for mark in said if mark.startswith("out_")] == [f"out_{name}" for name, _ in answers.every()]


@pytest.mark.parametrize(
    ("hours", "author", "expected"),
    [
        (1, "bot", "RESPONSE"),
        (23.9, "bot", "RESPONSE"),
        (25, "bot", window.TOO_LATE),
        (1, "staff:malee", "RESPONSE"),
        (23.9, "staff:malee", "RESPONSE"),
        (25, "staff:malee", "MESSAGE_TAG"),
        (8 * 24, "bot", window.TOO_LATE_FOR_ANYONE),
        (8 * 24, "staff:malee", window.TOO_LATE_FOR_ANYONE),
    ],
)
async def test_the_window(adapter: MetaChannel, meta: StandIn, hours: float, author: str, expected: str) -> None:
    meet(meta, adapter.name, hours=hours)
    outcome = await adapter.send([envelope(hours=hours, author=author)])
    if isinstance(outcome, Stop):
        assert (outcome.reason, meta.calls()) == (expected, [])
    else:
        assert isinstance(outcome, Sent)
        assert [call["body"]["messaging_type"] for call in meta.calls()] == [expected]
    assert meta.violations() == []


async def test_meta_knows_better_when_the_window_closed(adapter: MetaChannel, meta: StandIn) -> None:
    meet(meta, adapter.name, hours=30)
    assert await adapter.send([envelope(hours=None)]) == Stop(window.TOO_LATE)


async def test_nobody_is_there(adapter: MetaChannel) -> None:
    assert await adapter.send([envelope(external_id="nobody")]) == Stop(refusal.NOBODY_REASON)


async def test_busy_broken_and_forbidden_are_told_apart(adapter: MetaChannel, meta: StandIn) -> None:
    codes = [(429, 613), (500, 2), (400, 190), (400, 551), (400, 100)]
    meta.script(answers=[{"status": status, "body": {"error": {"code": code, "message": "x"}}} for status, code in codes])
    outcomes = [await adapter.send([envelope()]) for _ in codes]
    busy, broken, token, gone, wrong = outcomes
    assert isinstance(busy, Retry)
    assert isinstance(broken, Retry)
    assert isinstance(token, Retry)
    assert (busy.everyone, busy.broken) == (True, False)
    assert (broken.everyone, broken.broken, broken.uncertain) == (False, True, True)
    assert (token.reason, token.everyone, token.broken) == (refusal.TOKEN_REASON, True, True)
    assert (gone, wrong) == (Stop(refusal.UNAVAILABLE_REASON, blocked=True), Stop("Meta ไม่รับข้อความนี้: 100 x"))
    assert isinstance(await adapter.send([envelope()]), Sent)
    assert meta.violations() == []


async def test_a_message_of_several_parts_is_not_repeated_as_a_whole(adapter: MetaChannel, meta: StandIn) -> None:
    content = Text(text="".join(f"ข้อ {n} เตรียมบัตรประชาชนมาด้วยค่ะ\n" for n in range(150)))
    parts = len(adapter.render(content, "msg_1"))
    meta.script(answers=[{"status": 200, "body": {"message_id": "m_first"}}, {"status": 429}])
    first = await adapter.send([envelope(content)])
    assert isinstance(first, Retry)
    assert isinstance(await adapter.send([envelope(content, notes=first.notes)]), Sent)
    said = [call["body"]["message"]["text"] for call in meta.calls()]
    assert (len(said), len(set(said))) == (parts + 1, parts)


async def test_seen_and_typing(adapter: MetaChannel, meta: StandIn) -> None:
    await adapter.acknowledge(CITIZEN, {})
    assert [call["body"]["sender_action"] for call in meta.calls()] == ["mark_seen", "typing_on"]
    assert meta.violations() == []


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_setup_makes_the_menu_and_says_what_is_left(platform: Platform, meta: StandIn) -> None:
    lines = await setup(platform, account(api_url=meta.url), "เทศบาลเมืองธาราใส", "https://city.example/webhooks/x/main")
    (profile,) = (call["body"] for call in meta.calls() if call["path"].endswith("/messenger_profile"))
    for menu in profile["persistent_menu"]:
        assert [(item["title"], item["payload"]) for item in menu["call_to_actions"]] == MENU
        assert all(len(item["title"]) <= 30 for item in menu["call_to_actions"])
    assert all(len(greeting["text"]) <= 160 and "ธาราใส" in greeting["text"] for greeting in profile.get("greeting", []))
    assert ("ice_breakers" in profile, "get_started" in profile) == (platform == "instagram", platform == "messenger")
    said = "\n".join(lines)
    assert "https://city.example/webhooks/x/main" in said
    assert verify_token(account()) in said
    assert "NOT subscribed" in said  # the stand-in does not know the call, as Meta refuses it without the permission
    assert "messaging_postbacks" in said
    assert TOKEN not in said


def test_the_menu_says_what_the_assistant_understands() -> None:
    offered = {choice.payload for _, content in answers.every() for choice in getattr(content, "choices", [])}
    assert {payload for _, payload in MENU} <= offered


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"api_url": "http://127.0.0.1:9"}, "cannot be reached"), ({"version": "none"}, "Do page id, token, API_URL")],
)
async def test_setup_that_fails_says_why(meta: StandIn, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(SetupFailed, match=said) as failed:
        await setup("messenger", account(**{"api_url": meta.url, **changes}), "เมือง", "https://city.example/w")
    assert TOKEN not in str(failed.value)


@pytest.mark.parametrize("example", EXAMPLES)
def test_metas_own_examples_are_verified_and_understood(shared: Path, example: str) -> None:
    examples = json.loads((shared / "specs/meta/messenger-instagram-webhook-examples.json").read_text(encoding="utf-8"))
    assert set(examples) - {"_source"} == set(EXAMPLES)
    body = json.dumps(examples[example]).encode()
    adapter = channel("instagram" if example.startswith("instagram") else "messenger")
    adapter.verify(body, signed(body))
    found = adapter.parse(json.loads(body))
    assert [(one.content.kind, one.content.event) for one in found if isinstance(one, Inbound)] == EXAMPLES[example]
    assert len(found) == len(EXAMPLES[example])
