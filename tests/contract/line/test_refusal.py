"""What LINE, or the network, says instead of taking a message."""

import socket
from typing import Any

import aiohttp
import pytest

from channels.contract import Retry, Stop
from channels.line import refusal
from channels.line.channel import LineChannel
from conversations.content import Text
from tests.contract.line.samples import PUSH, REPLY, TOKEN, Silence, account, envelope, script
from tests.platforms import Platform


@pytest.mark.parametrize(("path", "token"), [(REPLY, "t"), (PUSH, None)])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"status": 500}, {"kind": Retry, "uncertain": True, "broken": True, "everyone": False}),
        ({"status": 401, "body": {"message": "Authentication failed"}}, {"kind": Retry, "reason": refusal.TOKEN}),
        ({"status": 403, "body": {"message": "Access to this API denied"}}, {"kind": Retry, "broken": True, "everyone": True}),
        ({"status": 429, "body": {"message": "You have reached your monthly limit."}}, {"kind": Stop, "reason": refusal.QUOTA}),
        ({"status": 429, "body": {"message": "The API rate limit has been exceeded. Try again later."}},
         {"kind": Retry, "everyone": True, "broken": False, "uncertain": False, "after": None}),
        ({"status": 429, "headers": {"Retry-After": "7"}}, {"kind": Retry, "everyone": True, "after": 7.0}),
        ({"status": 400, "body": {"message": "The request body has 1 error(s)",
                                  "details": [{"message": "ความลับ", "property": "messages[0].text"}, {"property": "ความลับ"}]}},
         {"kind": Stop, "blocked": False, "reason": "LINE ไม่รับข้อความนี้ (400) The request body has 1 error(s) (messages[0].text)"}),
        ({"status": 404}, {"kind": Stop}),
    ],
)  # fmt: skip
async def test_refusals_are_told_apart(
    line: LineChannel, line_platform: Platform, path: str, token: str | None, answer: dict[str, Any], expected: dict[str, Any]
) -> None:
    await script(line_platform, path, answer)
    outcome = await line.send([envelope(Text(text="ความลับของฉัน"), token=token)])
    assert {"kind": type(outcome), **{name: getattr(outcome, name) for name in expected if name != "kind"}} == expected
    assert "ความลับ" not in repr(outcome)
    assert TOKEN not in repr(outcome)


@pytest.mark.parametrize("does", ["silence", "hangs up", "nonsense"])
async def test_a_lost_answer_leaves_it_uncertain(does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if does == "silence":  # the others end by themselves, however long a busy machine takes to connect
        monkeypatch.setattr("channels.line.send.PATIENCE", aiohttp.ClientTimeout(total=1))
    silence = Silence(does)
    async with silence as url:
        channel = LineChannel("main", account(url), limit=1000)
        outcome = await channel.send([envelope(Text(text="x"), token="t")])
        await channel.close()
    assert isinstance(outcome, Retry)
    assert (outcome.uncertain, outcome.broken, silence.calls) == (True, True, 1)


async def test_a_refused_connection_is_certain() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        channel = LineChannel("main", account(url), limit=1000)
        outcome = await channel.send([envelope(Text(text="x"))])
        await channel.close()
    assert isinstance(outcome, Retry)
    assert (outcome.uncertain, outcome.broken) == (False, True)
