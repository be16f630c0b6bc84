"""The secret that Telegram sends back with every webhook."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from channels.contract import Unverified
from core.settings import TelegramAccount

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def secret(account: TelegramAccount) -> str:
    """The account's own secret, or one of 43 characters made from its token; empty when it has neither."""
    if own := account.webhook_secret.get_secret_value():
        return own
    token = account.token.get_secret_value()
    if not token:
        return ""
    digest = hmac.new(token.encode(), b"pracha telegram webhook", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def verify(headers: Mapping[str, str], expected: str) -> None:
    """Compare in constant time.

    Raises:
        Unverified: when the header is missing or wrong, or when there is no secret to compare it with.
    """
    given = headers.get(HEADER, "").encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(given, expected.encode()) or not expected:
        raise Unverified
