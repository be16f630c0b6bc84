"""Accounts, webhooks and envelopes of the demo city at Meta."""

import hmac
import json
from datetime import timedelta
from typing import Any, Literal

from pydantic import SecretStr

from channels.contract import Envelope
from channels.meta.channel import MetaChannel
from conversations.content import Outward, Text
from core import clock
from core.settings import MetaAccount

Platform = Literal["messenger", "instagram"]
SECRET, TOKEN = "the-app-secret", "EAAB-the-page-token"
PAGE, OTHER_PAGE, CITIZEN = "1007", "2008", "4004"
AT = 1_763_800_000_000  # milliseconds
LIMIT = 1000  # bytes of a file


def account(page: str = PAGE, secret: str = SECRET, **changes: Any) -> MetaAccount:
    return MetaAccount(page_id=page, access_token=SecretStr(TOKEN), app_secret=SecretStr(secret), **changes)


def channel(platform: Platform = "messenger", api_url: str = "http://127.0.0.1:9") -> MetaChannel:
    accounts = {
        "main": account(api_url=api_url),
        "water": account(OTHER_PAGE, api_url=api_url),
        "elsewhere": account("3009", "another-secret", api_url=api_url),
    }
    return MetaChannel(platform, "main", accounts, limit=LIMIT)


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()}


def piece(**parts: Any) -> dict[str, Any]:
    """One element of ``messaging``, from the citizen to the page."""
    return {"sender": {"id": CITIZEN}, "recipient": {"id": PAGE}, "timestamp": AT, **parts}


def echo(**message: Any) -> dict[str, Any]:
    said = {"mid": "m_echo", "is_echo": True, **message}
    return {"sender": {"id": PAGE}, "recipient": {"id": CITIZEN}, "timestamp": AT, "message": said}


def webhook(*pieces: Any, page: str = PAGE, object: str = "page", under: str = "messaging") -> dict[str, Any]:
    return {"object": object, "entry": [{"id": page, "time": AT, under: list(pieces)}]}


def body(payload: Any) -> bytes:
    return json.dumps(payload).encode()


def envelope(content: Outward | None = None, *, hours: float | None = 1, author: str = "bot", **changes: Any) -> Envelope:
    """A message of the bot to a citizen who wrote ``hours`` ago."""
    heard = None if hours is None else clock.now() - timedelta(hours=hours)
    values: dict[str, Any] = {
        "outbox_id": "out_1",
        "conversation_id": "cnv_1",
        "external_id": CITIZEN,
        "account": "main",
        "message_id": "msg_1",
        "sequence": 1,
        "author": author,
        "content": content or Text(text="สวัสดีค่ะ"),
        "event_id": None,
        "attempts": 1,
        "heard_at": heard,
    }
    return Envelope(**{**values, **changes})
