"""What Telegram, or the network, says instead of taking a message."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.contract import Outcome, Retry, Sent, Stop
from channels.telegram.channel import TelegramChannel
from channels.telegram.client import close, connect
from channels.telegram.send import send
from tests.contract.telegram.samples import HELLO, TOKEN, account, envelope, refusal
from tests.platforms import Platform
from tests.ports import free_port


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (refusal(429, "Too Many Requests: retry after 3", retry_after=3), Retry("", after=3.0)),
        (refusal(403, "Forbidden: bot was blocked by the user"), Stop("", blocked=True)),
        (refusal(403, "Forbidden: user is deactivated"), Stop("", blocked=True)),
        (refusal(400, "Bad Request: chat not found"), Stop("")),
        (refusal(400, "Bad Request: message is too long"), Stop("")),
        (refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100), Stop("")),
        (refusal(401, "Unauthorized"), Retry("", broken=True, everyone=True)),
        (refusal(404, "Not Found"), Retry("", broken=True, everyone=True)),
        (refusal(409, "Conflict: terminated by other getUpdates request"), Retry("")),
        (refusal(500, "Internal Server Error"), Retry("", broken=True, uncertain=True)),
        (refusal(502, "Bad Gateway"), Retry("", broken=True, uncertain=True)),
    ],
    ids=lambda one: one["description"] if isinstance(one, dict) else "",
)
async def test_refusals(
    channel: TelegramChannel, telegram_platform: Platform, answer: dict[str, Any], expected: Retry | Stop
) -> None:
    telegram_platform.script(method="sendMessage", answers=[answer])
    outcome = await channel.send([envelope(HELLO)])
    assert isinstance(outcome, Retry | Stop)
    assert replace(outcome, reason="") == expected
    assert "Telegram" in outcome.reason or "บอต" in outcome.reason
    assert TOKEN not in outcome.reason
    assert isinstance(await channel.send([envelope(HELLO)]), Sent)


@pytest.mark.parametrize(
    ("status", "body"), [(200, "gateway"), (200, '{"ok": true}'), (200, '{"ok": true, "result": [1]}'), (503, "<html>")]
)
async def test_an_answer_that_is_none_of_the_interface(status: int, body: str) -> None:
    async def say(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    outcome = await sent_to(say)
    assert isinstance(outcome, Retry)
    assert (outcome.uncertain, outcome.broken) == (True, True)


async def test_no_answer_in_time_may_have_arrived() -> None:
    ended = asyncio.Event()

    async def hang(_request: web.Request) -> web.Response:
        await ended.wait()
        return web.Response()

    try:
        outcome = await sent_to(hang, ended)
    finally:
        ended.set()
    assert isinstance(outcome, Retry)
    assert (outcome.uncertain, outcome.broken) == (True, True)


async def test_a_cut_connection_may_have_arrived_and_none_cannot_have() -> None:
    async def cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    lost = await sent_to(cut)
    bot = connect(account(f"http://127.0.0.1:{free_port()}"))
    away = await send(bot, envelope(HELLO), breath=0)
    await close(bot)
    assert isinstance(lost, Retry)
    assert isinstance(away, Retry)
    assert [(one.uncertain, one.broken) for one in (lost, away)] == [(True, True), (False, True)]


async def sent_to(handler: Callable[[web.Request], Awaitable[web.Response]], ended: asyncio.Event | None = None) -> Outcome:
    """What comes of a message when a server answers so; the client waits 0.3 seconds."""
    app = web.Application()
    app.router.add_post("/{path:.*}", handler)
    async with TestServer(app) as server:
        bot = connect(account(str(server.make_url("/")).rstrip("/")), seconds=0.3)
        try:
            return await send(bot, envelope(HELLO), breath=0)
        finally:
            if ended is not None:
                ended.set()
            await close(bot)
