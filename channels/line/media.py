"""A citizen's picture, video, voice or file, fetched from LINE."""

import re
from collections.abc import Mapping
from typing import Any

import aiohttp

from channels.contract import File, MediaGone, MediaLater
from channels.download import gathered
from channels.line.api import Api

PATIENCE = aiohttp.ClientTimeout(total=60, connect=4, sock_read=15)
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


async def fetch(api: Api, media: Mapping[str, Any], limit: int) -> File:
    """The file of a message, read up to ``limit`` bytes.

    Raises:
        MediaLater: LINE still prepares it (202), or does not answer.
        MediaGone: it is too large, no longer kept, or lies at an address that is not LINE's.
    """
    if media.get("url"):
        raise MediaGone("foreign")  # an address a citizen's client names could be one inside of our own network
    message_id = media.get("id")
    if not isinstance(message_id, str) or not _ID.fullmatch(message_id):
        raise MediaGone
    url = f"{api.data_url}/v2/bot/message/{message_id}/content"
    try:
        async with api.http().get(url, timeout=PATIENCE, allow_redirects=False) as answer:
            return await _read(answer, str(media.get("name") or ""), limit)
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise MediaLater from None


async def _read(answer: aiohttp.ClientResponse, name: str, limit: int) -> File:
    if answer.status == 202 or answer.status >= 500 or answer.status in {401, 403, 408, 429}:
        raise MediaLater
    if answer.status != 200:
        raise MediaGone
    data = await gathered(answer.content.iter_chunked(64 * 1024), limit)
    return File(data, answer.content_type, name)
