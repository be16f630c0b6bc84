"""What a citizen takes back: their message is emptied, its files are deleted."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations import file, search, utterance
from conversations.message import Message

UNSENT = {"kind": "event", "event": "unsent"}  # what is left of the content


async def find(session: AsyncSession, conversation_id: str, reference: str) -> Sequence[Message]:
    """The citizen's messages that the platform knows by this id; several when one was edited or had several parts."""
    found = await session.scalars(
        select(Message).where(
            Message.conversation_id == conversation_id, Message.reference == reference, Message.author == "citizen"
        )
    )
    return found.all()


async def take_back(session: AsyncSession, conversation_id: str, reference: str, folder: Path) -> list[str]:
    """Empty these messages in the caller's transaction and delete their files; gives the messages' ids.

    A file that belongs to a case stays with the case. What was kept of the words to learn from, or to find them by, goes too. A
    message that was taken back already has nothing left to delete.
    """
    taken = await find(session, conversation_id, reference)
    for message in taken:
        for attachment_id in message.content.get("attachments") or []:
            await file.remove(session, folder, attachment_id, conversation_id)
        await utterance.forget(session, (message.understood or {}).get(utterance.KEPT_AS))
        message.content = dict(UNSENT)
        message.understood = None
    if taken:
        await search.forget(session, conversation_id)
    return [message.id for message in taken]
