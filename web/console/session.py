"""Sessions of the console: who is logged in, kept in Valkey under the hash of a random token that only the browser has."""

import asyncio
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from redis.asyncio import Redis
from redis.exceptions import RedisError

from core import clock
from helpdesk.staff import Member

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
TOUCH = timedelta(minutes=1)  # how exactly it is remembered when somebody was last seen
PATIENCE = 3.0  # seconds
_KEY = "pracha:session:"


class SessionsAway(Exception):
    """Valkey does not answer: nobody can be recognised at the moment."""


@dataclass(frozen=True)
class Session:
    """Somebody at work. Times are seconds since 1970."""

    staff: str  # their id
    changed: str  # `Member.changed_at` at log-in: the session ends when the member's row has another one
    csrf: str  # what every form sends back
    since: float
    seen: float

    def belongs_to(self, member: Member) -> bool:
        """Whether neither password, roles nor lock have changed since log-in."""
        return self.staff == member.id and self.changed == member.changed_at.isoformat()


class Sessions:
    """Begins, finds and ends sessions. Every method raises `SessionsAway` while Valkey is away."""

    def __init__(self, valkey: Redis) -> None:
        """``valkey`` is not closed here."""
        self._valkey = valkey

    async def begin(self, member: Member) -> tuple[str, Session]:
        """A new session and the token that opens it: 43 letters for the cookie, stored nowhere."""
        token, now = secrets.token_urlsafe(32), clock.now().timestamp()
        session = Session(member.id, member.changed_at.isoformat(), secrets.token_urlsafe(32), now, now)
        async with _asking():
            await self._valkey.set(_key(token), json.dumps(asdict(session)), ex=IDLE)
        return token, session

    async def find(self, token: str) -> Session | None:
        """The session of this token, unless it ended; it lives two hours longer from now, twelve in all."""
        async with _asking():
            stored = await self._valkey.get(_key(token))
        session = _read(stored)
        if session is None:
            return None
        now = clock.now()
        left = datetime.fromtimestamp(session.since, clock.BANGKOK) + LONGEST - now
        if left <= timedelta(0):
            await self.end(token)
            return None
        if now.timestamp() - session.seen >= TOUCH.total_seconds():
            session = replace(session, seen=now.timestamp())
            async with _asking():  # only if it is still there: it may have been ended meanwhile
                await self._valkey.set(_key(token), json.dumps(asdict(session)), px=min(IDLE, left), xx=True)
        return session

    async def end(self, token: str) -> None:
        """Forget the session."""
        async with _asking():
            await self._valkey.delete(_key(token))


@asynccontextmanager
async def _asking() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(PATIENCE):
            yield
    except (RedisError, OSError, TimeoutError) as error:
        raise SessionsAway from error


def _key(token: str) -> str:
    return _KEY + hashlib.sha256(token.encode()).hexdigest()


def _read(stored: str | bytes | None) -> Session | None:
    """A session in the present shape; one that an older version wrote otherwise is none."""
    try:
        return Session(**json.loads(stored)) if stored else None
    except (ValueError, TypeError):
        return None
