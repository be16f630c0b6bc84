"""The Messenger channel and the Instagram channel, which differ in limits and in a few names."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import aiohttp
from yarl import URL

from channels.contract import Envelope, File, Inbound, Odd, Outcome, Pace
from channels.meta import verify as signature
from channels.meta.graph import Graph
from channels.meta.media import fetch
from channels.meta.parse import parse
from channels.meta.render import render
from channels.meta.send import send
from conversations.content import Outward
from core import clock
from core.settings import MetaAccount

# Meta allows 300 calls a second, but a page's inbox shows nothing new beyond 40 messages a second. An Instagram account's
# stops at 72,000 messages, received ones included; Meta does not say in what time, and half of an hour's is 10 a second.
# For one recipient it names no limit.
PACES = {"messenger": Pace(40, 10, 10.0), "instagram": Pace(10, 10, 10.0)}
ACKNOWLEDGE_SECONDS = 3.0


class MetaChannel:
    """One Facebook page (``messenger``) or one professional account (``instagram``).

    Meta calls one address for all pages of an app, so `parse` names the account that each event belongs to, among
    ``accounts`` that share this one's app secret.
    """

    batch = 1

    def __init__(
        self, platform: Literal["messenger", "instagram"], name: str, accounts: Mapping[str, MetaAccount], *, limit: int
    ) -> None:
        """``name`` is the key of this account in ``accounts``; ``limit`` is the largest file to fetch, in bytes."""
        self.name: str = platform
        self.account = name
        self.pace: Pace | None = PACES[platform]
        self._own = accounts[name]
        self._limit = limit
        self._graph = Graph(platform, self._own)
        secret = self._own.app_secret.get_secret_value()
        self._pages = {
            account.page_id: key for key, account in accounts.items() if account.app_secret.get_secret_value() == secret
        } | {self._own.page_id: name}

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Raise `Unverified` unless Meta signed this body with the app's secret."""
        signature.verify(body, headers, self._own.app_secret.get_secret_value())

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """What to answer when Meta asks (GET) whether the webhook is ours; None: refuse."""
        return signature.challenge(query, self._own)

    def parse(self, payload: Any) -> Sequence[Inbound | Odd]:
        """All events of all citizens of all pages in the payload."""
        return parse(payload, self.name, lambda page: self._pages.get(page, self.account))

    def render(self, content: Outward, message_id: str) -> Sequence[dict[str, Any]]:
        """The ``message`` objects of the Send API."""
        return render(content, self.name)

    async def send(self, envelopes: Sequence[Envelope]) -> Outcome:
        """Deliver the first message."""
        envelope = envelopes[0]
        return await send(self._graph, envelope, self.render(envelope.content, envelope.message_id), clock.now())

    async def fetch(self, media: Mapping[str, Any]) -> File:
        """The file at the address that the webhook gave."""
        return await fetch(self._graph.session, media, URL(self._own.api_url), self._limit)

    async def acknowledge(self, external_id: str, details: Mapping[str, Any]) -> None:
        """Show that the message was seen and that an answer is being written."""
        with contextlib.suppress(aiohttp.ClientError, OSError):
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                for action in ("mark_seen", "typing_on"):
                    await self._graph.post("messages", {"recipient": {"id": external_id}, "sender_action": action})

    async def close(self) -> None:
        """Let go of connections."""
        await self._graph.close()
