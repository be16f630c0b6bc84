"""What the tests' stand-in channels share: an adapter that does nothing, of which each changes what its tests are about."""

from collections.abc import Mapping, Sequence
from typing import Any

from channels.contract import Channel, Envelope, File, Inbound, MediaGone, Odd, Outcome, Pace, Sent, Unverified
from conversations.content import Outward


class Adapter(Channel):
    """Believes no webhook, finds no event in any, shows contents as they are, takes every message and has no files."""

    def __init__(self, name: str, account: str, *, batch: int = 1, pace: Pace | None = None) -> None:
        self.name, self.account, self.batch, self.pace = name, account, batch, pace

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        raise Unverified

    def parse(self, payload: Any) -> Sequence[Inbound | Odd]:
        return []

    def render(self, content: Outward, message_id: str) -> Sequence[Any]:
        return [content.model_dump(mode="json")]

    async def send(self, envelopes: Sequence[Envelope]) -> Outcome:
        return Sent(len(envelopes))

    async def fetch(self, media: Mapping[str, Any]) -> File:
        raise MediaGone

    async def acknowledge(self, external_id: str, details: Mapping[str, Any]) -> None:
        return

    async def close(self) -> None:
        return
