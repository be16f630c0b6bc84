"""Meta's servers, as far as the stand-in of ``../shared/judges`` does not play them: slowness, lost answers, files."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from channels.meta import graph
from channels.meta.channel import MetaChannel
from tests.http_server import HttpServer
from tests.unit.channels.meta.samples import Platform, channel

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server(HttpServer):
    """Answers each call as the next of ``answers`` does, then with success. ``calls`` are (path, body, headers)."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Answer] = []
        self.calls: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.released = asyncio.Event()  # ends every slow answer

    def routes(self, app: web.Application) -> None:
        app.router.add_route("*", "/{path:.*}", self._call)

    async def stop(self) -> None:
        self.released.set()
        await super().stop()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.method == "POST" else {}
        self.calls.append((request.path_qs, body, dict(request.headers)))
        if self.answers:
            return await self.answers.pop(0)(request)
        return web.json_response({"recipient_id": "4004", "message_id": f"m_{len(self.calls)}"})

    def refuse(self, status: int, code: int, subcode: int = 0, message: str = "", **headers: str) -> None:
        error = {"message": message, "code": code, **({"error_subcode": subcode} if subcode else {})}

        async def answer(request: web.Request) -> web.StreamResponse:
            return web.json_response({"error": error}, status=status, headers=headers)

        self.answers.append(answer)

    def serve(self, data: bytes = b"", status: int = 200, media_type: str = "image/jpeg", **headers: str) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            return web.Response(body=data, status=status, content_type=media_type, headers=headers)

        self.answers.append(answer)

    def stream(self, data: bytes) -> None:
        """Serve it without telling its size."""

        async def answer(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            response.enable_chunked_encoding()
            await response.prepare(request)
            await response.write(data)
            return response

        self.answers.append(answer)

    def be_slow(self) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            await self.released.wait()
            return web.json_response({})

        self.answers.append(answer)

    def hang_up(self) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            assert request.transport is not None
            request.transport.close()
            return web.Response()

        self.answers.append(answer)


@pytest.fixture
async def meta() -> AsyncIterator[Server]:
    server = Server()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def make(meta: Server) -> AsyncIterator[Callable[[Platform], MetaChannel]]:
    """Channels of that server."""
    made: list[MetaChannel] = []

    def of(platform: Platform) -> MetaChannel:
        made.append(channel(platform, meta.url))
        return made[-1]

    yield of
    for one in made:
        await one.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Channels wait half a second for an answer."""
    monkeypatch.setattr(graph, "SECONDS", 0.5)


@pytest.fixture
def messenger(make: Callable[[Platform], MetaChannel]) -> MetaChannel:
    return make("messenger")
