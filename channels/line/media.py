"""A citizen's picture, video, voice or file, fetched from LINE."""

import re
from collections.abc import Mapping
from typing import Any

import aiohttp

from channels.contract import File, MediaGone, MediaLater
from core.settings import LineAccount

PATIENCE = aiohttp.ClientTimeout(total=60, connect=4, sock_read=15)
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


class Media:
    """One account's downloads."""

    def __init__(self, account: LineAccount, limit: int) -> None:
        """``limit`` is the most bytes of one file."""
        self._account = account
        self._limit = limit
        self._opened: aiohttp.ClientSession | None = None

    async def fetch(self, media: Mapping[str, Any]) -> File:
        """The file of a message, read up to the limit.

        Raises:
            MediaLater: LINE still prepares it (202), or does not answer.
            MediaGone: it is too large, no longer kept, or lies at an address that is not LINE's.
        """
        if media.get("url"):
            raise MediaGone("foreign")  # an address a citizen's client names could be one inside of our own network
        message_id = media.get("id")
        if not isinstance(message_id, str) or not _ID.fullmatch(message_id):
            raise MediaGone
        url = f"{self._account.data_url.rstrip('/')}/v2/bot/message/{message_id}/content"
        headers = {"Authorization": f"Bearer {self._account.access_token.get_secret_value()}"}
        try:
            async with self._client().get(url, headers=headers, timeout=PATIENCE, allow_redirects=False) as answer:
                return await self._read(answer, str(media.get("name") or ""))
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise MediaLater from None  # the original error would name the address

    async def _read(self, answer: aiohttp.ClientResponse, name: str) -> File:
        if answer.status == 202 or answer.status >= 500 or answer.status in {401, 403, 408, 429}:
            raise MediaLater
        if answer.status != 200:
            raise MediaGone
        data = bytearray()
        async for piece in answer.content.iter_chunked(64 * 1024):
            data += piece
            if len(data) > self._limit:
                raise MediaGone("too_large")
        return File(bytes(data), answer.content_type, name)

    def _client(self) -> aiohttp.ClientSession:
        if self._opened is None or self._opened.closed:
            self._opened = aiohttp.ClientSession(trust_env=True)
        return self._opened

    async def close(self) -> None:
        """Let go of connections."""
        if self._opened is not None:
            await self._opened.close()
