"""An attempt to sign in: what must come back with the browser, kept for a few minutes and used once."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass, field

from redis.asyncio import Redis

from web.console.session import asking

SECONDS = 600
_KEY = "pracha:oidc:"


def _random() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Attempt:
    """One way to a provider and back. ``browser`` stands in a cookie: the state of somebody else's attempt is worth nothing."""

    provider: str
    then: str  # where they wanted to go
    state: str = field(default_factory=_random)
    nonce: str = field(default_factory=_random)
    verifier: str = field(default_factory=_random)  # of PKCE
    browser: str = field(default_factory=_random)

    @property
    def challenge(self) -> str:
        """PKCE's S256 of the verifier."""
        return urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()

    def comes_back(self, provider: str, browser: str) -> bool:
        """Whether it came back from the provider it went to, with the browser that began it."""
        return self.provider == provider and secrets.compare_digest(self.browser.encode(), browser.encode())


async def keep(valkey: Redis, attempt: Attempt) -> None:
    """Keep it for `SECONDS`.

    Raises:
        SessionsAway: while Valkey is away.
    """
    async with asking():
        await valkey.set(_name(attempt.state), json.dumps(asdict(attempt)), ex=SECONDS)


async def take(valkey: Redis, state: str) -> Attempt | None:
    """The attempt with this state; it is forgotten at once, so that nobody takes it twice.

    Raises:
        SessionsAway: while Valkey is away.
    """
    async with asking():
        stored = await valkey.getdel(_name(state))
    return Attempt(**json.loads(stored)) if stored else None


def _name(state: str) -> str:
    return _KEY + hashlib.sha256(state.encode()).hexdigest()
