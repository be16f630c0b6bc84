"""A stand-in platform's front: it forwards every call, serves files, and fails now and then when a test asks for it."""

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from tests.ports import free_port


@dataclass
class Faults:
    """How often, as shares of all calls, what goes wrong. ``lost``: the platform took it, and its answer never came."""

    busy: float = 0.0
    broken: float = 0.0
    cut: float = 0.0
    lost: float = 0.0
    hangs: float = 0.0
    hang_seconds: float = 15.0


@dataclass
class Taken:
    """A call that the platform took: its path, its body, when, and whether the caller was still there for its answer."""

    path: str
    body: dict[str, Any]
    at: float
    heard: bool


class Proxy:
    """Between our sender and a stand-in platform."""

    def __init__(self, target: str, busy: dict[str, Any], seed: int = 1) -> None:
        """``busy`` is the body of the platform's 429."""
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.faults = Faults()
        self.taken: list[Taken] = []
        self.failed = 0
        self.file = b""
        self._target = target
        self._busy = busy
        self._random = random.Random(seed)
        self._session: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(auto_decompress=False, connector=aiohttp.TCPConnector(limit=50))
        app = web.Application(client_max_size=32 << 20)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        if self._runner is not None and self._session is not None:
            await self._runner.cleanup()
            await self._session.close()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if self.file and (request.path.startswith("/file/") or request.path.startswith("/photo")):
            return web.Response(body=self.file, content_type="image/jpeg")
        chance, faults = self._random.random(), self.faults
        data = await request.read()
        for share, fail in (
            (faults.busy, self._say_busy),
            (faults.broken, self._say_broken),
            (faults.cut, _cut),
            (faults.hangs, self._hang),
        ):
            if chance < share:
                self.failed += 1
                return await fail(request)
            chance -= share
        lost = chance < faults.lost
        return await self._forward(request, data, lost)

    async def _forward(self, request: web.Request, data: bytes, lost: bool) -> web.StreamResponse:
        assert self._session is not None
        headers = {k: v for k, v in request.headers.items() if k.lower() not in {"host", "content-length", "transfer-encoding"}}
        async with self._session.request(request.method, self._target + request.path_qs, data=data, headers=headers) as answer:
            body = await answer.read()
            if answer.status == 200 and request.method == "POST":
                heard = not lost and request.transport is not None and not request.transport.is_closing()
                self.taken.append(Taken(request.path, await _body(request, data), time.monotonic(), heard))
            if lost:
                self.failed += 1
                return await _cut(request)
            kept = {k: v for k, v in answer.headers.items() if k.lower() in {"content-type", "x-line-request-id", "retry-after"}}
            return web.Response(status=answer.status, body=body, headers=kept)

    async def _say_busy(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(self._busy, status=429)

    async def _say_broken(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(status=500, text="broken")

    async def _hang(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(self.faults.hang_seconds)
        return await _cut(request)


async def _cut(request: web.Request) -> web.StreamResponse:
    """Close the connection without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _body(request: web.Request, data: bytes) -> dict[str, Any]:
    if request.content_type == "application/json":
        found = await request.json()
        return found if isinstance(found, dict) else {}
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return {key: value for key, value in (await request.post()).items()}
    return {}
