"""What citizens see while their message is handled: a pressed button let go, "typing…" above the chat."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from telegram import Bot
from telegram.error import TelegramError

SECONDS = 3.0


async def acknowledge(bot: Bot, external_id: str, details: Mapping[str, Any], *, seconds: float = SECONDS) -> None:
    """Tell the citizen, within ``seconds``; groups see nothing.

    Never raises: that a button was pressed long ago or a message is gone does not matter.
    """
    if not external_id.isdecimal():
        return
    with contextlib.suppress(Exception):  # whatever it is, the answer is what matters
        async with asyncio.timeout(seconds):
            if callback := details.get("callback"):
                await _let_go(bot, int(external_id), str(callback), details)
            else:
                await bot.send_chat_action(int(external_id), "typing")


async def _let_go(bot: Bot, chat: int, callback: str, details: Mapping[str, Any]) -> None:
    with contextlib.suppress(TelegramError):
        await bot.answer_callback_query(callback)
    if message := details.get("message"):
        await bot.edit_message_reply_markup(chat, int(message), reply_markup=_links(details))


def _links(details: Mapping[str, Any]) -> Any:
    """What is left of the keyboard: its buttons that open an address."""
    links = details.get("links") or []
    return {"inline_keyboard": [[{"text": one["text"], "url": one["url"]}] for one in links]} if links else None
