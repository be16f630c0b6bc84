"""The Telegram channel, for one bot."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from channels.contract import Envelope, File, Inbound, Odd, Outcome, Pace
from channels.telegram import parse, render, verify
from conversations.content import Outward
from core.settings import TelegramAccount

if TYPE_CHECKING:
    from telegram import Bot


class TelegramChannel:
    """A bot. What needs python-telegram-bot is loaded when it is first called, so the web process never loads it."""

    name = "telegram"
    batch = 1
    pace: Pace | None = Pace(per_second=25, recipient=5, recipient_seconds=5)  # Telegram: about 30, and one a second for long

    def __init__(self, name: str, account: TelegramAccount, *, limit: int, breath: float = 1.0) -> None:
        """``name`` is the account's; ``limit`` the largest file we take, in bytes; ``breath`` see `channels.telegram.send`."""
        self.account = name
        self._settings = account
        self._secret = verify.secret(account)
        number = account.token.get_secret_value().partition(":")[0]
        self._id = int(number) if number.isascii() and number.isdecimal() else None
        self._limit = limit
        self._breath = breath
        self._bot: Bot | None = None

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Compare the secret in the header; Telegram signs no body."""
        verify.verify(headers, self._secret)

    def parse(self, payload: Any) -> Sequence[Inbound | Odd]:
        """The one event of an update."""
        return parse.parse(payload, self._limit, self._id)

    def render(self, content: Outward, message_id: str) -> Sequence[dict[str, Any]]:
        """Calls of the Bot API, without the chat."""
        return render.render(content, message_id)

    async def send(self, envelopes: Sequence[Envelope]) -> Outcome:
        """Deliver one message."""
        from channels.telegram.send import send

        return await send(self._connected(), envelopes[0], breath=self._breath)

    async def fetch(self, media: Mapping[str, Any]) -> File:
        """A file of a citizen's message."""
        from channels.telegram.media import fetch

        return await fetch(self._connected(), media, self._limit)

    async def acknowledge(self, external_id: str, details: Mapping[str, Any]) -> None:
        """Let go of the pressed button, or show that an answer is being written."""
        from channels.telegram.acknowledge import acknowledge

        await acknowledge(self._connected(), external_id, details)

    async def close(self) -> None:
        """Close the client's connections."""
        if self._bot is not None:
            from channels.telegram.client import close

            bot, self._bot = self._bot, None
            await close(bot)

    def _connected(self) -> "Bot":
        if self._bot is None:
            from channels.telegram.client import connect

            self._bot = connect(self._settings)
        return self._bot
