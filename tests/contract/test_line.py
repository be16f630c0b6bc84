"""Our sender and LINE's own SDK against LINE's stand-in, which judges every call by LINE's published interface."""

import asyncio
import dataclasses
import io
import socket
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image
from pydantic import SecretStr

from channels.contract import Envelope, MediaGone, MediaLater, Retry, Sent, Stop
from channels.line import refusal, richmenu
from channels.line.channel import LineChannel
from channels.line.quota import QuotaUnknown
from channels.line.render import render
from channels.line.send import TOKEN_LIFE, fitting
from channels.line.setup import setup
from channels.request import BARE_INTENT
from channels.setup import SetupFailed
from conversations.content import Carousel, Choice, Outward, Text
from core import clock
from core.settings import ROOT, LineAccount
from tests.answers import LONG, every
from tests.platforms import Platform

REPLY, PUSH = "/v2/bot/message/reply", "/v2/bot/message/push"
CITIZEN = "U4af4980629"
WEBHOOK = "https://city.example/webhooks/line/main"
TOKEN = "a-long-lived-token"
WORDS = {"text", "label", "data", "displayText", "uri", "altText", "url", "originalContentUrl", "previewImageUrl"}


def account(url: str) -> LineAccount:
    return LineAccount(channel_secret=SecretStr("s"), access_token=SecretStr(TOKEN), api_url=url, data_url=url)


@pytest.fixture
async def line(line_platform: Platform) -> AsyncIterator[LineChannel]:
    line_platform.forget()
    channel = LineChannel("main", account(line_platform.url), limit=1000)
    yield channel
    await channel.close()
    assert line_platform.violations() == []


class Silence:
    """A server that takes a call and never answers it, or hangs up, or answers nonsense."""

    def __init__(self, does: str) -> None:
        self.does = does
        self.calls = 0
        self._done = asyncio.Event()

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        self._done.set()
        self._server.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.calls += 1
        if self.does == "nonsense":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: application/json\r\n\r\n\xff{}")
            await writer.drain()
        if self.does == "silence":
            await self._done.wait()
        writer.close()


_number = 0


def envelope(content: Outward, *, token: str | None = None, age: float = 0, **more: Any) -> Envelope:
    global _number
    _number += 1
    given: dict[str, Any] = {
        "outbox_id": f"out_{_number}",
        "conversation_id": "con_1",
        "external_id": CITIZEN,
        "account": "main",
        "message_id": f"msg_{_number}",
        "sequence": _number,
        "author": "bot",
        "content": content,
        "event_id": "e1",
        "attempts": 1,
        "event": {"reply_token": token} if token else {},
        "event_at": clock.now() - timedelta(seconds=age),
    }
    return Envelope(**(given | more))


async def tokens(platform: Platform, *names: str) -> None:
    await asyncio.to_thread(platform.post, "/_tokens", {"tokens": list(names)})


async def script(platform: Platform, path: str, *answers: dict[str, Any]) -> None:
    await asyncio.to_thread(platform.script, path=path, answers=list(answers))


def paths(platform: Platform) -> list[str]:
    return [call["path"].rsplit("/", 1)[-1] for call in platform.calls()]


async def send_all(line: LineChannel, envelopes: Sequence[Envelope]) -> list[Sent]:
    """As the sender does: up to a batch at a time, in order, until all have left."""
    outcomes: list[Sent] = []
    waiting = list(envelopes)
    while waiting:
        outcome = await line.send(waiting[: line.batch])
        assert isinstance(outcome, Sent), outcome
        outcomes.append(outcome)
        waiting = waiting[outcome.count :]
    return outcomes


def parts(value: Any) -> set[str]:
    """Every kind of part in a payload: its fields, and what they hold unless it is words."""
    if isinstance(value, list):
        return {part for one in value for part in parts(one)}
    if not isinstance(value, dict):
        return set()
    own = {key: one for key, one in value.items() if isinstance(one, str | int) and key not in WORDS}
    return {repr((sorted(value), sorted(own.items())))}.union(*(parts(one) for one in value.values()))


