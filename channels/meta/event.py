"""One piece of a webhook, of one citizen, read into `Inbound` events."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.contract import Inbound
from channels.meta import attachment
from channels.meta.value import identifier, moment, words
from channels.value import mapping
from conversations.content import Inward
from core import clock

START = "/session_started"  # the payload of our "get started" button
STARTS = {START, "GET_STARTED"}  # and the one that many pages have kept from before
OURS, PART = "out_", "part:"  # how the metadata of what we sent begins; PART stands on all but a message's last payload
INBOXES = {"263902037430900", "1217981644879628"}  # the app ids of Facebook's Page inbox and of Instagram's
_FRAME = {"sender", "recipient", "timestamp", "is_self"}


@dataclass(frozen=True)
class _Piece:
    citizen: str
    account: str
    at: datetime
    stamp: str  # the time as the platform wrote it, so that a redelivery hashes alike
    data: dict[str, Any]

    def inbound(self, content: Inward, prefix: str, mid: str, suffix: str = "") -> Inbound:
        """The event under the platform's id of it, or under a hash of what makes it one when it has none."""
        own = mid or hashlib.sha256("\0".join([self.citizen, self.stamp, content.payload, content.text]).encode()).hexdigest()
        return Inbound(self.citizen, prefix + own + suffix, self.at, content, reference=mid or None, account=self.account)

    def event(self, name: str, mid: str, text: str = "", suffix: str = "", **details: Any) -> Inbound:
        return self.inbound(Inward(kind="event", event=name, text=text, details=details), f"{name}:", mid, suffix)


def read(piece: Any, entry: dict[str, Any], account: str, *, standby: bool = False) -> list[Inbound] | None:
    """The events of one element of ``messaging`` or ``standby``; none for receipts, None when it cannot be understood."""
    data = mapping(piece)
    if "delivery" in data or "read" in data:
        return []
    sender, recipient = (identifier(mapping(data.get(end)).get("id")) for end in ("sender", "recipient"))
    echo = mapping(data.get("message")).get("is_echo") is True or sender == identifier(entry.get("id"))
    citizen = recipient if echo else sender
    if not citizen:
        return None
    at = moment(data.get("timestamp")) or moment(entry.get("time")) or clock.now()
    one = _Piece(citizen, account, at, identifier(data.get("timestamp")), data)
    if standby:
        return _standby(one)
    if "message" in data:
        return _message(one, mapping(data["message"]), echo)
    return _other(one)


def comment(value: dict[str, Any], entry: dict[str, Any], account: str, name: str) -> list[Inbound] | None:
    """Something public (``name``: comments, feed), which is only recorded; None when it has no author."""
    author = identifier(mapping(value.get("from")).get("id"))
    if author and author == identifier(entry.get("id")):
        return []
    if not author or not name:
        return None
    at = moment(value.get("created_time")) or moment(entry.get("time")) or clock.now()
    one = _Piece(author, account, at, identifier(entry.get("time")), value)
    return [one.event("other", identifier(value.get("id")) or identifier(value.get("comment_id")), name)]


def _message(one: _Piece, message: dict[str, Any], echo: bool) -> list[Inbound] | None:
    mid, text = identifier(message.get("mid")), words(message.get("text"))
    if not message:
        return None
    if message.get("is_deleted") is True:
        return [one.event("unsend", mid)]
    if echo:
        return _echo(one, message, mid, text)
    ref = words(mapping(message.get("referral")).get("ref"))
    found = [one.event("entry", mid, ref)] if ref else []
    quick = words(mapping(message.get("quick_reply")).get("payload"))
    choice = [Inward(kind="choice", text=text, payload=quick)] if quick else []
    contents = choice or attachment.read(message.get("attachments"), text)
    if not contents and not found:
        contents = [Inward(kind="file")]  # what Meta does not pass on (is_unsupported) is answered as a file we cannot open
    return found + [one.inbound(content, "", mid, f":{place}" if place else "") for place, content in enumerate(contents)]


def _echo(one: _Piece, message: dict[str, Any], mid: str, text: str) -> list[Inbound]:
    metadata, app = words(message.get("metadata")), identifier(message.get("app_id"))
    if metadata.startswith(PART):
        return []
    if metadata.startswith(OURS):
        return [one.event("echo", mid, outbox=metadata)]
    if app and app not in INBOXES:
        return [one.event("other", mid, "message_echoes")]
    shown = "\n".join(content.text for content in attachment.read(message.get("attachments"), text) if content.text)
    return [one.event("echo", mid, shown)]


def _other(one: _Piece) -> list[Inbound] | None:
    data = one.data
    if "postback" in data:
        return [_postback(one, mapping(data["postback"]))]
    if "message_edit" in data:
        edit = mapping(data["message_edit"])
        content = Inward(kind="text", text=words(edit.get("text")), details={"edited": True})
        return [one.inbound(content, "edit:", identifier(edit.get("mid")), f":{identifier(edit.get('num_edit')) or one.stamp}")]
    if "reaction" in data:
        return [_reaction(one, mapping(data["reaction"]))]
    if "referral" in data:
        return [_referral(one, words(mapping(data["referral"]).get("ref")), "")]
    name = next((words(key) for key in data if key not in _FRAME), "")
    return [one.event("other", "", name[:80])] if name else None


def _postback(one: _Piece, postback: dict[str, Any]) -> Inbound:
    mid, payload, title = (read(postback.get(key)) for key, read in (("mid", identifier), ("payload", words), ("title", words)))
    ref = words(mapping(postback.get("referral")).get("ref"))
    if payload in STARTS:
        return _referral(one, ref, mid)
    if not (payload or title):
        return one.event("other", mid, "postback")
    return one.inbound(Inward(kind="choice", text=title, payload=payload), "postback:", mid)


def _referral(one: _Piece, ref: str, mid: str) -> Inbound:
    return one.event("entry" if ref else "follow", mid, ref)


def _reaction(one: _Piece, reaction: dict[str, Any]) -> Inbound:
    action = words(reaction.get("action")) or "react"
    emoji = words(reaction.get("emoji")) or words(reaction.get("reaction"))
    text = emoji if action == "react" else ""
    return one.event("reaction", identifier(reaction.get("mid")), text, f":{action[:20]}:{one.stamp}", action=action)


def _standby(one: _Piece) -> list[Inbound]:
    said = mapping(one.data.get("message")) or mapping(one.data.get("postback"))
    if not said:
        return []
    return [one.event("standby", identifier(said.get("mid")), words(said.get("text")) or words(said.get("title")))]
