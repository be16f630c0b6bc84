"""Proof that a webhook is Meta's: the signature of its body, and the question Meta asks when the webhook is entered."""

import hmac
from collections.abc import Mapping

from channels.contract import Unverified
from core.settings import MetaAccount

HEADER = "X-Hub-Signature-256"


def verify(body: bytes, headers: Mapping[str, str], secret: str) -> None:
    """Check ``X-Hub-Signature-256: sha256=<hex>``, the HMAC of the body as it came, made with the app's secret.

    Raises:
        Unverified: when the header is missing or wrong, or no secret is set.
    """
    given = headers.get(HEADER) or headers.get(HEADER.lower()) or ""
    wanted = "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()
    same = hmac.compare_digest(given.encode("utf-8", "backslashreplace"), wanted.encode())
    if not (secret and same):  # without a secret anyone could sign
        raise Unverified


def verify_token(account: MetaAccount) -> str:
    """The word that Meta's dashboard and we know: the account's own, else one derived from the app's secret."""
    own = account.verify_token.get_secret_value()
    return own or hmac.new(account.app_secret.get_secret_value().encode(), b"pracha webhook", "sha256").hexdigest()[:32]


def challenge(query: Mapping[str, str], account: MetaAccount) -> str | None:
    """What to answer to ``hub.mode=subscribe``: ``hub.challenge`` if the verify token is ours, else None."""
    given = query.get("hub.verify_token", "").encode("utf-8", "backslashreplace")
    known = hmac.compare_digest(given, verify_token(account).encode()) and account.app_secret.get_secret_value() != ""
    return query.get("hub.challenge") if known and query.get("hub.mode") == "subscribe" else None
