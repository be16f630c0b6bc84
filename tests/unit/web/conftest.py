"""A running town, and ways to speak with it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from aiohttp.test_utils import TestClient, TestServer

from core.database import Database
from tests.unit.web.town import Town
from tests.valkey import BundledValkey


@pytest.fixture
async def town(database: Database, bundled: BundledValkey, tmp_path: Path) -> AsyncIterator[Town]:
    made = Town(database, bundled, tmp_path)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def http(town: Town) -> AsyncIterator[ClientSession]:
    async with ClientSession(town.url) as session:
        yield session


@pytest.fixture
async def made(town: Town) -> AsyncIterator[Callable[..., Any]]:
    """A client of an application with other settings: ``await made(citizen_rate="2/minute")``."""
    clients: list[TestClient[Any, Any]] = []

    async def make(**changes: Any) -> TestClient[Any, Any]:
        client = TestClient(TestServer(town.application(**changes)))
        await client.start_server()
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()


class Visitor:
    """A browser's socket."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.token = ""
        self.welcome: dict[str, Any] = {}

    async def hello(self, token: str | None = None, after: int = 0) -> dict[str, Any]:
        await self.socket.send_json({"type": "hello", "token": token, "after": after})
        self.welcome = await self.until("welcome")
        self.token = self.welcome["token"]
        return self.welcome

    async def say(self, text: str, event: str = "event-0001", **fields: Any) -> None:
        await self.socket.send_json({"type": "send", "id": event, "kind": "text", "text": text, **fields})

    async def until(self, kind: str, seconds: float = 8) -> dict[str, Any]:
        """The next frame of a type; others on the way are passed over."""
        async with asyncio.timeout(seconds):
            while True:
                frame: dict[str, Any] = await self.socket.receive_json()
                if frame["type"] == kind:
                    return frame

    async def answer(self, seconds: float = 8) -> dict[str, Any]:
        """The next message that is not the visitor's own."""
        while True:
            message: dict[str, Any] = (await self.until("message", seconds))["message"]
            if message["author"] != "citizen":
                return message


@pytest.fixture
async def visit(http: ClientSession) -> AsyncIterator[Callable[..., Any]]:
    """Opens a socket and says hello: ``visitor = await visit()``."""
    opened: list[ClientWebSocketResponse] = []

    async def open_one(token: str | None = None, after: int = 0) -> Visitor:
        socket = await http.ws_connect("/chat/socket")
        opened.append(socket)
        visitor = Visitor(socket)
        await visitor.hello(token, after)
        return visitor

    yield open_one
    for socket in opened:
        await socket.close()
