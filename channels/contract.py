"""What every channel offers: verify, parse, render, send, and the shapes that pass between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from conversations.content import Inward, Outward


@dataclass(frozen=True)
class Inbound:
    """One event of one citizen, as `parse` found it in a webhook.

    ``event_id`` is the platform's own id of the event: a redelivery carries the same one. ``reference`` is its id of the
    message, by which the message is later edited, unsent or reacted to. ``at`` is the platform's time; ``rank`` orders a
    conversation's events and is that time in milliseconds unless the platform numbers its events better. ``details`` is what
    the channel's own calls need later (a reply token). ``account`` is set when one webhook serves several accounts.
    """

    external_id: str
    event_id: str
    at: datetime
    content: Inward
    details: Mapping[str, Any] = field(default_factory=dict)
    reference: str | None = None
    rank: int | None = None
    account: str | None = None


@dataclass(frozen=True)
class Odd:
    """A piece of a verified webhook that nothing could be made of; kept as it came, answered 200."""

    piece: Any


@dataclass(frozen=True)
class Envelope:
    """One outgoing message with what a channel needs to deliver it.

    ``event`` holds the details of the citizen's event that this answers and ``event_at`` when it reached us; ``answered``
    says that an earlier message of ours has answered it. ``heard_at`` is when the citizen last wrote. ``uncertain`` says
    that an earlier attempt may have reached the platform, and ``notes`` what earlier attempts left for this one.
    """

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
    event: Mapping[str, Any] = field(default_factory=dict)
    event_at: datetime | None = None
    answered: bool = False
    heard_at: datetime | None = None
    uncertain: bool = False
    notes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """The platform took the first ``count`` of the messages; ``references`` are its ids of them, as far as it gave any."""

    count: int = 1
    references: Sequence[str] = ()


@dataclass(frozen=True)
class Retry:
    """The platform could not now; try again, not before ``after`` seconds if it said so.

    ``uncertain``: the message may have arrived all the same (a time-out, an answer lost). ``broken``: the platform itself
    fails, which the circuit breaker counts. ``everyone``: all messages of the account are to wait. ``asked``: False when it
    was not called at all, so that this says nothing about it. ``notes`` are kept for the next attempt.
    """

    reason: str
    after: float | None = None
    uncertain: bool = False
    broken: bool = False
    everyone: bool = False
    asked: bool = True
    notes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stop:
    """The platform will never take it; staff see ``reason``. ``blocked``: the citizen does not want to hear from us."""

    reason: str
    blocked: bool = False


Outcome = Sent | Retry | Stop


@dataclass(frozen=True)
class Pace:
    """What a platform allows: messages a second of one account, and messages of one recipient within some seconds."""

    per_second: float
    recipient: int
    recipient_seconds: float


@dataclass(frozen=True)
class File:
    """What a citizen sent, fetched from the platform: its bytes, the type the platform says it has, and a name if any."""

    data: bytes
    media_type: str = ""
    name: str = ""


class MediaLater(Exception):
    """The file is not there yet or the platform does not answer; it may be asked for again."""


class MediaGone(Exception):
    """The file cannot be had. ``code`` says why in one word: gone, too_large, foreign."""

    def __init__(self, code: str = "gone") -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


class Unverified(Exception):
    """The webhook does not carry the platform's signature; answered 401, nothing of it kept or logged."""


class Channel(Protocol):
    """A platform's adapter, for one account.

    ``verify`` and ``parse`` must be pure and quick: they run before the webhook is answered. ``verify`` compares in constant
    time and must not read the body as anything but bytes. ``parse`` must return every event it understands, an `Odd` for
    each that it does not, and must not raise on odd payloads of a verified sender. ``render`` must not drop a content
    silently. ``send`` may be called again for the same envelopes after a crash: it must pass the platform an idempotency key
    where there is one, and must answer with an outcome instead of raising for anything the platform or the network did.
    """

    name: str
    account: str
    batch: int  # the most messages that can leave in one call
    pace: Pace | None  # None: as fast as we can

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Raise `Unverified` unless the platform signed this body."""
        ...

    def parse(self, payload: Any) -> Sequence[Inbound | Odd]:
        """All events of all citizens in the payload."""
        ...

    def render(self, content: Outward, message_id: str) -> Sequence[Any]:
        """The platform's payloads for one content of one message."""
        ...

    async def send(self, envelopes: Sequence[Envelope]) -> Outcome:
        """Deliver one conversation's next messages, at most ``batch`` of them: as many from the first on as one call takes."""
        ...

    async def fetch(self, media: Mapping[str, Any]) -> File:
        """One file of ``content.details["media"]``.

        Raises:
            MediaLater: try again in a while.
            MediaGone: never.
        """
        ...

    async def acknowledge(self, external_id: str, details: Mapping[str, Any]) -> None:
        """Show the citizen that the event is being handled (read, typing, a pressed button). Never raises, may be slow."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
