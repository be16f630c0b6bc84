"""A visitor without account or cookie: told from others for one day, and not to be found again afterwards."""

import hashlib
import secrets
from urllib.parse import urlsplit

from aiohttp import web
from redis.exceptions import RedisError

from core import clock
from web import address, parts
from web.parts import Parts

_KEPT = 2 * 86_400  # seconds until a day's salt is gone, and with it the way back from a name to an address
_OWN_SALT = secrets.token_hex(32)  # while Valkey is away


async def name(request: web.Request, *about: str) -> str:
    """A name for this visitor, this day and a thing (``thumb``, a FAQ's id), the same in every process.

    An address is personal data, and there are few enough of them to try them all: it is hashed with a salt that is thrown
    away after two days.
    """
    known = parts.of(request)
    day = f"{clock.local(clock.now()):%Y-%m-%d}"
    client = address.client(request, known.settings.trusted_proxies)
    salt = bytes.fromhex(await _salt(known, day))
    return hashlib.blake2b("\0".join((client, day, *about)).encode(), key=salt, digest_size=20).hexdigest()


async def must_wait(request: web.Request, rule: str, *about: str) -> int:
    """Count one use of this address against ``rule``; the seconds to wait, 0 if it may go on."""
    known = parts.of(request)
    return await known.rates.wait(rule, *about, address.client(request, known.settings.trusted_proxies))


def from_our_page(request: web.Request) -> bool:
    """Whether a form was sent from one of our own pages; a browser never lets another site say so."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") == "same-origin"
    return origin == parts.of(request).settings.base_url or (origin != "null" and urlsplit(origin).netloc == request.host)


async def _salt(known: Parts, day: str) -> str:
    try:
        key = f"visitor:salt:{day}"
        await known.valkey.set(key, secrets.token_hex(32), nx=True, ex=_KEPT)
        return str(await known.valkey.get(key) or _OWN_SALT)
    except (RedisError, OSError, TimeoutError):
        return _OWN_SALT