def answers() -> list[Outward]:
    """All answers, but of cards only as many as show every part that one can have: judging each takes half a second."""
    cards: list[tuple[Outward, set[str]]] = []
    plain: list[Outward] = []
    for _, content in every():
        if isinstance(content, Carousel):
            content = content.model_copy(update={"cards": content.cards[:2]})
        payloads = render(content)
        if any(payload["type"] == "flex" for payload in payloads):
            cards.append((content, parts(payloads)))
        else:
            plain.append(content)
    chosen: list[Outward] = []
    seen: set[str] = set()
    for content, found in sorted(cards, key=lambda pair: -len(pair[1])):
        if not found <= seen:
            chosen.append(content)
            seen |= found
    return [*plain, *chosen]


async def test_every_answer_leaves_by_reply_and_none_breaks_a_rule(line: LineChannel, line_platform: Platform) -> None:
    contents = answers()
    assert len(contents) > 150
    names = [f"r{number}" for number in range(len(contents))]
    await tokens(line_platform, *names)
    outcomes = await send_all(line, [envelope(content, token=name) for content, name in zip(contents, names, strict=True)])
    assert sum(outcome.count for outcome in outcomes) == len(contents)
    assert set(paths(line_platform)) == {"reply"}
    assert all(call["retry_key"] is None and len(call["body"]["messages"]) <= 5 for call in line_platform.calls())
    assert all(len(outcome.references) >= outcome.count for outcome in outcomes)


async def test_answers_leave_one_by_one_by_push_each_with_its_own_key(line: LineChannel, line_platform: Platform) -> None:
    known = dict(every())
    contents = [content for name, content in known.items() if name.startswith(("text-", "image", "location"))]
    contents += [known["card-bare"], known["card-plain-http"]]
    for content in contents:
        assert isinstance(await line.send([envelope(content)]), Sent)
    assert paths(line_platform) == ["push"] * len(contents)
    assert len({call["retry_key"] for call in line_platform.calls()}) == len(contents)
    assert all(call["body"]["to"] == CITIZEN for call in line_platform.calls())


async def test_a_batch_leaves_in_one_call_with_all_quick_replies_on_its_last_message(
    line: LineChannel, line_platform: Platform
) -> None:
    thumbs = [Choice(title="ช่วยได้", payload="/y"), Choice(title="ไม่ตรง", payload="/n")]
    first, second = Text(text="หนึ่ง", choices=thumbs), Text(text="สอง", choices=[Choice(title="ต่อ", payload="/go"), thumbs[0]])
    await tokens(line_platform, "batch")
    outcome = await line.send([envelope(content, token="batch") for content in (first, second, Text(text="สาม"))])
    assert isinstance(outcome, Sent)
    assert (outcome.count, len(outcome.references)) == (3, 3)
    (call,) = line_platform.calls()
    rows = [
        [item["action"]["data"] for item in message.get("quickReply", {}).get("items", [])]
        for message in call["body"]["messages"]
    ]
    assert rows == [[], [], ["/go", "/y", "/n"]]


async def test_what_does_not_fit_into_one_call_waits_for_the_next(line: LineChannel, line_platform: Platform) -> None:
    long = Text(text=LONG)  # three messages
    outcome = await line.send([envelope(long), envelope(long), envelope(Text(text="x"))])
    assert isinstance(outcome, Sent)
    assert (outcome.count, len(line_platform.calls()[0]["body"]["messages"])) == (1, 3)


def test_a_repeated_batch_is_the_same_and_does_not_take_in_what_was_never_sent() -> None:
    claimed = [envelope(Text(text=str(number)), uncertain=True) for number in range(2)]
    later = envelope(Text(text="later"))
    assert fitting([*claimed, later]) == fitting(claimed)
    assert [one.outbox_id for one in fitting([*claimed, later])[0]] == [one.outbox_id for one in claimed]


