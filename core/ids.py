"""Identifiers: sortable by time, safe in URLs, not guessable."""

import secrets
import time
from base64 import b32encode

# From the letters of RFC 4648 to Crockford's base 32, which has no i, l, o, u and sorts as the numbers do.
_LETTERS = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789abcdefghjkmnpqrstvwxyz")


def new_id(prefix: str) -> str:
    """A new id such as ``cnv_01k9x4e2vq8f3m7c6d5b4a3z2y``: 48 bits of milliseconds, then 80 random bits."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return f"{prefix}_{b32encode(number.to_bytes(20, 'big'))[-26:].translate(_LETTERS).decode()}"
