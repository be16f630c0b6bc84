"""The dots and the read mark that a citizen sees before an answer."""

import aiohttp
import pytest

from channels.line.channel import LineChannel
from tests.contract.line.samples import CITIZEN, Silence, account, script
from tests.platforms import Platform


async def test_the_citizen_sees_that_an_answer_is_coming(line: LineChannel, line_platform: Platform) -> None:
    await line.acknowledge(CITIZEN, {"source": "user", "reply_token": "t", "read_token": "30yhdy232"})
    bodies = {call["path"].rsplit("/", 1)[-1]: call["body"] for call in line_platform.calls()}
    assert bodies == {"start": {"chatId": CITIZEN, "loadingSeconds": 20}, "markAsRead": {"markAsReadToken": "30yhdy232"}}


async def test_groups_and_events_without_an_answer_get_no_dots(line: LineChannel, line_platform: Platform) -> None:
    await line.acknowledge("Ca56f94637c", {"source": "group", "reply_token": "t"})
    await line.acknowledge(CITIZEN, {"source": "user"})
    await line.acknowledge(CITIZEN, {})
    assert line_platform.calls() == []


async def test_a_failing_courtesy_is_silent(line: LineChannel, line_platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    await script(line_platform, "/v2/bot/chat/loading/start", {"status": 500})
    await script(line_platform, "/v2/bot/chat/markAsRead", {"status": 400})
    await line.acknowledge(CITIZEN, {"source": "user", "reply_token": "t", "read_token": "x"})
    assert len(line_platform.calls()) == 2
    monkeypatch.setattr("channels.line.acknowledge.PATIENCE", aiohttp.ClientTimeout(total=0.2))
    for does in ("silence", "hangs up", "nonsense"):
        async with Silence(does) as url:
            channel = LineChannel("main", account(url), limit=1000)
            await channel.acknowledge(CITIZEN, {"source": "user", "reply_token": "t", "read_token": "x"})
            await channel.close()
