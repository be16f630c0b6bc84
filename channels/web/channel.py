"""The web channel, and the API channel, which differs by name only."""

from collections.abc import Mapping, Sequence
from typing import Any

from redis.asyncio import Redis

from channels.contract import Envelope, Inbound, Outcome, Unverified
from channels.web.send import send
from conversations.content import Outward
from core.database import Database


class WebChannel:
    """Visitors of our own pages (``web``) and callers of the JSON API (``api``).

    Their frames come over a socket or a request that has proved who it is, so there is no webhook to verify here.
    """

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

    def render(self, content: Outward) -> Sequence[dict[str, Any]]:
        """The widget shows every content as it is."""
        return [content.model_dump(mode="json", exclude_none=True)]

    async def send(self, envelope: Envelope) -> Outcome:
        """Tell open screens."""
        return await send(self._database, self._valkey, envelope)
