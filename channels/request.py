"""What the engine is asked for one event: words as words, structure as a payload."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from channels import entry
from channels.inbox import InboxEvent
from channels.text import ELLIPSIS
from conversations import attachment, message
from conversations.content import Choice, Inward, offered, outward
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.picture import MEDIA_TYPE

BARE_INTENT = re.compile(r"/[a-z_]{1,40}")
_NUMBERED = re.compile(r"^\d{1,2}\. ")  # where a platform has no room for a button, it is a line of a list
LOOK_BACK = 60  # messages in which a pressed button may still stand
BUTTONS = 13  # the most that LINE or Messenger show; those after them are lines of a list, and may be answered by number
LAST = 12  # of them, those among which a typed title may stand
LONGEST_TITLE = 80
LONGEST = 4000  # characters of a text that the engine reads; the transcript keeps all
LEAST_CLIPPED = 4  # characters of a title that a platform must have left before it counts as that title
NOTHING = "/unsupported"


@dataclass(frozen=True)
class Request:
    """What to ask: exactly one of ``text`` (never read as a command) and ``payload`` (``/intent{json}``).

    ``before`` is a payload to ask first, whose answer is not said: the photo that the words of ``text`` were written below.
    ``content`` is what the transcript keeps of the event.
    """

    text: str | None = None
    payload: str | None = None
    before: str | None = None
    content: Inward | None = field(default=None, compare=False)

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it that the engine could understand."""
        return self.payload is not None and self.payload.startswith(NOTHING)


async def of_event(session: AsyncSession, conversation: Conversation, row: InboxEvent) -> Request:
    """Turn an inbox row into the engine's request. Ids that the citizen sends are checked to be their own."""
    return await of_content(session, conversation, Inward.model_validate(row.content))


async def of_content(session: AsyncSession, conversation: Conversation, content: Inward) -> Request:
    """The same for a content; an album's parts are joined in one."""
    match content.kind:
        case "text" if content.text.strip():
            return await _words(session, conversation, content)
        case "choice":
            return await _choice(session, conversation, content)
        case "image" | "file" | "audio" | "video":
            return await _files(session, conversation, content)
        case "location" if content.position is not None:
            return Request(payload=_payload("provide_location", **content.position.model_dump()), content=content)
        case "sticker" if content.text.strip():
            return Request(text=_cut(content.text), content=content)
        case "event" if content.event == "entry":
            return Request(payload=entry.payload(content.text), content=content)
        case "event" if content.event in {"follow", "session"}:
            return Request(payload=entry.WELCOME, content=content)
    return _nothing(content)


async def _words(session: AsyncSession, conversation: Conversation, content: Inward) -> Request:
    # A button of LINE on a computer or of Telegram's keyboard sends its title as if it had been typed.
    text = content.text.strip()
    if len(text) <= LONGEST_TITLE and (pressed := _titled(text, await message.transcript(session, conversation.id, limit=LAST))):
        return Request(payload=pressed.payload, content=content)
    return Request(text=_cut(content.text), content=content)


def _titled(text: str, said: Sequence[Message]) -> Choice | None:
    """The one reply choice with this title in what we said since the citizen's last message."""
    found: dict[str, Choice] = {}
    for line in reversed(said):
        if line.author == "citizen":
            if line.content.get("kind") == "event":
                continue
            break
        for number, choice in enumerate(_choices(line).values(), 1):
            named = _is_title(text, choice.title) or (
                number > BUTTONS and text.isdecimal() and len(text) < 3 and int(text) == number
            )
            if named and choice.kind == "reply" and choice.payload:
                found[choice.payload] = choice
    return next(iter(found.values())) if len(found) == 1 else None


def _is_title(text: str, title: str) -> bool:
    if title.strip() in {text, _NUMBERED.sub("", text)}:
        return True
    left = text.removesuffix(ELLIPSIS).rstrip()
    return text.endswith(ELLIPSIS) and len(left) >= LEAST_CLIPPED and title.startswith(left)


async def _choice(session: AsyncSession, conversation: Conversation, content: Inward) -> Request:
    # A payload with values can fill slots: it counts only if we offered this very button in this conversation.
    pressed = await _pressed(session, conversation, content)
    if pressed is not None:
        shown = content.model_copy(update={"text": content.text or pressed.title, "payload": pressed.payload})
        return Request(payload=pressed.payload, content=shown)
    if BARE_INTENT.fullmatch(content.payload):
        return Request(payload=content.payload, content=content)
    if content.text.strip():
        return Request(text=_cut(content.text), content=content)
    return _nothing(content)


async def _pressed(session: AsyncSession, conversation: Conversation, content: Inward) -> Choice | None:
    place = content.details.get("choice")
    if isinstance(place, str) and place:
        return await _at(session, conversation, place)
    if not content.payload or (BARE_INTENT.fullmatch(content.payload) and content.text):
        return None
    for line in reversed(await message.transcript(session, conversation.id, limit=LOOK_BACK)):
        for choice in _choices(line).values():
            if choice.payload == content.payload and choice.kind == "reply":
                return choice
    return None


async def _at(session: AsyncSession, conversation: Conversation, place: str) -> Choice | None:
    """The choice at ``<message id>:<place>``, if that message is of this conversation."""
    message_id, _, key = place.partition(":")
    line = await session.get(Message, message_id)
    if line is None or line.conversation_id != conversation.id:
        return None
    choice = _choices(line).get(key)
    return choice if choice is not None and choice.kind == "reply" and choice.payload else None


def _choices(line: Message) -> dict[str, Choice]:
    try:
        return {} if line.author == "citizen" else offered(outward(line.content))
    except ValidationError:  # written by a version with other contents
        return {}


async def _files(session: AsyncSession, conversation: Conversation, content: Inward) -> Request:
    photos = [one for one in content.attachments if await _is_photo(session, one, conversation.id)]
    pictures = _payload("provide_photo", photo=photos if len(photos) > 1 else photos[0]) if photos else None
    if content.text.strip():
        return Request(text=_cut(content.text), before=pictures, content=content)
    return Request(payload=pictures, content=content) if pictures else _nothing(content)


async def _is_photo(session: AsyncSession, attachment_id: str, conversation_id: str) -> bool:
    found = await attachment.owned(session, attachment_id, conversation_id)
    return found is not None and found.media_type == MEDIA_TYPE


def _nothing(content: Inward) -> Request:
    return Request(payload=_payload(NOTHING.removeprefix("/"), kind=content.event or content.kind), content=content)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text.strip()[:LONGEST]


def _payload(intent: str, **values: object) -> str:
    return f"/{intent}" + json.dumps(values, ensure_ascii=False)
