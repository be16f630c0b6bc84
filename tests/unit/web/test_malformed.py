"""Ten thousand malformed webhooks for each platform: signed and unsigned, cut, bent, oversized, and no JSON at all.

No request may end in a 5xx, none may disturb the event loop, a wrong signature is a 401, and nothing of a body may be logged.
"""

import asyncio
import base64
import copy
import json
import random
import threading
from collections.abc import Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvloop
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from channels.inbox import InboxEvent
from core.database import Base, Database
from tests.unit.web import platforms
from tests.unit.web.town import Town
from tests.valkey import BundledValkey
from web import webhooks

MARK = "MARK-7d1f3c"  # stands in every body, and must stand in no log
MUTATED, INVENTED, TOGETHER = 9_000, 100, 10  # bodies; examples of hypothesis, and the bodies of each
CONNECTIONS = 40
T = TypeVar("T")
Request = tuple[bytes, set[int]]  # the bytes on the wire, and what may be answered to them

NUMBERS = [0, -1, 2**31, 2**63, -(2**63) - 1, 10**400, 1e308, 0.1, True]
STRINGS = ["", "\0", "ก" * 300, MARK, "💡" * 100, "../../etc/passwd", "<script>", "' OR 1=1 --", "‮", "\u2028", "{" * 50]
ODD = [None, [], {}, [[]], {"": None}, *NUMBERS, *STRINGS]
RAW = [
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"1" * 5000,
    b'"\\ud83d"',
    b'"\\u0000"',
    b"\xff\xfe",
    b"[" * 2000,
    b'{"a":' * 900,
    b"\x00",
    b"'",
]


