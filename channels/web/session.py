"""A web visitor's identity: a secret in their browser, known here only by its hash."""

import hashlib
import re
import secrets

_FORM = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """A secret of 256 bits for the browser to keep."""
    return secrets.token_urlsafe(32)


def valid(token: str) -> bool:
    """Whether this has the form of a token of ours."""
    return _FORM.fullmatch(token) is not None


def external_id(token: str) -> str:
    """What the database knows a visitor by. The token cannot be had back from it."""
    return hashlib.sha256(token.encode()).hexdigest()[:40]
