"""The lease: which worker handles a conversation. Kept in the database, since Valkey may be emptied at any moment."""

from datetime import timedelta

from sqlalchemy import or_, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.conversation import Conversation
from core import clock

LENGTH = timedelta(seconds=15)


async def take(session: AsyncSession, conversation_id: str, holder: str) -> bool:
    """Take or renew the lease; False while somebody else holds it."""
    now = clock.now()
    free = or_(Conversation.lease_holder.is_(None), Conversation.lease_holder == holder, Conversation.lease_until < now)
    result = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, free)
        .values(lease_holder=holder, lease_until=now + LENGTH)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101 - an UPDATE always gives one
    return result.rowcount == 1


async def release(session: AsyncSession, conversation_id: str, holder: str) -> None:
    """Give the lease back, if it is still ours."""
    await _clear(session, Conversation.id == conversation_id, Conversation.lease_holder == holder)


async def release_all(session: AsyncSession, holder: str) -> None:
    """Give back what an earlier process of the same name held when it was killed."""
    await _clear(session, Conversation.lease_holder == holder)


async def _clear(session: AsyncSession, *where: object) -> None:
    await session.execute(
        update(Conversation)
        .where(*where)  # type: ignore[arg-type]
        .values(lease_holder=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