class Besieged:
    """The application behind a real server, in a thread and loop of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self.disturbed: list[dict[str, Any]] = []

    def start(self) -> None:
        self._loop.set_exception_handler(lambda _, context: self.disturbed.append(context))
        self._thread.start()
        self.run(self._start())

    def stop(self) -> None:
        self.run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(110)

    def send(self, requests: Sequence[Request]) -> None:
        """Send all of them over a few connections and look at every answer."""
        self.run(self._send(requests))

    def stored(self) -> int:
        return self.run(self._stored())

    async def _start(self) -> None:
        self._bundled = BundledValkey(self._folder)
        await self._bundled.start()
        self._database = Database(f"sqlite+aiosqlite:///{self._folder / 'besieged.sqlite3'}")
        async with self._database.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        self._town = Town(self._database, self._bundled, self._folder)
        self._server = TestServer(self._town.application(**platforms.accounts()), host="127.0.0.1")
        await self._server.start_server(access_log=None)

    async def _stop(self) -> None:
        await self._server.close()
        await self._town.stop()
        await self._database.close()
        self._bundled.kill()

    async def _send(self, requests: Sequence[Request]) -> None:
        waiting = iter(requests)
        async with asyncio.TaskGroup() as group:
            for _ in range(min(CONNECTIONS, len(requests))):
                group.create_task(_converse(self._server.port or 0, waiting))

    async def _stored(self) -> int:
        async with self._database.read() as rows:
            return await rows.scalar(select(func.count()).select_from(InboxEvent)) or 0


async def _converse(port: int, waiting: Iterator[Request]) -> None:
    """One connection after the other, each kept as long as the server keeps it."""
    request, allowed = next(waiting, (b"", set()))
    while request:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        fresh = True
        while request and not reader.at_eof():
            writer.write(request)
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
            except (asyncio.IncompleteReadError, ConnectionError):
                assert not fresh, (allowed, request[:2000])  # it was closed after the last answer: on to the next connection
                break
            body = await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0))
            status = int(head.split(b" ", 2)[1])
            assert status in allowed, (status, allowed, request[:2000])
            assert MARK.lower().encode() not in head + body.lower()
            (request, allowed), fresh = next(waiting, (b"", set())), False
            if b"connection: close" in head:
                break
        writer.close()


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    made = Besieged(tmp_path_factory.mktemp("besieged"))
    made.start()
    yield made
    made.stop()


@pytest.mark.parametrize("channel", platforms.NAMES)
def test_nine_thousand_bent_webhooks(
    besieged: Besieged, channel: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    chance, before = random.Random(f"malformed {channel}"), besieged.stored()
    besieged.send([_bent(channel, chance) for _ in range(MUTATED)])
    assert besieged.stored() - before > MUTATED / 20  # what was signed got in
    said = "".join(capfd.readouterr()) + caplog.text
    assert "unreadable_webhook" in said  # the log is looked at, and is not empty
    assert MARK not in said
    assert besieged.disturbed == []


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.just(MARK),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.sampled_from(["type", "text", "id"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("channel", platforms.NAMES)
def test_a_thousand_invented_webhooks(
    besieged: Besieged, channel: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    keys = _keys(platforms.payload(channel, MARK))

    @settings(max_examples=INVENTED, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(
        st.lists(st.tuples(_like(platforms.payload(channel, MARK), keys), st.booleans()), min_size=TOGETHER, max_size=TOGETHER)
    )
    def invented(bodies: list[tuple[Any, bool]]) -> None:
        besieged.send(
            [_request(channel, json.dumps([one, MARK] if odd else one).encode(), signed=not odd) for one, odd in bodies]
        )

    invented()
    assert MARK not in "".join(capfd.readouterr()) + caplog.text
    assert besieged.disturbed == []


def _like(template: Any, keys: list[str]) -> st.SearchStrategy[Any]:
    """Data of the shape of ``template``, any part of which may be missing or something else."""
    if isinstance(template, dict):
        whole: st.SearchStrategy[Any] = st.fixed_dictionaries(
            {}, optional={key: _like(one, keys) for key, one in template.items()}
        )
        return whole | st.dictionaries(st.sampled_from(keys), _json, max_size=3)
    if isinstance(template, list):
        return st.lists(_like(template[0], keys), max_size=3) | _json
    return st.just(template) | _json


def _keys(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [*data, *(key for one in data.values() for key in _keys(one))]
    return [key for one in data for key in _keys(one)] if isinstance(data, list) else []


def _bent(channel: str, chance: random.Random) -> Request:
    """One malformed webhook: of every five about two are signed, two are not, and one is broken in some other way."""
    body = _body(channel, chance)
    match chance.randrange(25):
        case 0:
            return _request(
                channel, body, more={"Content-Encoding": chance.choice(["gzip", "deflate", "br", "ก"])}, allowed={400, 415}
            )
        case 1:
            return _announced(channel, chance.choice([webhooks.LIMIT + 1, 2**31, 2**63]))
        case 2:
            return _chunked(channel, body, chance)
        case 3 | 4:
            return _request(channel, body, path=chance.choice(["/other", "/", "/%00", "/main/more", "/..%2fmain"]), allowed={404})
        case number:
            return _request(channel, body, signed=number % 2 == 0, chance=chance)


def _body(channel: str, chance: random.Random) -> bytes:
    payload = {"mark": MARK, **platforms.payload(channel, f"{MARK} ไฟดับ"), "end": MARK}
    for _ in range(chance.randrange(4)):
        _bend(payload, chance)
    body = bytearray(json.dumps(payload, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass"))
    for _ in range(chance.choice([0, 0, 1, 1, 2, 5])):
        _damage(body, chance)
    return bytes(body)


def _bend(data: Any, chance: random.Random) -> None:
    """Replace, take away or repeat one value somewhere."""
    places = [(holder, key) for holder in _holders(data) for key in (holder if isinstance(holder, dict) else range(len(holder)))]
    holder, key = chance.choice(places)
    match chance.randrange(4):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.extend([holder[key]] * chance.randrange(1, 5))
        case 2:
            holder[key] = {"": [holder[key]]}
        case _:
            holder[key] = copy.deepcopy(chance.choice(ODD))
    if not data:
        data["mark"] = MARK


def _holders(data: Any) -> list[Any]:
    below = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return ([data] if below else []) + [holder for one in below for holder in _holders(one)]


def _damage(body: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(body) + 1)
    match chance.randrange(5):
        case 0:
            del body[place:]
        case 1:
            body[place : place + chance.randrange(1, 30)] = b""
        case 2:
            body[place:place] = chance.choice(RAW)
        case 3:
            body[place:place] = chance.randbytes(chance.randrange(1, 20))
        case 4:
            body[place:place] = body[: chance.randrange(1, 200)]


def _request(
    channel: str,
    body: bytes,
    *,
    signed: bool = True,
    chance: random.Random | None = None,
    path: str = "/main",
    more: dict[str, str] | None = None,
    allowed: set[int] | None = None,
) -> Request:
    _, _, headers = platforms.signed(channel, body)
    if not signed:
        headers = _forged(channel, headers, chance or random.Random(len(body)))
    lines = [f"POST /webhooks/{channel}{path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in {**headers, **(more or {})}.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body, allowed or {200 if signed else 401}


def _forged(channel: str, headers: dict[str, str], chance: random.Random) -> dict[str, str]:
    ((name, right),) = headers.items()
    other = next(iter(platforms.signed(channel, b"another body")[2].values()))
    wrong = other if other != right else "another secret"  # Telegram's does not hang on the body
    forgeries = [wrong, "", "=", "sha256=", "sha1=" + "0" * 40, right[:-2], right + "x", right[::-1], "ลายเซ็น", MARK]
    forgeries += [base64.b64encode(right.encode()).decode(), "A" * 4000]
    return chance.choice([{}, {f"X-{name}": right}, *({name: forged} for forged in forgeries)])


def _announced(channel: str, size: int) -> Request:
    """A body that only its length is sent of: who announces too much is not listened to."""
    head = f"POST /webhooks/{channel}/main HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n"
    return head.encode(), {413}


def _chunked(channel: str, body: bytes, chance: random.Random) -> Request:
    """In chunks, the last of which may be broken."""
    _, _, headers = platforms.signed(channel, body)
    ((name, value),) = headers.items()
    head = f"POST /webhooks/{channel}/main HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n{name}: {value}\r\n\r\n"
    cut = chance.randrange(len(body) + 1)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:cut], body[cut:]) if part)
    end, allowed = chance.choice(
        [(b"0\r\n\r\n", {200}), (b"zz\r\n\r\n", {400}), (b"-1\r\nx\r\n", {400}), (b"5\r\nabcdefgh\r\n", {400})]
    )
    return head.encode() + chunks + end, allowed
