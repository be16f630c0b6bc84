"""A platform's stand-in: its files lie on a real HTTP server, and its adapter fetches them there."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import ClientSession, web

from channels.contract import Envelope, File, MediaGone, MediaLater, Outcome
from tests.http_server import HttpServer
from tests.unit.channels.adapter import Adapter


class StandInPlatform(Adapter, HttpServer):
    """Serves ``files`` by id. ``status`` tells of one what LINE would: 202 not there yet, 404 gone, 413 too large."""

    def __init__(self) -> None:
        Adapter.__init__(self, "standin", "city", batch=5)
        HttpServer.__init__(self)
        self.files: dict[str, bytes] = {}
        self.status: dict[str, list[int]] = {}
        self.fetched: Counter[str] = Counter()
        self.sent: list[Envelope] = []
        self.acknowledged: list[tuple[str, dict[str, Any]]] = []
        self.slow = asyncio.Event()  # acknowledging takes until this is set
        self.slow.set()
        self._http: ClientSession | None = None

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/files/{id}", self._serve)

    async def _serve(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        self.fetched[name] += 1
        waiting = self.status.get(name) or [200]
        status = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return web.Response(status=status, body=self.files.get(name, b"") if status == 200 else b"")

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Every webhook is believed."""

    async def send(self, envelopes: Sequence[Envelope]) -> Outcome:
        self.sent += envelopes
        return await super().send(envelopes)

    async def fetch(self, media: Mapping[str, Any]) -> File:
        if self._http is None:
            self._http = ClientSession()
        async with self._http.get(f"{self.url}/files/{media['id']}") as answer:
            match answer.status:
                case 200:
                    return File(await answer.read(), "application/x-whatever", "../../บิล.exe")
                case 202:
                    raise MediaLater
                case 413:
                    raise MediaGone("too_large")
                case 403:
                    raise MediaGone("foreign")
                case 404:
                    raise MediaGone
        raise RuntimeError("a fault of the adapter")

    async def acknowledge(self, external_id: str, details: Mapping[str, Any]) -> None:
        self.acknowledged.append((external_id, dict(details)))
        await self.slow.wait()

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
