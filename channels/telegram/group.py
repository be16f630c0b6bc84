"""Groups and channels: whether somebody there speaks to the bot. What they say is not kept."""

import re
from collections.abc import Mapping
from typing import Any

from channels.telegram.field import number, record, records, words
from channels.telegram.message import other
from conversations.content import Inward

_NAME = re.compile(r"@\w*bot\b", re.IGNORECASE | re.ASCII)  # the names of all bots end so, those of people may not
_MEMBER = frozenset({"creator", "administrator", "member", "restricted"})


def is_group(chat: Mapping[str, Any]) -> bool:
    """Whether this is anything but one person's private chat. Ids of groups and channels are negative."""
    return chat.get("type") in ("group", "supergroup", "channel") or (number(chat, "id") or 0) < 0


def read(message: Mapping[str, Any], bot: int | None) -> Inward:
    """``group`` for a command, a mention of a bot or an answer to ours, whose id is ``bot``; else a recorded event."""
    if "migrate_to_chat_id" in message or "migrate_from_chat_id" in message:
        return other("migrate_to_chat_id" if "migrate_to_chat_id" in message else "migrate_from_chat_id")
    if _speaks_to(message, bot):
        return Inward(kind="event", event="group")
    return other("group_message")


def read_member(update: Mapping[str, Any]) -> Inward:
    """``join`` and ``leave`` when the bot was taken in or sent away; a mere change of its rights is only recorded."""
    before, after = (words(record(update, f"{when}_chat_member"), "status") in _MEMBER for when in ("old", "new"))
    if before == after:
        return other("my_chat_member")
    return Inward(kind="event", event="join" if after else "leave")


def _speaks_to(message: Mapping[str, Any], bot: int | None) -> bool:
    text = words(message, "text") or words(message, "caption")
    if text.startswith("/") or _NAME.search(text):
        return True
    answered = number(record(record(message, "reply_to_message"), "from"), "id")
    named = [number(record(one, "user"), "id") for one in (*records(message, "entities"), *records(message, "caption_entities"))]
    return bot is not None and (answered == bot or bot in named)
