"""What a visitor sees of a conversation: messages and live events, with nothing that is not for them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from channels import inbox
from channels.inbox import InboxEvent
from conversations import live, message
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.outbox import STOPPED, Outgoing

PAGE = 100
GAP = 500  # messages a visitor may have missed before only the newest are shown
_INWARD = ("kind", "text", "position", "attachments")  # the rest of a citizen's own message is the channel's business


async def missed(session: AsyncSession, conversation: Conversation, after: int) -> list[dict[str, Any]]:
    """The messages above ``after`` that a visitor may see, oldest first; the newest hundred when ``after`` is 0."""
    rows = await message.transcript(session, conversation.id, after=after, limit=GAP if after else PAGE)
    return await _shown(session, conversation, rows)


async def earlier(session: AsyncSession, conversation: Conversation, before: int) -> list[dict[str, Any]]:
    """The hundred messages before ``before``."""
    rows = await message.transcript(session, conversation.id, before=before, limit=PAGE)
    return await _shown(session, conversation, rows)


async def waiting(session: AsyncSession, conversation: Conversation) -> list[dict[str, Any]]:
    """What the visitor sent that is safe with us and not answered yet: {"id", "content", "at"}."""
    return [_waiting(conversation, row) for row in await inbox.waiting(session, conversation.id)]


def seen(conversation: Conversation, data: dict[str, Any]) -> dict[str, Any]:
    """One message of a live event, as the visitor may see it.

    Who of the staff wrote it stays inside; the event id is shortened to the id the visitor's own browser gave it.
    """
    author = str(data["author"])
    content = data["content"]
    if author == "citizen":
        content = {name: content[name] for name in _INWARD if name in content}
    return {
        "id": data["id"],
        "sequence": data["sequence"],
        "author": "staff" if author.startswith("staff:") else author,
        "content": content,
        "event_id": own_id(conversation, data.get("event_id")),
        "at": data["at"],
    }


def own_id(conversation: Conversation, event_id: str | None) -> str | None:
    """``web:<visitor>:<id>`` -> ``<id>``."""
    return event_id.removeprefix(f"{conversation.channel}:{conversation.external_id}:") if event_id else None


async def _shown(session: AsyncSession, conversation: Conversation, rows: Sequence[Message]) -> list[dict[str, Any]]:
    if not rows:
        return []
    # A bot's message that was stopped because an officer had taken over was never said.
    stopped = await session.scalars(
        select(Outgoing.message_id).where(
            Outgoing.conversation_id == conversation.id, Outgoing.state == STOPPED, Outgoing.sequence >= rows[0].sequence
        )
    )
    unsaid = set(stopped.all())
    return [seen(conversation, live.as_data(row)) for row in rows if row.id not in unsaid]


def _waiting(conversation: Conversation, row: InboxEvent) -> dict[str, Any]:
    content = {name: row.content[name] for name in _INWARD if name in row.content}
    return {"id": own_id(conversation, row.event_id), "content": content, "at": row.at.isoformat()}