async def test_a_push_repeated_after_a_crash_is_taken_once(line: LineChannel, line_platform: Platform) -> None:
    batch = [envelope(Text(text="หนึ่ง")), envelope(Text(text="สอง"))]
    first, second = await line.send(batch), await line.send(batch)
    assert isinstance(first, Sent)
    assert len(first.references) == 2
    assert second == Sent(2)  # LINE knew the key
    one, other = line_platform.calls()
    assert one["retry_key"] == other["retry_key"] is not None


async def test_a_reply_repeated_after_a_crash_was_ours(line: LineChannel, line_platform: Platform) -> None:
    await tokens(line_platform, "once")
    batch = [envelope(Text(text="หนึ่ง"), token="once"), envelope(Text(text="สอง"), token="once")]
    assert isinstance(await line.send(batch), Sent)
    again = [dataclasses.replace(one, uncertain=True) for one in batch]
    assert await line.send(again) == Sent(2)
    assert paths(line_platform) == ["reply", "reply"]


async def test_more_answers_than_a_reply_takes_go_on_by_push_even_when_their_first_attempt_was_lost(
    line: LineChannel, line_platform: Platform
) -> None:
    await tokens(line_platform, "shared")
    first, second = envelope(Text(text=LONG), token="shared"), envelope(Text(text=LONG), token="shared")
    outcome = await line.send([first, second])
    assert isinstance(outcome, Sent)
    assert outcome.count == 1
    assert isinstance(await line.send([dataclasses.replace(second, uncertain=True, answered=True)]), Sent)
    assert paths(line_platform) == ["reply", "push"]


async def test_a_dead_token_is_told_and_the_next_attempt_pushes(line: LineChannel, line_platform: Platform) -> None:
    outcome = await line.send([envelope(Text(text="x"), token="never issued")])
    assert isinstance(outcome, Retry)
    assert (outcome.after, outcome.notes, outcome.uncertain, outcome.broken) == (0, {"push": True}, False, False)
    assert isinstance(await line.send([envelope(Text(text="x"), token="never issued", notes=outcome.notes, attempts=2)]), Sent)
    assert paths(line_platform) == ["reply", "push"]


@pytest.mark.parametrize("uncertain", [False, True])
async def test_an_old_token_is_not_tried(line: LineChannel, line_platform: Platform, uncertain: bool) -> None:
    await tokens(line_platform, "old")
    old = envelope(Text(text="x"), token="old", age=TOKEN_LIFE.total_seconds() + 1, uncertain=uncertain)
    assert isinstance(await line.send([old]), Sent)
    assert paths(line_platform) == ["push"]


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
    monkeypatch.setattr("channels.line.send.PATIENCE", aiohttp.ClientTimeout(total=0.3))
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


async def test_a_file_is_fetched_up_to_the_limit(line: LineChannel, line_platform: Platform) -> None:
    for number, size in (("1", 1000), ("2", 1001)):
        await asyncio.to_thread(line_platform.post, "/_content", {"id": number, "hex": "ff" * size})
    file = await line.fetch({"kind": "image", "id": "1", "name": "บ้าน.jpg"})
    assert (len(file.data), file.media_type, file.name) == (1000, "image/jpeg", "บ้าน.jpg")
    with pytest.raises(MediaGone, match="too_large"):
        await line.fetch({"kind": "image", "id": "2"})


@pytest.mark.parametrize(
    ("status", "error"),
    [(202, MediaLater), (500, MediaLater), (503, MediaLater), (429, MediaLater), (404, MediaGone), (410, MediaGone)],
)
async def test_a_file_that_is_not_there(line: LineChannel, line_platform: Platform, status: int, error: type[Exception]) -> None:
    await script(line_platform, "/v2/bot/message/77/content", {"status": status})
    with pytest.raises(error):
        await line.fetch({"kind": "image", "id": "77"})


@pytest.mark.parametrize("media", [{"url": "http://169.254.169.254/"}, {"id": "1", "url": "https://example.com/a.jpg"}])
async def test_a_foreign_address_is_never_asked(line: LineChannel, line_platform: Platform, media: dict[str, str]) -> None:
    with pytest.raises(MediaGone, match="foreign"):
        await line.fetch({"kind": "image", **media})
    assert line_platform.calls() == []


