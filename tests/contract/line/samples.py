"""An account at LINE, messages for its citizen, what LINE's stand-in is told and was asked, and a server that fails."""

import asyncio
from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from channels.contract import Envelope
from conversations.content import Outward
from core import clock
from core.settings import LineAccount
from tests.platforms import Platform

REPLY, PUSH = "/v2/bot/message/reply", "/v2/bot/message/push"
CITIZEN = "U4af4980629"
WEBHOOK = "https://city.example/webhooks/line/main"
TOKEN = "a-long-lived-token"


def account(url: str) -> LineAccount:
    return LineAccount(channel_secret=SecretStr("s"), access_token=SecretStr(TOKEN), api_url=url, data_url=url)


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
