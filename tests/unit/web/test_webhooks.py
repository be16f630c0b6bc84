"""The webhooks' addresses, spoken to over HTTP as platforms and strangers do."""

import asyncio
import gzip
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector
from aiohttp.test_utils import TestServer
from sqlalchemy import func, select

from channels.inbox import InboxEvent
from core.database import Database
from tests.unit.web import platforms
from tests.unit.web.town import KEY, Town
from tests.valkey import BundledValkey
from web import webhooks

MARK = "ความลับของประชาชน"


@pytest.fixture
async def town(database: Database, bundled: BundledValkey, tmp_path: Path) -> AsyncIterator[Town]:
    made = Town(database, bundled, tmp_path)
    made.settings = made.settings.model_copy(update=platforms.accounts())
    await made.start()
    yield made
    await made.stop()


async def stored(town: Town) -> int:
    async with town.database.read() as rows:
        return await rows.scalar(select(func.count()).select_from(InboxEvent)) or 0


@pytest.mark.parametrize("channel", platforms.NAMES)
async def test_a_signed_webhook_is_stored_and_answered_200(town: Town, http: ClientSession, channel: str) -> None:
    path, body, headers = platforms.webhook(channel, MARK)
    for _ in range(2):
        async with http.post(path, data=body, headers=headers) as answer:
            assert (answer.status, await answer.text()) == (200, "ok")
            assert "Set-Cookie" not in answer.headers
            assert "Access-Control-Allow-Origin" not in answer.headers
    async with town.database.read() as rows:
        (row,) = await rows.scalars(select(InboxEvent))
    assert (row.channel, row.account, row.content) == (channel, "main", {"kind": "text", "text": MARK})


@pytest.mark.parametrize("channel", platforms.NAMES)
async def test_a_stranger_gets_401_and_leaves_no_trace(
    town: Town, http: ClientSession, channel: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    path, body, headers = platforms.webhook(channel, MARK)
    changed = {name: value[:-3] + "abc" for name, value in headers.items()}
    for wrong in ({}, changed, dict.fromkeys(headers, ""), dict.fromkeys(headers, "ลายเซ็น"), dict.fromkeys(headers, "sha256=")):
        async with http.post(path, data=body, headers=wrong) as answer:
            assert answer.status == 401
            assert len(await answer.read()) < 100
    assert await stored(town) == 0
    said = "".join(capfd.readouterr()) + caplog.text
    assert MARK not in said


async def test_unknown_accounts_and_other_methods(http: ClientSession) -> None:
    for path in ("/webhooks/line/other", "/webhooks/web/default", "/webhooks/api/default", "/webhooks/%00/main"):
        async with http.post(path, data=b"{}") as answer:
            assert answer.status == 404
    for method, path in (("GET", "line"), ("PUT", "line"), ("DELETE", "messenger"), ("HEAD", "messenger"), ("OPTIONS", "line")):
        async with http.request(method, f"/webhooks/{path}/main") as answer:
            assert answer.status == 405, (method, path)
            assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
async def test_metas_question_is_answered_with_its_challenge(http: ClientSession, channel: str) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "<b>1158201444</b>", "hub.verify_token": platforms.VERIFY}
    async with http.get(f"/webhooks/{channel}/main", params=asked) as answer:
        assert (answer.status, await answer.text()) == (200, "<b>1158201444</b>")
        assert answer.content_type == "text/plain"
    for wrong in ({**asked, "hub.verify_token": "guessed"}, {**asked, "hub.mode": "unsubscribe"}, {}):
        async with http.get(f"/webhooks/{channel}/main", params=wrong) as answer:
            assert answer.status == 403
            assert "1158201444" not in await answer.text()


