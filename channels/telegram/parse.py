"""A webhook's update, read into an `Inbound`. Telegram sends one update at a time, and each is of one kind."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.contract import Inbound, Odd
from channels.telegram import group, message
from channels.telegram.field import moment, number, record, records, words
from channels.value import items, mappings
from conversations.content import Inward
from core import clock

_CHOICE = re.compile(r"[A-Za-z0-9_-]{1,50}:(?:c\d{1,2}\.)?\d{1,3}")
_RECORDED = (
    "channel_post",
    "edited_channel_post",
    "chat_member",
    "chat_join_request",
    "message_reaction_count",
    "chat_boost",
    "removed_chat_boost",
)


@dataclass(frozen=True)
class _Update:
    id: int
    body: Mapping[str, Any]
    limit: int  # bytes of a file
    bot: int | None

    def inbound(
        self,
        content: Inward,
        at: datetime,
        *,
        chat: int | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> Inbound | None:
        """The event, if it can be told whose it is."""
        owner = chat if chat is not None else number(record(self.body, "chat"), "id")
        if owner is None:
            return None
        place = number(self.body, "message_id")
        return Inbound(
            external_id=str(owner),
            event_id=str(self.id),
            at=at,
            content=content,
            details=details or {},
            reference=None if place is None else f"{owner}:{place}",
            rank=self.id,
        )


def parse(payload: Any, limit: int, bot: int | None = None) -> Sequence[Inbound | Odd]:
    """The update's one event. ``limit`` is the largest file we take, in bytes; ``bot`` the id of the bot itself."""
    update_id = number(payload, "update_id")
    if update_id is None or update_id < 0:
        return [Odd(payload)]
    for kind, read in _KINDS.items():
        if body := record(payload, kind):
            return [read(_Update(update_id, body, limit, bot)) or Odd(payload)]
    for kind in _RECORDED:
        if body := record(payload, kind):
            return [_Update(update_id, body, limit, bot).inbound(message.other(kind), moment(body, "date")) or Odd(payload)]
    return [Odd(payload)]


def _message(update: _Update) -> Inbound | None:
    body = update.body
    if group.is_group(record(body, "chat")):
        return update.inbound(group.read(body, update.bot), moment(body, "date"))
    return update.inbound(message.read(body, update.limit), moment(body, "date"))


def _edited(update: _Update) -> Inbound | None:
    if group.is_group(record(update.body, "chat")):
        return update.inbound(message.other("group_message"), moment(update.body, "edit_date"))
    return update.inbound(message.read_edited(update.body, update.limit), moment(update.body, "edit_date"))


def _pressed(update: _Update) -> Inbound | None:
    body, shown = update.body, record(update.body, "message")
    chat = number(record(shown, "chat"), "id") or number(record(body, "from"), "id")
    if group.is_group({**record(shown, "chat"), "id": chat}):
        return update.inbound(message.other("callback_query"), clock.now(), chat=chat)
    buttons = [one for row in _rows(shown) for one in row]
    data = words(body, "data")
    title = next((words(one, "text") for one in buttons if data and words(one, "callback_data") == data), "")
    chosen = {"choice": data} if _CHOICE.fullmatch(data) else {}
    details = {"callback": words(body, "id"), "message": number(shown, "message_id"), "links": _links(shown)}
    content = Inward(kind="choice", text=title, details=chosen)
    return update.inbound(content, clock.now(), chat=chat, details={key: value for key, value in details.items() if value})


def _rows(shown: Mapping[str, Any]) -> Sequence[Sequence[Mapping[str, Any]]]:
    return [mappings(row) for row in items(record(shown, "reply_markup").get("inline_keyboard"))]


def _links(shown: Mapping[str, Any]) -> list[dict[str, str]]:
    """The pressed message's buttons that open an address: they stay when the others go."""
    found = [{"text": words(one, "text"), "url": words(one, "url")} for row in _rows(shown) for one in row]
    return [one for one in found if one["text"] and one["url"]][:100]


def _member(update: _Update) -> Inbound | None:
    body, at = update.body, moment(update.body, "date")
    if group.is_group(record(body, "chat")):
        return update.inbound(group.read_member(body), at)
    status = words(record(body, "new_chat_member"), "status")
    event = {"kicked": "unfollow", "member": "follow"}.get(status)
    return update.inbound(Inward(kind="event", event=event) if event else message.other("my_chat_member"), at)


def _reaction(update: _Update) -> Inbound | None:
    body, at = update.body, moment(update.body, "date")
    if group.is_group(record(body, "chat")):
        return update.inbound(message.other("message_reaction"), at)
    emoji = next((words(one, "emoji") for one in records(body, "new_reaction") if one.get("type") == "emoji"), "")
    return update.inbound(Inward(kind="event", event="reaction", text=emoji[:16]), at)


_KINDS = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _pressed,
    "my_chat_member": _member,
    "message_reaction": _reaction,
}
