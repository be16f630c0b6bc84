"""LINE's Messaging API: through its own SDK for sending, and plainly where a process must stay light."""

import asyncio
import importlib
from typing import TYPE_CHECKING, Any

import aiohttp

from core.settings import LineAccount

if TYPE_CHECKING:
    from linebot.v3.messaging import AsyncMessagingApi, AsyncMessagingApiBlob

PATIENCE = aiohttp.ClientTimeout(total=10, connect=4)
UPLOAD = aiohttp.ClientTimeout(total=60, connect=4)


class Api:
    """One account's clients, made at the first call and kept."""

    def __init__(self, account: LineAccount) -> None:
        """Keep the account; nothing is opened yet."""
        self.url = account.api_url.rstrip("/")
        self.data_url = account.data_url.rstrip("/")
        self._token = account.access_token
        self._calls: AsyncMessagingApi | None = None
        self._files: AsyncMessagingApiBlob | None = None
        self._http: aiohttp.ClientSession | None = None

    async def calls(self) -> "AsyncMessagingApi":
        """The SDK for everything but files."""
        sdk = await _sdk()
        if self._calls is None:
            self._calls = sdk.AsyncMessagingApi(self._client(sdk, self.url))
        return self._calls

    async def files(self) -> "AsyncMessagingApiBlob":
        """The SDK for files, which have a host of their own."""
        sdk = await _sdk()
        if self._files is None:
            self._files = sdk.AsyncMessagingApiBlob(self._client(sdk, self.data_url))
        return self._files

    def http(self) -> aiohttp.ClientSession:
        """For calls without the SDK, to LINE's own hosts only: it carries the token."""
        if self._http is None or self._http.closed:
            headers = {"Authorization": f"Bearer {self._token.get_secret_value()}"}
            self._http = aiohttp.ClientSession(headers=headers, trust_env=True)
        return self._http

    def _client(self, sdk: Any, host: str) -> Any:
        return sdk.AsyncApiClient(sdk.Configuration(host=host, access_token=self._token.get_secret_value()))

    async def close(self) -> None:
        """Close what was opened."""
        for opened in (self._calls, self._files):
            if opened is not None:
                await opened.api_client.close()
        if self._http is not None:
            await self._http.close()
        self._calls = self._files = self._http = None


async def _sdk() -> Any:
    """The SDK, loaded beside the running loop: its thousand classes take more than a second and 70 MB."""
    return await asyncio.to_thread(importlib.import_module, "linebot.v3.messaging")