async def test_bodies_that_are_too_large_or_packed_are_refused_before_they_are_read(town: Town, http: ClientSession) -> None:
    path, body, headers = platforms.webhook("line", MARK)
    async with http.post(path, data=b"x" * (webhooks.LIMIT + 1), headers=headers) as answer:
        assert answer.status == 413

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(webhooks.LIMIT // 65536 + 2):
            yield b"x" * 65536

    async with http.post(path, data=endless(), headers=headers) as answer:
        assert answer.status == 413
    async with http.post(path, data=gzip.compress(body), headers={**headers, "Content-Encoding": "gzip"}) as answer:
        assert answer.status == 415
    assert await stored(town) == 0


async def test_a_body_as_large_as_allowed_is_taken(town: Town, http: ClientSession) -> None:
    path, body, headers = platforms.signed("line", b'{"events":[],"x":"' + b"x" * (webhooks.LIMIT - 20) + b'"}')
    assert len(body) == webhooks.LIMIT
    async with http.post(path, data=body, headers=headers) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    ("rest", "status"),
    [
        (b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n", b"400"),
        (b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n0\r\n\r\n", b"400"),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", b"400"),
        (b"Content-Length: minus\r\n\r\nabc", b"400"),
        (b"Content-Length: 100\r\n\r\nonly the beginning", b"408"),
    ],
)
async def test_broken_and_slow_bodies(town: Town, monkeypatch: pytest.MonkeyPatch, rest: bytes, status: bytes) -> None:
    monkeypatch.setattr(webhooks, "PATIENCE", 0.2)
    answer = await raw(town, b"POST /webhooks/line/main HTTP/1.1\r\nHost: localhost\r\n" + rest)
    assert answer.split(b" ", 2)[1] == status


async def raw(town: Town, request: bytes) -> bytes:
    """What is answered to these very bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", town.settings.port)
    writer.write(request)
    async with asyncio.timeout(5):
        answer = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return answer


async def test_a_sender_who_goes_away_in_the_middle_harms_nobody(town: Town, http: ClientSession) -> None:
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", town.settings.port)
        writer.write(b"POST /webhooks/line/main HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nonly")
        await writer.drain()
        writer.transport.abort()
    path, body, headers = platforms.webhook("line", MARK)
    async with http.post(path, data=body, headers=headers) as answer:
        assert answer.status == 200


async def test_a_database_that_is_away_is_a_503_so_that_the_platform_repeats(
    town: Town, http: ClientSession, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("core.sqlite.BUSY_MILLISECONDS", 50)
    path, body, headers = platforms.webhook("line", MARK)
    held = sqlite3.connect(str(town.database.engine.url).split("///", 1)[1], isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    async with http.post(path, data=body, headers=headers) as answer:
        assert answer.status == 503
        assert answer.headers["Retry-After"]
    async with http.post(path, data=body, headers={}) as answer:
        assert answer.status == 401  # strangers are told so without the database
    held.execute("ROLLBACK")
    held.close()
    async with http.post(path, data=body, headers=headers) as answer:
        assert answer.status == 200
    assert MARK not in "".join(capfd.readouterr())


async def test_a_database_server_that_is_not_there_is_a_503(town: Town, bundled: BundledValkey) -> None:
    nowhere = Database("postgresql+asyncpg://pracha:secret@127.0.0.1:1/pracha")
    town.database, kept = nowhere, town.database
    server = TestServer(town.application())
    await server.start_server()
    path, body, headers = platforms.webhook("telegram", MARK)
    async with ClientSession(server.make_url("/")) as session, session.post(path, data=body, headers=headers) as answer:
        assert answer.status == 503
    await server.close()
    await nowhere.close()
    town.database = kept


async def test_an_unreadable_body_of_the_platform_is_kept_and_never_repeated(town: Town, http: ClientSession) -> None:
    for channel in platforms.NAMES:
        for body in (
            b"",
            b"no JSON",
            b"\x00\xff",
            b"[" * 100_000,
            b'{"a":1e999}',
            b'"\\ud800"',
            json.dumps({"events": [None]}).encode(),
        ):
            path, _, headers = platforms.signed(channel, body)
            async with http.post(path, data=body, headers=headers) as answer:
                assert answer.status == 200, (channel, body[:20])
    async with town.database.read() as rows:
        states = set(await rows.scalars(select(InboxEvent.state)))
    assert "unreadable" in states


async def test_valkey_away_does_not_keep_a_platform_waiting(town: Town, http: ClientSession, bundled: BundledValkey) -> None:
    bundled.kill()
    path, body, headers = platforms.webhook("telegram", MARK)
    async with asyncio.timeout(2), http.post(path, data=body, headers=headers) as answer:
        assert answer.status == 200
    assert await stored(town) == 1


async def test_webhooks_are_counted_by_what_became_of_them(http: ClientSession) -> None:
    async def counted(outcome: str) -> float:
        async with http.get("/metrics", headers={"X-API-Key": KEY}) as answer:
            text = await answer.text()
        found = re.search(rf'pracha_webhooks_total{{account="main",channel="line",outcome="{outcome}"}} (\S+)', text)
        return float(found[1]) if found else 0.0

    before = {outcome: await counted(outcome) for outcome in ("ok", "unverified", "unreadable")}
    for body in (platforms.webhook("line", "a")[1], b"no JSON"):
        path, _, headers = platforms.signed("line", body)
        for signed in (headers, {}):
            async with http.post(path, data=body, headers=signed):
                pass
    after = {outcome: await counted(outcome) - value for outcome, value in before.items()}
    assert after == {"ok": 1, "unverified": 2, "unreadable": 1}


async def test_many_platforms_at_once(town: Town) -> None:
    async with ClientSession(town.url, connector=TCPConnector(limit=100)) as session:

        async def send(number: int) -> int:
            path, body, headers = platforms.webhook(platforms.NAMES[number % 4], f"ข้อ {number}")
            async with session.post(path, data=body, headers=headers) as answer:
                return answer.status

        assert set(await asyncio.gather(*(send(number) for number in range(400)))) == {200}
    assert await stored(town) == 400
