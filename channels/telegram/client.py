"""The Bot API's client. python-telegram-bot is loaded by this module's users only, never by the web process."""

import logging

from telegram import Bot
from telegram.request import HTTPXRequest

from core.settings import TelegramAccount

SECONDS = 10.0  # for connecting, for writing, for the answer
_CONNECTIONS = 32


def connect(account: TelegramAccount, seconds: float = SECONDS) -> Bot:
    """A client of the account's bot that waits so many seconds; end it with `close`. No call is made yet."""
    hush()
    request = HTTPXRequest(
        connection_pool_size=_CONNECTIONS,
        connect_timeout=seconds,
        read_timeout=seconds,
        write_timeout=seconds,
        pool_timeout=seconds,
    )
    url = account.api_url.rstrip("/")
    token = account.token.get_secret_value() or "missing"  # which Telegram refuses like every wrong one
    return Bot(token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot", request=request, get_updates_request=request)


async def close(bot: Bot) -> None:
    """Let go of its connections."""
    await bot.request.shutdown()


def hush() -> None:
    """Silence three libraries for good: their lines hold addresses with the token in them, and what citizens wrote."""
    for name in ("telegram", "httpx", "httpcore"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