@pytest.mark.parametrize("media", [{}, {"id": ""}, {"id": 7}, {"id": "../../bot/info?x="}])
async def test_a_file_without_a_sound_id_is_gone(line: LineChannel, line_platform: Platform, media: dict[str, Any]) -> None:
    with pytest.raises(MediaGone):
        await line.fetch(media)
    assert line_platform.calls() == []


async def test_an_unreachable_platform_is_asked_for_the_file_later() -> None:
    async with Silence("hangs up") as url:
        channel = LineChannel("main", account(url), limit=1000)
        with pytest.raises(MediaLater):
            await channel.fetch({"id": "1"})
        await channel.close()


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


async def test_the_quota_is_read(line: LineChannel, line_platform: Platform) -> None:
    limit, used = await line.quota()
    assert limit == 300
    assert used >= 0
    await script(line_platform, "/v2/bot/message/quota", {"status": 200, "body": {"type": "none"}})
    assert (await line.quota())[0] is None
    await script(line_platform, "/v2/bot/message/quota", {"status": 401})
    with pytest.raises(QuotaUnknown):
        await line.quota()


BOT = {"userId": "U1", "basicId": "@pracha", "displayName": "ธาราใส", "chatMode": "bot", "markAsReadMode": "auto"}
TESTED = {"success": True, "timestamp": "2026-11-22T00:00:00Z", "statusCode": 200, "reason": "OK", "detail": "200"}


async def ready(platform: Platform, *, menus: Sequence[dict[str, Any]] = (), shown: str = "", **more: dict[str, Any]) -> None:
    """Let the stand-in answer a set-up as LINE would, with these menus made before."""
    default = (
        {"status": 200, "body": {"richMenuId": shown}} if shown else {"status": 404, "body": {"message": "no default richmenu"}}
    )
    endpoint = {"status": 200, "body": {"endpoint": WEBHOOK, "active": True}}
    for path, answers in {
        "/v2/bot/info": [more.get("info", {"status": 200, "body": BOT})],
        "/v2/bot/channel/webhook/endpoint": [{"status": 200, "body": {}}, more.get("endpoint", endpoint)],
        "/v2/bot/channel/webhook/test": [more.get("test", {"status": 200, "body": TESTED})],
        "/v2/bot/richmenu/list": [{"status": 200, "body": {"richmenus": list(menus)}}],
        "/v2/bot/user/all/richmenu": [default],
        "/v2/bot/richmenu": [{"status": 200, "body": {"richMenuId": "richmenu-new"}}],
    }.items():
        await script(platform, path, *answers)


