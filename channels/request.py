"""What the engine is asked for one event: words as words, structure as a payload."""

import json
import re
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from channels.inbox import InboxEvent
from conversations import attachment, message
from conversations.content import Inward
from conversations.conversation import Conversation

BARE_INTENT = re.compile(r"/[a-z_]{1,40}")
LOOK_BACK = 60  # messages in which a pressed button may still stand


@dataclass(frozen=True)
class Request:
    """Exactly one of ``text`` (never read as a command) and ``payload`` (``/intent{json}``)."""

    text: str | None = None
    payload: str | None = None


async def of_event(session: AsyncSession, conversation: Conversation, row: InboxEvent) -> Request:
    """Turn an inbox row into the engine's request. Ids that the citizen sends are checked to be their own."""
    content = Inward.model_validate(row.content)
    match content.kind:
        case "text" if content.text.strip():
            return Request(text=content.text)
        case "choice":
            return await _choice(session, conversation, content)
        case "image":
            return await _photo(session, conversation, content)
        case "location" if content.position is not None:
            return Request(payload=_payload("provide_location", **content.position.model_dump()))
        case "sticker" if content.text.strip():
            return Request(text=content.text)
        case "event" if content.event in {"follow", "session"}:
            return Request(payload="/session_started")
    return Request(payload=_payload("unsupported", kind=content.event or content.kind))


async def _choice(session: AsyncSession, conversation: Conversation, content: Inward) -> Request:
    # A payload with values can fill slots: it counts only if we offered this very button in this conversation.
    if BARE_INTENT.fullmatch(content.payload) or await _offered(session, conversation, content.payload):
        return Request(payload=content.payload)
    if content.text.strip():
        return Request(text=content.text)
    return Request(payload=_payload("unsupported", kind="choice"))


async def _offered(session: AsyncSession, conversation: Conversation, payload: str) -> bool:
    if not payload:
        return False
    for said in await message.transcript(session, conversation.id, limit=LOOK_BACK):
        cards = said.content.get("cards") or []
        for holder in (said.content, *cards):
            if any(choice.get("payload") == payload for choice in holder.get("choices") or []):
                return said.author != "citizen"
    return False


async def _photo(session: AsyncSession, conversation: Conversation, content: Inward) -> Request:
    own = [one for one in content.attachments if await attachment.owned(session, one, conversation.id)]
    if not own:
        return Request(payload=_payload("unsupported", kind="image"))
    return Request(payload=_payload("provide_photo", photo=own if len(own) > 1 else own[0]))


def _payload(intent: str, **values: object) -> str:
    return f"/{intent}" + json.dumps(values, ensure_ascii=False)
