"""The Telegram channel with the real client against a server that judges every call by Telegram's published interface."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.contract import Envelope, Inbound, MediaGone, MediaLater, Outcome, Retry, Sent, Stop, Unverified
from channels.setup import SetupFailed
from channels.telegram.acknowledge import acknowledge
from channels.telegram.channel import TelegramChannel
from channels.telegram.client import close, connect
from channels.telegram.send import send
from channels.telegram.setup import UPDATES, setup
from channels.telegram.verify import secret
from conversations.content import Card, Choice, Image, LocationRequest, Outward, Text
from core.settings import TelegramAccount
from tests import answers
from tests.platforms import Platform
from tests.unit.channels.telegram.updates import CITIZEN, EVERY
from tests.valkey import free_port

TOKEN = "123456:a-token-that-nobody-may-see"
MESSAGE = "msg_01k9x4e2vq8f3m7c6d5b4a3z2y"
HELLO = Text(text="สวัสดีค่ะ")
LONG = Text(text=answers.LONG, choices=answers.THUMBS)
FOLLOW = Choice(title="ติดตามเรื่อง", kind="link", payload="https://city.example/cases/P69-000123-8")


def account(url: str) -> TelegramAccount:
    return TelegramAccount(token=TOKEN, api_url=url)


def envelope(content: Outward, **more: Any) -> Envelope:
    base = Envelope("out_1", "cnv_1", str(CITIZEN), "main", MESSAGE, 1, "bot", content, None, 1)
    return replace(base, **more)


def refusal(code: int, description: str, **parameters: Any) -> dict[str, Any]:
    answer = {"ok": False, "error_code": code, "description": description}
    return {**answer, "parameters": parameters} if parameters else answer


@pytest.fixture
async def channel(telegram_platform: Platform) -> AsyncIterator[TelegramChannel]:
    telegram_platform.forget()
    made = TelegramChannel("main", account(telegram_platform.url), limit=2000, breath=0)
    yield made
    await made.close()
    assert telegram_platform.violations() == []


def called(platform: Platform) -> list[str]:
    return [call["method"] for call in platform.calls()]


async def test_every_answer_is_taken(channel: TelegramChannel, telegram_platform: Platform) -> None:
    taken = 0
    for name, content in answers.every():
        outcome = await channel.send([envelope(content)])
        assert isinstance(outcome, Sent), (name, outcome)
        assert outcome.count == 1
        assert all(one.startswith(f"{CITIZEN}:") for one in outcome.references)
        taken += len(outcome.references)
    assert taken == len(telegram_platform.calls()) > len(answers.every())


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


async def test_a_repeat_goes_on_where_the_first_attempt_ended(channel: TelegramChannel, telegram_platform: Platform) -> None:
    busy = refusal(429, "Too Many Requests: retry after 1", retry_after=1)
    whole = await channel.send([envelope(LONG)])
    assert isinstance(whole, Sent)
    texts = [call["args"]["text"] for call in telegram_platform.calls()]
    assert len(texts) == len(whole.references) > 3
    telegram_platform.forget()
    telegram_platform.script(method="sendMessage", answers=[_ok(1), _ok(2), busy, _ok(3), busy])
    first = await channel.send([envelope(LONG)])
    assert isinstance(first, Retry)
    assert first.notes == {"gone": 2, "references": [f"{CITIZEN}:1", f"{CITIZEN}:2"]}
    second = await channel.send([envelope(LONG, notes=first.notes)])
    assert isinstance(second, Retry)
    assert second.notes["gone"] == 3
    third = await channel.send([envelope(LONG, notes=second.notes)])
    assert isinstance(third, Sent)
    assert len(third.references) == len(texts)
    said = [call["args"]["text"] for call in telegram_platform.calls()]
    assert said == [*texts[:2], texts[2], texts[2], texts[3], *texts[3:]]


def _ok(number: int) -> dict[str, Any]:
    return {"ok": True, "result": {"message_id": number, "date": 1, "chat": {"id": CITIZEN, "type": "private"}}}


async def test_a_picture_that_telegram_cannot_fetch_is_sent_as_words(
    channel: TelegramChannel, telegram_platform: Platform
) -> None:
    telegram_platform.script(method="sendPhoto", answers=[refusal(400, "Bad Request: failed to get HTTP URL content")])
    outcome = await channel.send([envelope(Image(url="https://city.example/map.png", alt="แผนที่"))])
    assert isinstance(outcome, Sent)
    photo, text = telegram_platform.calls()
    assert (photo["method"], text["method"]) == ("sendPhoto", "sendMessage")
    assert text["args"]["text"] == "แผนที่\nhttps://city.example/map.png"


async def test_a_link_that_telegram_refuses_is_sent_as_words(channel: TelegramChannel, telegram_platform: Platform) -> None:
    telegram_platform.script(method="sendMessage", answers=[refusal(400, "Bad Request: BUTTON_URL_INVALID")])
    assert isinstance(await channel.send([envelope(Card(title="เรื่อง", choices=[FOLLOW]))]), Sent)
    assert telegram_platform.calls()[-1]["args"]["text"] == f"<b>เรื่อง</b>\nติดตามเรื่อง: {FOLLOW.payload}"


async def test_a_picture_for_nobody_is_not_tried_twice(channel: TelegramChannel, telegram_platform: Platform) -> None:
    telegram_platform.script(method="sendPhoto", answers=[refusal(400, "Bad Request: chat not found")])
    assert isinstance(await channel.send([envelope(Image(url="https://city.example/map.png"))]), Stop)
    assert called(telegram_platform) == ["sendPhoto"]


async def test_a_group_keeps_its_letters(channel: TelegramChannel, telegram_platform: Platform) -> None:
    for content in (HELLO, LocationRequest(text="ที่ไหนคะ"), Text(text="ใช่ไหมคะ", choices=answers.THUMBS)):
        assert isinstance(await channel.send([envelope(content, external_id="-1001234")]), Sent)
    assert ["reply_markup" in call["args"] for call in telegram_platform.calls()] == [False, False, True]


async def test_a_chat_that_is_no_number_is_stopped(channel: TelegramChannel, telegram_platform: Platform) -> None:
    assert isinstance(await channel.send([envelope(HELLO, external_id="somchai")]), Stop)
    assert telegram_platform.calls() == []


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


async def test_a_breath_is_taken_between_many_calls(telegram_platform: Platform) -> None:
    telegram_platform.forget()
    bot = connect(account(telegram_platform.url))
    begun = asyncio.get_running_loop().time()
    await send(bot, envelope(dict(answers.every())["carousel"]), breath=0.02)
    await close(bot)
    assert asyncio.get_running_loop().time() - begun > 0.02 * (len(telegram_platform.calls()) - 5) > 0


async def test_a_file_is_fetched(channel: TelegramChannel) -> None:
    file = await channel.fetch({"kind": "image", "id": "f1", "size": 1000})
    assert (file.data[:3], len(file.data), file.media_type, file.name) == (b"\xff\xd8\xff", 1000, "image/jpeg", "")
    file = await channel.fetch({"kind": "file", "id": "f1", "name": "คำขอ.pdf", "type": "application/pdf"})
    assert (file.media_type, file.name) == ("application/pdf", "คำขอ.pdf")


async def test_a_file_that_is_too_large(telegram_platform: Platform) -> None:
    telegram_platform.forget()
    small = TelegramChannel("main", account(telegram_platform.url), limit=999)
    with pytest.raises(MediaGone, match="too_large"):
        await small.fetch({"kind": "image", "id": "f1", "size": 1000})
    assert telegram_platform.calls() == []
    with pytest.raises(MediaGone, match="too_large"):  # whatever size Telegram told
        await small.fetch({"kind": "image", "id": "f1", "size": 10})
    await small.close()


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (refusal(400, "Bad Request: file is too big"), MediaGone, "too_large"),
        (refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable"), MediaLater, "^$"),
        (refusal(400, "Bad Request: invalid file_id"), MediaGone, "gone"),
        (refusal(401, "Unauthorized"), MediaLater, "^$"),
        (refusal(429, "Too Many Requests", retry_after=1), MediaLater, "^$"),
        (refusal(500, "Internal Server Error"), MediaLater, "^$"),
    ],
)
async def test_a_file_that_cannot_be_had(
    channel: TelegramChannel, telegram_platform: Platform, answer: dict[str, Any], error: type[Exception], code: str
) -> None:
    telegram_platform.script(method="getFile", answers=[answer])
    with pytest.raises(error, match=code) as raised:
        await channel.fetch({"kind": "image", "id": "f1"})
    assert TOKEN not in f"{raised.value!r}"


async def test_a_pressed_button_is_let_go(channel: TelegramChannel, telegram_platform: Platform) -> None:
    links = [{"text": "แผนที่", "url": "https://city.example/map"}]
    await channel.acknowledge(str(CITIZEN), {"callback": "cb1", "message": 7})
    await channel.acknowledge(str(CITIZEN), {"callback": "cb2", "message": 7, "links": links})
    answered, tidied, _, kept = telegram_platform.calls()
    assert answered == {"method": "answerCallbackQuery", "args": {"callback_query_id": "cb1"}}
    assert tidied == {"method": "editMessageReplyMarkup", "args": {"chat_id": CITIZEN, "message_id": 7}}
    assert kept["args"]["reply_markup"] == {"inline_keyboard": [links]}


async def test_others_see_that_an_answer_is_being_written_and_groups_nothing(
    channel: TelegramChannel, telegram_platform: Platform
) -> None:
    await channel.acknowledge("-100", {})
    await channel.acknowledge("-100", {"callback": "cb1", "message": 7})
    await channel.acknowledge(str(CITIZEN), {})
    assert telegram_platform.calls() == [{"method": "sendChatAction", "args": {"chat_id": CITIZEN, "action": "typing"}}]


async def test_an_acknowledgement_that_fails_does_not_matter(channel: TelegramChannel, telegram_platform: Platform) -> None:
    old = refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    telegram_platform.script(method="answerCallbackQuery", answers=[old])
    telegram_platform.script(method="editMessageReplyMarkup", answers=[refusal(400, "Bad Request: message is not modified")])
    telegram_platform.script(method="sendChatAction", answers=[refusal(500, "Internal Server Error")])
    await channel.acknowledge(str(CITIZEN), {"callback": "cb1", "message": 7})
    await channel.acknowledge(str(CITIZEN), {})
    assert called(telegram_platform) == ["answerCallbackQuery", "editMessageReplyMarkup", "sendChatAction"]


async def test_an_acknowledgement_does_not_wait_for_a_platform_that_hangs() -> None:
    ended = asyncio.Event()

    async def hang(_request: web.Request) -> web.Response:
        await ended.wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/{path:.*}", hang)
    async with TestServer(app) as server, asyncio.timeout(5):
        bot = connect(account(str(server.make_url("/"))))
        await acknowledge(bot, str(CITIZEN), {}, seconds=0.1)
        ended.set()
        await close(bot)


async def test_setup(telegram_platform: Platform) -> None:
    telegram_platform.forget()
    own = account(telegram_platform.url)
    lines = await setup(own, "https://city.example/webhooks/telegram/main", "เทศบาลเมืองธาราใส")
    assert telegram_platform.violations() == []
    calls = {call["method"]: call["args"] for call in telegram_platform.calls()}
    assert calls["setWebhook"] == {
        "url": "https://city.example/webhooks/telegram/main",
        "secret_token": secret(own),
        "allowed_updates": UPDATES,
        "max_connections": 40,
    }
    languages = [call["args"].get("language_code") for call in telegram_platform.calls() if call["method"] == "setMyCommands"]
    assert languages == [None, "en"]
    assert "เทศบาลเมืองธาราใส" in str([call["args"] for call in telegram_platform.calls() if call["method"] == "setMyDescription"])
    assert "@spec_bot" in lines[0]
    assert TOKEN not in "".join(lines)
    assert secret(own) not in "".join(lines)


async def test_setup_tells_what_went_wrong_last(telegram_platform: Platform) -> None:
    info = {"url": "https://a.example", "has_custom_certificate": False, "pending_update_count": 12}
    failed = {"last_error_date": 1_795_000_000, "last_error_message": "Wrong response from the webhook: 502 Bad Gateway"}
    telegram_platform.script(method="getWebhookInfo", answers=[{"ok": True, "result": {**info, **failed}}])
    lines = await setup(account(telegram_platform.url), "https://city.example/webhooks/telegram/main", "เมือง")
    assert lines[-2] == "waiting at Telegram: 12 updates"
    assert lines[-1].endswith("Wrong response from the webhook: 502 Bad Gateway")


@pytest.mark.parametrize(
    ("url", "more", "words"),
    [
        ("http://city.example/w", {}, "https"),
        ("https://city.example:8080/w", {}, "8443"),
        ("https://city.example:x/w", {}, "PRACHA_PUBLIC_URL"),
        ("https://city.example/w", {"webhook_secret": "ไทย"}, "WEBHOOK_SECRET"),
        ("https://city.example/w", {"token": ""}, "BotFather"),
    ],
)
async def test_setup_asks_for_what_is_missing(telegram_platform: Platform, url: str, more: dict[str, str], words: str) -> None:
    telegram_platform.forget()
    own = TelegramAccount.model_validate({"token": TOKEN, "api_url": telegram_platform.url, **more})
    with pytest.raises(SetupFailed, match=words):
        await setup(own, url, "เมือง")
    assert telegram_platform.calls() == []


@pytest.mark.parametrize(
    ("method", "answer", "words"),
    [
        ("getMe", refusal(401, "Unauthorized"), "does not know this token"),
        (
            "setWebhook",
            refusal(400, "Bad Request: bad webhook: Failed to resolve host"),
            "Failed to resolve host|failed to resolve host",
        ),
        ("setWebhook", refusal(429, "Too Many Requests", retry_after=5), "in 5 seconds"),
        ("setMyCommands", refusal(500, "Internal Server Error"), "cannot be reached"),
    ],
)
async def test_setup_says_why_telegram_refused(
    telegram_platform: Platform, method: str, answer: dict[str, Any], words: str
) -> None:
    telegram_platform.script(method=method, answers=[answer])
    with pytest.raises(SetupFailed, match=words) as raised:
        await setup(account(telegram_platform.url), "https://city.example/webhooks/telegram/main", "เมือง")
    assert TOKEN not in str(raised.value)


async def test_every_update_reaches_us_with_its_secret(telegram_platform: Platform) -> None:
    channel = TelegramChannel("main", account(telegram_platform.url), limit=2000)
    got: list[Inbound] = []

    async def receive(request: web.Request) -> web.Response:
        try:
            channel.verify(await request.read(), request.headers)
        except Unverified:
            return web.Response(status=401)
        got.extend(one for one in channel.parse(await request.json()) if isinstance(one, Inbound))
        return web.Response()

    app = web.Application()
    app.router.add_post("/webhook", receive)
    async with TestServer(app) as server:
        hook = {"url": str(server.make_url("/webhook")), "secret_token": secret(account(""))}
        await asyncio.to_thread(telegram_platform.post, f"/bot{TOKEN}/setWebhook", hook)
        for name, update, *_ in EVERY:
            answer = await asyncio.to_thread(telegram_platform.post, "/_update", update)
            assert answer == {"status": 200, "body": ""}, name
        wrong = {**hook, "secret_token": "x" * 43}
        await asyncio.to_thread(telegram_platform.post, f"/bot{TOKEN}/setWebhook", wrong)
        assert (await asyncio.to_thread(telegram_platform.post, "/_update", EVERY[0][1]))["status"] == 401
    assert [one.content.kind for one in got] == [kind for _, _, kind, _ in EVERY]


async def test_no_line_of_any_log_holds_the_token_or_what_was_said(telegram_platform: Platform) -> None:
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    root, keep = logging.getLogger(), Keep()
    before = root.level
    root.addHandler(keep)
    root.setLevel(logging.DEBUG)
    try:
        channel = TelegramChannel("main", account(telegram_platform.url), limit=2000)
        await channel.send([envelope(HELLO)])
        telegram_platform.script(method="sendMessage", answers=[refusal(500, "Internal Server Error")])
        await channel.send([envelope(HELLO)])
        await channel.fetch({"kind": "image", "id": "f1"})
        await channel.close()
    finally:
        root.removeHandler(keep)
        root.setLevel(before)
    assert not [line for line in lines if TOKEN in line or "สวัสดี" in line]
    assert not logging.getLogger("httpx").isEnabledFor(logging.ERROR)


def test_the_web_process_does_not_load_the_client() -> None:
    code = "import sys, channels.telegram.channel as c; sys.exit('telegram' in sys.modules or 'httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
