"""The LINE channel of one official account."""

from collections.abc import Mapping, Sequence
from typing import Any

from channels.contract import Envelope, File, Inbound, Odd, Outcome, Pace
from channels.line import quota
from channels.line.acknowledge import acknowledge
from channels.line.api import Api
from channels.line.media import fetch
from channels.line.parse import parse
from channels.line.render import MOST, render
from channels.line.send import send
from channels.line.verify import verify
from conversations.content import Outward
from core.settings import LineAccount


class LineChannel:
    """See `channels.contract.Channel`. Connections are opened at the first call that needs one."""

    name = "line"
    batch = MOST
    pace: Pace | None = Pace(per_second=500, recipient=30, recipient_seconds=1)  # LINE allows 2,000 calls a second

    def __init__(self, name: str, account: LineAccount, *, limit: int) -> None:
        """``name`` is the account's in the settings, ``limit`` the most bytes of a citizen's file."""
        self.account = name
        self._secret = account.channel_secret
        self._api = Api(account)
        self._limit = limit

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Raise `Unverified` unless LINE signed this body."""
        verify(self._secret.get_secret_value(), body, headers)

    def parse(self, payload: Any) -> Sequence[Inbound | Odd]:
        """All events of all citizens in the payload."""
        return parse(payload)

    def render(self, content: Outward, message_id: str) -> Sequence[dict[str, Any]]:
        """LINE's messages for one content."""
        return render(content)

    async def send(self, envelopes: Sequence[Envelope]) -> Outcome:
        """Reply while the token lives, else push."""
        return await send(self._api, envelopes)

    async def fetch(self, media: Mapping[str, Any]) -> File:
        """One file of a citizen's message."""
        return await fetch(self._api, media, self._limit)

    async def acknowledge(self, external_id: str, details: Mapping[str, Any]) -> None:
        """Mark as read, and show that an answer is on its way."""
        await acknowledge(self._api, external_id, details)

    async def quota(self) -> tuple[int | None, int]:
        """(limit, used) of this month's pushes; raises `QuotaUnknown`."""
        return await quota.read(self._api)

    async def close(self) -> None:
        """Let go of connections."""
        await self._api.close()
