"""A frame of the widget's socket, read into an `Inbound`."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from channels.contract import Inbound
from conversations.content import Inward, Position
from core import clock

TEXT_LIMIT = 4000  # characters
_ID = re.compile(r"[A-Za-z0-9._:-]{8,80}")


class BadFrame(ValueError):
    """A frame that cannot be taken. ``code`` is one word for the widget: malformed, empty, too_long."""

    def __init__(self, code: str) -> None:
        """Keep the code; the widget has the words for it in the citizen's language."""
        super().__init__(code)
        self.code = code


class _Frame(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    kind: str
    text: str = ""
    payload: str = Field("", max_length=300)
    attachments: list[str] = Field([], max_length=5)
    position: Position | None = None


def parse(data: Any, external_id: str, *, prefix: str = "web") -> Inbound:
    """Read ``{"id", "kind": "text|choice|image|location", "text", "payload", "attachments", "position"}``.

    Event ids come from browsers, so they are kept apart per visitor.

    Raises:
        BadFrame: when it is none of these.
    """
    try:
        frame = _Frame.model_validate(data)
    except ValidationError as error:
        raise BadFrame("malformed") from error
    if not _ID.fullmatch(frame.id):
        raise BadFrame("malformed")
    if len(frame.text) > TEXT_LIMIT:
        raise BadFrame("too_long")
    return Inbound(external_id, f"{prefix}:{external_id}:{frame.id}", clock.now(), _content(frame))


def _content(frame: _Frame) -> Inward:
    match frame.kind:
        case "text" if frame.text.strip():
            return Inward(kind="text", text=frame.text)
        case "text":
            raise BadFrame("empty")
        case "choice" if frame.payload:
            return Inward(kind="choice", text=frame.text, payload=frame.payload)
        case "image" if frame.attachments:
            return Inward(kind="image", attachments=frame.attachments)
        case "location" if frame.position is not None:
            return Inward(kind="location", position=frame.position)
        case "session":
            return Inward(kind="event", event="session")
    raise BadFrame("malformed")
