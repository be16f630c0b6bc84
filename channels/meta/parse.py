"""A webhook of Messenger (object ``page``) or Instagram (object ``instagram``), read into events."""

from collections.abc import Callable
from typing import Any

from channels.contract import Inbound, Odd
from channels.meta import event
from channels.meta.value import identifier, words
from channels.value import items, mapping

OBJECTS = {"messenger": "page", "instagram": "instagram"}
_TALK = {"message", "postback", "reaction", "referral", "message_edit", "read", "delivery"}


def parse(payload: Any, platform: str, account_of: Callable[[str], str]) -> list[Inbound | Odd]:
    """All events in the payload, an `Odd` for each piece that is none. Never raises.

    ``account_of`` tells which account's the page (``entry.id``) is.
    """
    found: list[Inbound | Odd] = []
    for body in payload if isinstance(payload, list) else [payload]:
        entries = items(mapping(body).get("entry"))
        if mapping(body).get("object") != OBJECTS[platform] or not entries:
            found.append(Odd(body))
            continue
        for entry in entries:
            found += _entry(mapping(entry), account_of) if isinstance(entry, dict) else [Odd(entry)]
    return found


def _entry(entry: dict[str, Any], account_of: Callable[[str], str]) -> list[Inbound | Odd]:
    account = account_of(identifier(entry.get("id")))
    read = [(piece, event.read(piece, entry, account)) for piece in items(entry.get("messaging"))]
    read += [(piece, event.read(piece, entry, account, standby=True)) for piece in items(entry.get("standby"))]
    read += [(change, _change(mapping(change), entry, account)) for change in items(entry.get("changes"))]
    if not read:
        return [Odd(entry)]
    return [one for piece, events in read for one in ([Odd(piece)] if events is None else events)]


def _change(change: dict[str, Any], entry: dict[str, Any], account: str) -> list[Inbound] | None:
    """A comment or the like is noted; the dashboard's tests, and some apps, bring messages here too."""
    value, name = mapping(change.get("value")), words(change.get("field"))[:80]
    return event.read(value, entry, account) if _TALK & value.keys() else event.comment(value, entry, account, name)
