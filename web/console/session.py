"""Sessions of the console: who is logged in, kept in Valkey under the hash of a random token that only the browser has."""

import asyncio
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from redis.asyncio import Redis
from redis.exceptions import RedisError

from core import clock
from helpdesk.staff import Member

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
FRESH = timedelta(minutes=10)
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
    proved: float = 0.0  # when they last proved who they are: at log-in, or when asked again
    strong: bool = False  # whether a second factor was part of it
    method: str = "password"  # or the name of the provider that they signed in with
    agent: str = ""  # the browser, in its own words: shown to the member only
    address: str = ""  # where they logged in from, likewise

    @property
    def fresh(self) -> bool:
        """Whether they proved who they are a short while ago; more is asked for before access itself is changed."""
        return clock.now().timestamp() - self.proved < FRESH.total_seconds()

    def belongs_to(self, member: Member) -> bool:
        """Whether neither password, roles nor lock have changed since log-in."""
        return self.staff == member.id and self.changed == member.changed_at.isoformat()


class Sessions:
    """Begins, finds and ends sessions. Every method raises `SessionsAway` while Valkey is away."""

    def __init__(self, valkey: Redis) -> None:
        """``valkey`` is not closed here."""
        self._valkey = valkey

    async def begin(
        self, member: Member, *, strong: bool = False, method: str = "password", agent: str = "", address: str = ""
    ) -> tuple[str, Session]:
        """A new session and the token that opens it: 43 letters for the cookie, stored nowhere."""
        token, now = secrets.token_urlsafe(32), clock.now().timestamp()
        made = Session(
            member.id,
            member.changed_at.isoformat(),
            secrets.token_urlsafe(32),
            now,
            now,
            now,
            strong,
            method,
            agent[:300],
            address,
        )
        async with asking(), self._valkey.pipeline() as together:
            together.set(_key(token), json.dumps(asdict(made)), ex=IDLE)
            together.sadd(_index(member.id), name(token))
            together.expire(_index(member.id), LONGEST)
            await together.execute()
        return token, made

    async def find(self, token: str) -> Session | None:
        """The session of this token, unless it ended; it lives two hours longer from now, twelve in all."""
        async with asking():
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
            async with asking():  # only if it is still there: it may have been ended meanwhile
                await self._valkey.set(_key(token), json.dumps(asdict(session)), px=min(IDLE, left), xx=True)
        return session

    async def prove(self, token: str) -> None:
        """Remember that they proved just now who they are."""
        session = await self.find(token)
        if session is not None:
            async with asking():
                stored = json.dumps(asdict(replace(session, proved=clock.now().timestamp())))
                await self._valkey.set(_key(token), stored, keepttl=True, xx=True)

    async def end(self, token: str) -> None:
        """Forget the session."""
        async with asking():
            await self._valkey.delete(_key(token))

    async def of(self, member: Member) -> Mapping[str, Session]:
        """The member's sessions that are alive, by their names, the one seen last first."""
        async with asking():
            names = sorted(str(one) for one in await self._valkey.smembers(_index(member.id)))
            stored = await self._valkey.mget([_KEY + one for one in names]) if names else []
        read = ((one, _read(text)) for one, text in zip(names, stored, strict=True))
        alive = {one: session for one, session in read if session is not None and session.belongs_to(member)}
        return dict(sorted(alive.items(), key=lambda item: item[1].seen, reverse=True))

    async def end_named(self, member: Member, names: Iterable[str]) -> None:
        """End those of the member's own sessions; names of others' end nothing."""
        own = [one for one in names if one in await self.of(member)]
        async with asking():
            if own:
                await self._valkey.delete(*(_KEY + one for one in own))
                await self._valkey.srem(_index(member.id), *own)


def name(token: str) -> str:
    """What a session may be called where others read along: the token cannot be found from it."""
    return hashlib.sha256(token.encode()).hexdigest()


@asynccontextmanager
async def asking() -> AsyncIterator[None]:
    """Speak with Valkey for a few seconds at most; `SessionsAway` when it does not answer."""
    try:
        async with asyncio.timeout(PATIENCE):
            yield
    except (RedisError, OSError, TimeoutError) as error:
        raise SessionsAway from error


def _key(token: str) -> str:
    return _KEY + name(token)


def _index(staff_id: str) -> str:
    return f"pracha:sessions:{staff_id}"


def _read(stored: str | bytes | None) -> Session | None:
    """A session in the present shape; one that an older version wrote otherwise is none."""
    try:
        return Session(**json.loads(stored)) if stored else None
    except (ValueError, TypeError):
        return None
