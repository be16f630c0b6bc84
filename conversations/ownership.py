"""Who answers a conversation: exactly one of bot, queue and a person, changed by compare-and-set."""

from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.conversation import Conversation
from core import audit

BOT, QUEUE = "bot", "queue"


async def change(session: AsyncSession, conversation_id: str, expected: str, new: str, *, actor: str) -> bool:
    """Hand a conversation from ``expected`` to ``new``; False when somebody else was faster and nothing changed."""
    result = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.owner == expected)
        .values(owner=new, owner_version=Conversation.owner_version + 1)
    )
    assert isinstance(result, CursorResult)  # noqa: S101 - an UPDATE always gives one
    if result.rowcount != 1:
        return False
    audit.record(session, actor, "conversation.owner", f"conversation:{conversation_id}", old=expected, new=new)
    return True
