"""Between password and code: who proved the first factor, kept in Valkey for a few minutes under the hash of a random token."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass

from redis.asyncio import Redis

from helpdesk.staff import Member
from web.console.session import asking

SECONDS = 300
_KEY = "pracha:step:"


@dataclass(frozen=True)
class Step:
    """Somebody who is half in. It opens nothing but the question for the code."""

    staff: str
    changed: str  # `Member.changed_at` then: a new password or a lock ends the step too
    then: str  # where they wanted to go
    method: str

    def belongs_to(self, member: Member) -> bool:
        """Whether nothing about their access has changed since."""
        return self.staff == member.id and self.changed == member.changed_at.isoformat()


async def keep(valkey: Redis, step: Step) -> str:
    """Keep it; gives the token for the cookie.

    Raises:
        SessionsAway: while Valkey is away.
    """
    token = secrets.token_urlsafe(32)
    async with asking():
        await valkey.set(_name(token), json.dumps(asdict(step)), ex=SECONDS)
    return token


async def find(valkey: Redis, token: str) -> Step | None:
    """The step of this token, unless it ended.

    Raises:
        SessionsAway: while Valkey is away.
    """
    async with asking():
        stored = await valkey.get(_name(token))
    return Step(**json.loads(stored)) if stored else None


async def end(valkey: Redis, token: str) -> bool:
    """Forget it; false when somebody else did so before.

    Raises:
        SessionsAway: while Valkey is away.
    """
    async with asking():
        return bool(await valkey.delete(_name(token)))


def _name(token: str) -> str:
    return _KEY + hashlib.sha256(token.encode()).hexdigest()
