"""Who answers a conversation: exactly one of bot, queue and a person, changed by compare-and-set."""

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.conversation import Conversation
from core import audit, clock

BOT, QUEUE = "bot", "queue"
_PERSON = "staff:"


def is_person(owner: str) -> bool:
    """Whether a person owns it: ``staff:stf_…``."""
    return owner.startswith(_PERSON)


async def change(session: AsyncSession, conversation_id: str, expected: str, new: str, *, actor: str) -> bool:
    """Hand a conversation from ``expected`` to ``new``; False when somebody else was faster and nothing changed."""
    result = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.owner == expected)
        .values(owner=new, owner_version=Conversation.owner_version + 1, owner_since=clock.now(), missing_since=None)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101 - an UPDATE always gives one
    if result.rowcount != 1:
        return False
    version = await session.scalar(select(Conversation.owner_version).where(Conversation.id == conversation_id))
    subject = f"conversation:{conversation_id}"
    audit.record(session, actor, "conversation.owner", subject, old=expected, new=new, version=version)
    return True
