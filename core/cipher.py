"""Sealing: what must be read again and yet not lie open in the database, such as the secret of a second factor."""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SHORTEST_KEY = 32  # characters of PRACHA_SECRET_KEY
_NONCE = 12  # bytes, the usual size for AES-GCM


class KeyMissing(Exception):
    """PRACHA_SECRET_KEY is not set, or shorter than `SHORTEST_KEY` characters."""


class Unreadable(Exception):
    """Sealed with another key, for another purpose, or changed since."""


class Cipher:
    """Seals texts with AES-256-GCM; the key comes from PRACHA_SECRET_KEY by HKDF.

    Each text is bound to what it is about (``staff:stf_…``): copied into somebody else's row it opens nothing.
    """

    def __init__(self, secret_key: str) -> None:
        """``secret_key`` is any random text of 32 characters or more.

        Raises:
            KeyMissing: for less than that.
        """
        if len(secret_key) < SHORTEST_KEY:
            raise KeyMissing
        derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"pracha sealing 1")
        self._box = AESGCM(derived.derive(secret_key.encode()))

    def seal(self, text: str, about: str) -> str:
        """The text, sealed: base64, different at every call."""
        nonce = os.urandom(_NONCE)
        return base64.b64encode(nonce + self._box.encrypt(nonce, text.encode(), about.encode())).decode()

    def unseal(self, sealed: str, about: str) -> str:
        """The text again.

        Raises:
            Unreadable: when it was not sealed by this key for ``about``.
        """
        try:
            raw = base64.b64decode(sealed, validate=True)
            return self._box.decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise Unreadable from error
