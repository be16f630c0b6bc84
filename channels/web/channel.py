"""The web channel, and the API channel, which differs by name only."""

from collections.abc import Mapping, Sequence
from typing import Any

from redis.asyncio import Redis

from channels.contract import Envelope, File, Inbound, MediaGone, Outcome, Pace, Unverified
from channels.web.send import send
from conversations.content import Outward
from core.database import Database


class WebChannel:
    """Visitors of our own pages (``web``) and callers of the JSON API (``api``).

    Their frames come over a socket or a request that has proved who it is, so there is no webhook to verify here.
    """

    batch = 1
    pace: Pace | None = None

    def __init__(self, name: str, database: Database, valkey: Redis) -> None:
        """``name`` is ``web`` or ``api``."""
        self.name = name
        self.account = "default"
        self._database = database
        self._valkey = valkey

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Always refuses: nobody posts webhooks for this channel."""
        raise Unverified

    def parse(self, payload: Any) -> Sequence[Inbound]:
        """Nothing: see `channels.web.parse` for the socket's frames."""
        return []

    def render(self, content: Outward, message_id: str) -> Sequence[dict[str, Any]]:
        """The widget shows every content as it is."""
        return [content.model_dump(mode="json", exclude_none=True)]

    async def send(self, envelopes: Sequence[Envelope]) -> Outcome:
        """Tell open screens."""
        return await send(self._database, self._valkey, envelopes[0])

    async def fetch(self, media: Mapping[str, Any]) -> File:
        """Nothing: visitors upload their files before they send them."""
        raise MediaGone

    async def acknowledge(self, external_id: str, details: Mapping[str, Any]) -> None:
        """Nothing: the dispatcher tells screens itself."""

    async def close(self) -> None:
        """Nothing: database and Valkey are their owner's."""
