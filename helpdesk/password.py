"""Passwords: argon2id hashes, worked out beside the event loop because each takes some 60 ms and 64 MiB."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 256  # characters
FEWEST = 2  # different characters: "กขกขกขกขกขกข" is one thing repeated, whatever its alphabet
SAFE_SCORE = 3  # zxcvbn's, of 4: more than 100 million guesses
_JUDGED = 72  # characters that zxcvbn looks at; what is longer is safe by its length
_OURS = ("pracha", "console", "password", "admin")
GENERATED = 15  # random bytes of a password that we make: 20 characters
_HASHER = PasswordHasher()
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="password")  # no crowd of log-ins is to take all memory
T = TypeVar("T")


async def hashed(password: str) -> str:
    """The hash to be stored."""
    return await _beside(_HASHER.hash, _plain(password))


async def fits(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one behind ``stored``; without a stored one never, in the same time."""
    right = await _beside(_compare, stored or "", _plain(password))
    return right and stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def generate() -> str:
    """A new random password of 20 letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(GENERATED)


def guessable(password: str, login: str) -> bool:
    """Whether a guesser would find it soon: the login, a common password or word, a row of keys, one thing repeated.

    zxcvbn knows 30,000 common passwords and the usual tricks with them ("P@ssw0rd2569"); fewer than 100 million guesses are
    too few. Words of other languages it does not know: "รหัสผ่านของฉัน" passes.
    """
    from zxcvbn import zxcvbn  # its lists take a moment to load, and few commands need them

    known = [login, *login.replace("@", " ").replace(".", " ").split(), *_OURS]
    found = zxcvbn(_plain(password)[:_JUDGED], user_inputs=known)
    return len(set(password)) <= FEWEST or int(found["score"]) < SAFE_SCORE


def _plain(password: str) -> str:
    """One form of what keyboards write in several: ำ as one character or as two, é likewise."""
    return unicodedata.normalize("NFKC", password)


def _compare(stored: str, password: str) -> bool:
    nobody = _nobody()
    try:
        return _HASHER.verify(stored or nobody, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """What is compared with where there is no such login; made when first needed, whoever asks."""
    return _HASHER.hash(secrets.token_urlsafe())


async def _beside(work: Callable[..., T], *values: str) -> T:
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work, *values)
