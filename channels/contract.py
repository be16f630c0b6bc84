"""What every channel offers: verify, parse, render, send, and the shapes that pass between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from conversations.content import Inward, Outward


@dataclass(frozen=True)
class Inbound:
    """One event of one citizen, as `parse` found it in a webhook.

    ``event_id`` is the platform's own id of the event: a redelivery carries the same one. ``at`` is the platform's time,
    by which a conversation's events are ordered; ``details`` is what the channel's own sender needs later (a reply token).
    """

    external_id: str
    event_id: str
    at: datetime
    content: Inward
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Envelope:
    """One outgoing message with what a channel needs to deliver it."""

    outbox_id: str
    conversation_id: str
    external_id: str
    account: str
    message_id: str
    sequence: int
    author: str
    content: Outward
    event_id: str | None
    attempts: int


@dataclass(frozen=True)
class Sent:
    """The platform took the message."""


@dataclass(frozen=True)
class Retry:
    """The platform could not now; try again, not before ``after`` seconds if it said so."""

    reason: str
    after: float | None = None


@dataclass(frozen=True)
class Stop:
    """The platform will never take it; staff see ``reason``."""

    reason: str


Outcome = Sent | Retry | Stop


class Unverified(Exception):
    """The webhook does not carry the platform's signature; answered 401, nothing of it kept or logged."""


class Channel(Protocol):
    """A platform's adapter, for one account.

    ``verify`` and ``parse`` must be pure and quick: they run before the webhook is answered. ``verify`` compares in constant
    time and must not read the body as anything but bytes. ``parse`` must return every event it understands and may return
    none; it must not raise on odd payloads of a verified sender. ``render`` must not drop a content silently. ``send`` may
    be called again for the same envelope after a crash: it must pass the platform an idempotency key where there is one, and
    must answer with an outcome instead of raising for anything the platform or the network did.
    """

    name: str
    account: str

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Raise `Unverified` unless the platform signed this body."""
        ...

    def parse(self, payload: Any) -> Sequence[Inbound]:
        """All events of all citizens in the payload."""
        ...

    def render(self, content: Outward) -> Sequence[Any]:
        """The platform's payloads for one content."""
        ...

    async def send(self, envelope: Envelope) -> Outcome:
        """Deliver one message."""
        ...
