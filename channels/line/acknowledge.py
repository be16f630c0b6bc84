"""Showing a citizen that we are at it: the message marked as read, and LINE's moving dots."""

import asyncio
import contextlib
from collections.abc import Awaitable, Mapping
from typing import Any

import aiohttp

from channels.line.api import Api

PATIENCE = aiohttp.ClientTimeout(total=3)
SECONDS = 20  # of dots at most; LINE ends them when the answer comes


async def acknowledge(api: Api, external_id: str, details: Mapping[str, Any]) -> None:
    """Mark as read and show the dots, both at once. It is a courtesy: whatever fails, fails silently."""
    calls = []
    if token := details.get("read_token"):
        calls.append(_read(api, str(token)))
    if details.get("source") == "user" and details.get("reply_token"):
        calls.append(_dots(api, external_id))
    await asyncio.gather(*(_quietly(call) for call in calls))


async def _read(api: Api, token: str) -> None:
    from linebot.v3.messaging import MarkMessagesAsReadByTokenRequest

    wanted = MarkMessagesAsReadByTokenRequest(markAsReadToken=token)
    await api.calls.mark_messages_as_read_by_token_with_http_info(wanted, _request_timeout=PATIENCE)


async def _dots(api: Api, chat: str) -> None:
    from linebot.v3.messaging import ShowLoadingAnimationRequest

    wanted = ShowLoadingAnimationRequest(chatId=chat, loadingSeconds=SECONDS)
    await api.calls.show_loading_animation_with_http_info(wanted, _request_timeout=PATIENCE)


async def _quietly(call: Awaitable[None]) -> None:
    with contextlib.suppress(Exception):
        await call
