"""A platform of the tests' own: its webhooks are lists of small objects, its signature a word in a header."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from channels.contract import Inbound, Odd, Unverified
from conversations.content import Inward
from tests.unit.channels.adapter import Adapter

SIGNED = {"X-Letterbox": "signed"}


class Letterbox(Adapter):
    """Reads ``[{"who", "id", "text", "at" (seconds), ...}]``; ``"broken"`` makes the adapter itself stumble."""

    def __init__(self, account: str = "main") -> None:
        super().__init__("letterbox", account)

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        if headers.get("X-Letterbox") != "signed":
            raise Unverified

    def parse(self, payload: Any) -> Sequence[Inbound | Odd]:
        return [self._event(one) if isinstance(one, dict) else Odd(one) for one in payload]

    def _event(self, one: dict[str, Any]) -> Inbound:
        if "broken" in one:
            raise ZeroDivisionError(one["broken"])
        kind = "event" if "event" in one else "image" if "media" in one else "text"
        content = Inward(
            kind=kind,
            text=one.get("text", ""),
            event=one.get("event", ""),
            details={"media": one["media"]} if "media" in one else {},
        )
        at = datetime.fromtimestamp(one.get("at", 1_800_000_000), UTC)
        return Inbound(
            one["who"], one["id"], at, content, one.get("details", {}), one.get("reference"), one.get("rank"), one.get("account")
        )
