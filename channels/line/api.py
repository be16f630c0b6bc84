"""LINE's Messaging API through its own SDK, which is imported when first needed: it takes a second and 70 MB."""

from typing import TYPE_CHECKING

from aiohttp import ClientTimeout

from core.settings import LineAccount

if TYPE_CHECKING:
    from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, AsyncMessagingApiBlob

PATIENCE = ClientTimeout(total=10, connect=4)
UPLOAD = ClientTimeout(total=60, connect=4)


class Api:
    """One account's clients, made at the first call and kept."""

    def __init__(self, account: LineAccount) -> None:
        """Keep the account; nothing is opened yet."""
        self._account = account
        self._calls: AsyncMessagingApi | None = None
        self._files: AsyncMessagingApiBlob | None = None

    @property
    def calls(self) -> "AsyncMessagingApi":
        """Everything but files. To be asked for inside a running loop."""
        if self._calls is None:
            from linebot.v3.messaging import AsyncMessagingApi

            self._calls = AsyncMessagingApi(self._client(self._account.api_url))
        return self._calls

    @property
    def files(self) -> "AsyncMessagingApiBlob":
        """Files, which have a host of their own."""
        if self._files is None:
            from linebot.v3.messaging import AsyncMessagingApiBlob

            self._files = AsyncMessagingApiBlob(self._client(self._account.data_url))
        return self._files

    def _client(self, host: str) -> "AsyncApiClient":
        from linebot.v3.messaging import AsyncApiClient, Configuration

        token = self._account.access_token.get_secret_value()
        return AsyncApiClient(Configuration(host=host.rstrip("/"), access_token=token))

    async def close(self) -> None:
        """Close what was opened."""
        for opened in (self._calls, self._files):
            if opened is not None:
                await opened.api_client.close()
        self._calls = self._files = None
