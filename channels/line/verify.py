"""LINE's signature: HMAC-SHA256 of the raw body with the channel secret, in base64."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

from channels.contract import Unverified

HEADER = "x-line-signature"


def sign(secret: str, body: bytes) -> bytes:
    """The signature that LINE puts into the header for this body, 32 bytes before base64."""
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def verify(secret: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Compare in constant time. The body is never read as anything but bytes.

    Raises:
        Unverified: when the header is missing, is no base64 or belongs to another body or secret.
    """
    told = next((value for name, value in headers.items() if name.lower() == HEADER), "")
    try:
        signature = base64.b64decode(told, validate=True)
    except (binascii.Error, ValueError):  # ValueError: not ASCII
        raise Unverified from None
    if not secret or not hmac.compare_digest(signature, sign(secret, body)):
        raise Unverified