@pytest.fixture
async def uploads() -> AsyncIterator[tuple[str, list[tuple[str, str, bytes]]]]:
    """LINE's host for files, by its address, and what was uploaded: the judge takes no picture whose type it can name."""
    taken: list[tuple[str, str, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        taken.append((request.path, request.content_type, await request.read()))
        return web.json_response({}, status=200 if request.headers["Authorization"] == f"Bearer {TOKEN}" else 401)

    app = web.Application(client_max_size=2_000_000)
    app.router.add_post("/v2/bot/richmenu/{id}/content", take)
    async with TestServer(app) as server:
        yield str(server.make_url("")), taken


def menu(menu_id: str, name: str) -> dict[str, Any]:
    return {**richmenu.request(), "richMenuId": menu_id, "name": name}


async def test_setup_registers_the_webhook_and_shows_the_menu(
    line: LineChannel, line_platform: Platform, uploads: tuple[str, list[tuple[str, str, bytes]]]
) -> None:
    host, uploaded = uploads
    await ready(line_platform, menus=[menu("richmenu-old", "pracha-0"), menu("richmenu-other", "ของแผนกอื่น")])
    lines = await setup(account(line_platform.url).model_copy(update={"data_url": host}), WEBHOOK, "เทศบาลเมืองธาราใส")
    assert lines[0] == "The token is good: ธาราใส (@pracha), for เทศบาลเมืองธาราใส."
    assert lines[1:] == [
        f"Webhook: {WEBHOOK}",
        "LINE reached the webhook.",
        "A new rich menu is shown to everybody.",
        "Deleted 1 older rich menu.",
    ]
    assert uploaded == [("/v2/bot/richmenu/richmenu-new/content", "image/png", richmenu.picture())]
    assert [(call["method"], call["path"]) for call in line_platform.calls()][-3:] == [
        ("POST", "/v2/bot/richmenu"),
        ("POST", "/v2/bot/user/all/richmenu/richmenu-new"),
        ("DELETE", "/v2/bot/richmenu/richmenu-old"),
    ]


async def test_setup_again_changes_nothing(line: LineChannel, line_platform: Platform) -> None:
    await ready(line_platform, menus=[menu("richmenu-1", richmenu.request()["name"])], shown="richmenu-1")
    assert (await setup(account(line_platform.url), WEBHOOK, "x"))[-1] == "The rich menu is in place."
    writes = [call["path"] for call in line_platform.calls() if call["method"] != "GET"]
    assert writes == ["/v2/bot/channel/webhook/endpoint", "/v2/bot/channel/webhook/test"]


async def test_setup_warns_of_what_the_operator_has_to_do(
    line: LineChannel, line_platform: Platform, uploads: tuple[str, list[tuple[str, str, bytes]]]
) -> None:
    inactive = {"status": 200, "body": {"endpoint": WEBHOOK, "active": False}}
    untested = {"status": 200, "body": {**TESTED, "success": False, "statusCode": 0, "reason": "COULD_NOT_CONNECT"}}
    chat = {"status": 200, "body": {**BOT, "chatMode": "chat"}}
    await ready(line_platform, endpoint=inactive, test=untested, info=chat)
    lines = await setup(account(line_platform.url).model_copy(update={"data_url": uploads[0]}), WEBHOOK, "x")
    assert [line.split(":")[0] for line in lines[1:5]] == ["Note", "Webhook", "Warning", "Warning"]
    assert "Use webhook" in lines[3]
    assert "COULD_NOT_CONNECT" in lines[4]


async def test_a_wrong_token_ends_the_setup_with_advice_and_without_the_token(line: LineChannel, line_platform: Platform) -> None:
    await script(line_platform, "/v2/bot/info", {"status": 401, "body": {"message": "Authentication failed"}})
    with pytest.raises(SetupFailed, match="Issue a long-lived one") as failed:
        await setup(account(line_platform.url), WEBHOOK, "x")
    assert TOKEN not in str(failed.value)


@pytest.mark.parametrize(
    ("change", "address", "words"),
    [
        ({}, "http://city.example/x", "https"),
        ({}, "https:///x", "https"),
        ({}, "https://[x", "PRACHA_PUBLIC_URL"),
        ({}, "https://city.example/" + "x" * 500, "500 characters"),
        ({"access_token": SecretStr("")}, WEBHOOK, "access token"),
        ({"channel_secret": SecretStr("")}, WEBHOOK, "channel secret"),
        ({"api_url": "http://127.0.0.1:9"}, WEBHOOK, "cannot be reached"),
    ],
)
async def test_setup_says_what_is_missing(change: dict[str, Any], address: str, words: str) -> None:
    with pytest.raises(SetupFailed, match=words):
        await setup(account("http://127.0.0.1:9").model_copy(update=change), address, "x")


def test_the_menus_fields_cover_its_picture_and_send_what_the_assistant_knows() -> None:
    areas = richmenu.request()["areas"]
    assert sum(area["bounds"]["width"] * area["bounds"]["height"] for area in areas) == richmenu.WIDTH * richmenu.HEIGHT
    intents = {str(name) for line in yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["intents"] for name in line}
    pressed = [area["action"]["data"] for area in areas if area["action"]["type"] == "postback"]
    assert len(pressed) == 5
    assert all(BARE_INTENT.fullmatch(payload) and payload[1:] in intents for payload in pressed)
    picture = richmenu.picture()
    assert len(picture) < 1_000_000
    assert Image.open(io.BytesIO(picture)).size == (richmenu.WIDTH, richmenu.HEIGHT)
