"""The Graph API of one account, over one kept HTTP session."""

import json
from typing import Any

import aiohttp
from yarl import URL

from channels.meta.refusal import Answer
from channels.value import mapping
from core.settings import MetaAccount

SECONDS = 10.0
_FACEBOOK = "graph.facebook.com"


class Graph:
    """Calls in the name of one page or Instagram account. The token travels in a header, never in an address or a body."""

    def __init__(self, platform: str, account: MetaAccount) -> None:
        """``platform`` is messenger or instagram."""
        self._account = account
        self._root = URL(account.api_url) / account.version
        # On graph.facebook.com an Instagram account is written to by its page, which is who the token belongs to.
        self._node = "me" if platform == "instagram" and self._root.host == _FACEBOOK else account.page_id
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The session, made at the first call, since it belongs to the running loop. It carries no token."""
        if self._session is None:
            # A connection that was never made is told apart from an answer that never came: nothing can have arrived by it.
            limits = aiohttp.ClientTimeout(total=SECONDS, sock_connect=SECONDS / 2)
            self._session = aiohttp.ClientSession(timeout=limits)
        return self._session

    def address(self, edge: str) -> URL:
        """Where an edge of the account is: ``https://graph.facebook.com/v23.0/<page id>/<edge>``."""
        return self._root / self._node / edge

    async def post(self, edge: str, body: dict[str, Any]) -> Answer:
        """Call ``<page>/<edge>``.

        Raises:
            aiohttp.ClientError: when there was no answer.
            TimeoutError: when it did not come within `SECONDS`.
        """
        headers = {"Authorization": f"Bearer {self._account.access_token.get_secret_value().strip()}"}
        async with self.session.post(self.address(edge), json=body, headers=headers, allow_redirects=False) as response:
            raw, after = await response.read(), response.headers.get("Retry-After", "")
            return Answer(response.status, _json(raw), float(after) if after.isascii() and after.isdecimal() else None)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _json(raw: bytes) -> dict[str, Any]:
    try:
        return mapping(json.loads(raw))
    except (ValueError, RecursionError):
        return {}
