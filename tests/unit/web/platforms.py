"""Accounts on every platform, and webhooks signed as each of them signs."""

import base64
import hmac
import json
import time
from itertools import count
from typing import Any

from pydantic import SecretStr

from core.settings import LineAccount, MetaAccount, TelegramAccount

NAMES = ("line", "telegram", "messenger", "instagram")
SECRET, VERIFY = "a-secret-of-the-tests", "a-word-of-the-tests"
PAGES = {"messenger": "1001", "instagram": "2002"}
Webhook = tuple[str, bytes, dict[str, str]]  # path, body, headers
_numbers = count(1)


def accounts() -> dict[str, Any]:
    """The settings of one account on each platform."""
    secret = SecretStr(SECRET)
    meta = {
        name: {"main": MetaAccount(page_id=page, access_token=secret, app_secret=secret, verify_token=SecretStr(VERIFY))}
        for name, page in PAGES.items()
    }
    return {
        "line": {"main": LineAccount(channel_secret=secret, access_token=secret)},
        "telegram": {"main": TelegramAccount(token=SecretStr("123456:token"), webhook_secret=secret)},
        **meta,
    }


def webhook(channel: str, text: str) -> Webhook:
    """A citizen's words."""
    return signed(channel, json.dumps(payload(channel, text), ensure_ascii=False).encode())


def payload(channel: str, text: str) -> dict[str, Any]:
    number, now = next(_numbers), int(time.time())
    if channel == "line":
        event = {
            "type": "message", "timestamp": now * 1000, "source": {"type": "user", "userId": f"U{number:032x}"},
            "replyToken": f"{number:032x}", "mode": "active", "webhookEventId": f"01{number:024d}",
            "deliveryContext": {"isRedelivery": False},
            "message": {"type": "text", "id": str(number), "quoteToken": "q", "text": text},
        }  # fmt: skip
        return {"destination": "U" + "0" * 32, "events": [event]}
    if channel == "telegram":
        person, chat = {"id": number, "is_bot": False, "first_name": "ก"}, {"id": number, "type": "private", "first_name": "ก"}
        return {"update_id": number, "message": {"message_id": 1, "date": now, "chat": chat, "from": person, "text": text}}
    page = PAGES[channel]
    message = {"sender": {"id": str(number)}, "recipient": {"id": page}, "timestamp": now * 1000}
    entry = {"id": page, "time": now * 1000, "messaging": [{**message, "message": {"mid": f"m_{number}", "text": text}}]}
    return {"object": "page" if channel == "messenger" else "instagram", "entry": [entry]}


def signed(channel: str, body: bytes) -> Webhook:
    """Any body, with the signature of the platform."""
    digest = hmac.digest(SECRET.encode(), body, "sha256")
    headers = {
        "line": {"X-Line-Signature": base64.b64encode(digest).decode()},
        "telegram": {"X-Telegram-Bot-Api-Secret-Token": SECRET},
    }.get(channel, {"X-Hub-Signature-256": f"sha256={digest.hex()}"})
    return f"/webhooks/{channel}/main", body, headers
