"""Pending imports: what an upload would change, kept in Valkey until whoever sent it has looked at it and confirmed."""

import base64
import json
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256

from redis.asyncio import Redis

from knowledge_base.exchange.formats import Kind
from knowledge_base.exchange.plan import Change
from knowledge_base.exchange.problem import Problem

LIFE = timedelta(minutes=15)
_KEY = "pracha:import:"


@dataclass(frozen=True)
class Pending:
    """One upload that was read and found right. ``name`` is the file's own, for the eye only."""

    key: str
    name: str
    kind: Kind
    changes: Sequence[Change]
    notices: Sequence[Problem]


async def keep(valkey: Redis, token: str, name: str, kind: Kind, changes: Sequence[Change], notices: Sequence[Problem]) -> None:
    """Keep an upload under a session's token, in the place of an earlier one: a session has one at most."""
    stored = {
        "key": secrets.token_urlsafe(16),
        "name": name,
        "kind": kind,
        "changes": [change.store() for change in changes],
        "notices": [asdict(notice) for notice in notices],
    }
    packed = base64.b64encode(zlib.compress(json.dumps(stored).encode())).decode()
    await valkey.set(_name(token), packed, ex=LIFE)


async def find(valkey: Redis, token: str) -> Pending | None:
    """The session's upload, unless its time is over."""
    return _read(await valkey.get(_name(token)))


async def take(valkey: Redis, token: str, key: str) -> Pending | None:
    """The upload that the person looked at, given once only; nothing when it is another one by now."""
    found = await find(valkey, token)
    if found is None or not secrets.compare_digest(found.key, key):
        return None
    taken = _read(await valkey.getdel(_name(token)))
    return taken if taken is not None and taken.key == found.key else None


async def drop(valkey: Redis, token: str) -> None:
    """Forget the session's upload."""
    await valkey.delete(_name(token))


def _name(token: str) -> str:
    return _KEY + sha256(token.encode()).hexdigest()


def _read(packed: object) -> Pending | None:
    """What `keep` wrote; what an older version wrote otherwise is nothing."""
    if not isinstance(packed, str):
        return None
    try:
        stored = json.loads(zlib.decompress(base64.b64decode(packed)))
        changes = [Change.restore(one) for one in stored["changes"]]
        return Pending(stored["key"], stored["name"], stored["kind"], changes, [Problem(**one) for one in stored["notices"]])
    except (ValueError, TypeError, KeyError):
        return None
