"""Showing a citizen that we are at it: the message marked as read, and LINE's moving dots."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import aiohttp

from channels.line.api import Api

PATIENCE = aiohttp.ClientTimeout(total=3)
SECONDS = 20  # of dots at most; LINE ends them when the answer comes


async def acknowledge(api: Api, external_id: str, details: Mapping[str, Any]) -> None:
    """Mark as read and show the dots, both at once. It is a courtesy: whatever fails, fails silently."""
    calls = []
    if token := details.get("read_token"):
        calls.append(_post(api, "markAsRead", {"markAsReadToken": token}))
    if details.get("source") == "user" and details.get("reply_token"):  # LINE shows no dots in groups
        calls.append(_post(api, "loading/start", {"chatId": external_id, "loadingSeconds": SECONDS}))
    await asyncio.gather(*calls)


async def _post(api: Api, name: str, body: Mapping[str, Any]) -> None:
    with contextlib.suppress(Exception):
        url = f"{api.url}/v2/bot/chat/{name}"
        async with api.http().post(url, json=body, timeout=PATIENCE, allow_redirects=False):
            pass
