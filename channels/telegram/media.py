"""A file that a citizen sent, fetched from Telegram. Its address holds the bot's token, so it is never logged or raised."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from channels.contract import File, MediaGone, MediaLater
from channels.download import gathered
from channels.telegram.refusal import UNREADABLE

SECONDS = 60.0  # for the whole file
_TYPES = {"image": "image/jpeg", "audio": "audio/ogg", "video": "video/mp4"}  # what Telegram makes of those it converts


async def fetch(bot: Bot, media: Mapping[str, Any], limit: int) -> File:
    """The file's bytes, at most ``limit`` of them; Telegram itself gives bots up to 20 MB.

    Raises:
        MediaLater: Telegram does not answer.
        MediaGone: there is no such file any more, or it is too large.
    """
    if _larger(media.get("size"), limit):
        raise MediaGone("too_large")
    address, size = await _address(bot, str(media.get("id", "")))
    if _larger(size, limit):
        raise MediaGone("too_large")
    if not address.startswith(("http://", "https://")):
        raise MediaGone
    data = await _download(address, limit)
    return File(data, str(media.get("type") or _TYPES.get(str(media.get("kind")), "")), str(media.get("name") or ""))


def _larger(size: Any, limit: int) -> bool:
    return isinstance(size, int) and size > limit


async def _address(bot: Bot, file_id: str) -> tuple[str, int | None]:
    try:
        found = await bot.get_file(file_id)
    except BadRequest as error:
        if "too big" in error.message:
            raise MediaGone("too_large") from None
        if "temporarily" in error.message:
            raise MediaLater from None
        raise MediaGone from None
    except (TelegramError, *UNREADABLE):
        raise MediaLater from None
    return found.file_path or "", found.file_size


async def _download(address: str, limit: int) -> bytes:
    try:
        async with asyncio.timeout(SECONDS), httpx.AsyncClient(timeout=10) as client, client.stream("GET", address) as answer:
            if answer.status_code in (400, 404, 410):
                raise MediaGone
            if answer.status_code != 200:
                raise MediaLater
            return await gathered(answer.aiter_bytes(), limit)
    except (httpx.HTTPError, TimeoutError):
        raise MediaLater from None
