"""Search over conversations: the words that citizens and officers wrote, and the conversations in which they stand.

Cutting Thai takes time that nobody should wait for, so `gather` takes the words of new messages in a moment when no message is
being handled. What the assistant says is not gathered: its sentences would be found everywhere.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Select, String, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from conversations.conversation import Conversation
from conversations.message import Message
from core.database import Base, Database
from core.search_words import asked, beginning, words

AT_ONCE = 5  # conversations of one transaction: a few milliseconds of the lock
MESSAGES = 200  # of one conversation in one transaction; the others follow in the next
MOST = 200  # words of one message: what stands at the end of a very long one is not found by it
_SILENT = ("bot", "system")


class ConversationWord(Base):
    """A word by which a conversation is found; ``sequence`` is the last message in which it stands.

    Words are compared letter by letter, so that a beginning of one is a range of the key.
    """

    __tablename__ = "conversation_word"

    word: Mapped[str] = mapped_column(String().with_variant(String(collation="C"), "postgresql"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True, index=True)
    sequence: Mapped[int]


@dataclass(frozen=True)
class _Step:
    """What was gathered of a conversation: the words of the messages after ``since`` until ``until``, each with its last one."""

    conversation_id: str
    since: int
    until: int
    places: Mapping[str, int]


@dataclass(frozen=True)
class Match:
    """A conversation with all words of a question, and its last message in which one of them stands."""

    conversation: Conversation
    message: Message | None


async def find(session: AsyncSession, seen: ColumnElement[bool], question: str, limit: int = 30) -> list[Match]:
    """The conversations in which all words of a question stand, in whichever messages, the one last spoken in first.

    Args:
        session: Any transaction.
        seen: What the member may see, as `helpdesk.visibility.chats` gives it.
        question: Words, such as "ไฟดับ ซอยสุขใจ"; each is found by its beginning too.
        limit: The most results.
    """
    wanted = asked(question)
    if not wanted:
        return []
    having = (select(ConversationWord.conversation_id).where(beginning(ConversationWord.word, word)) for word in wanted)
    query = select(Conversation).where(seen, *(Conversation.id.in_(rows) for rows in having))
    found = (await session.scalars(query.order_by(Conversation.last_at.desc(), Conversation.id).limit(limit))).all()
    said = await _said(session, [one.id for one in found], wanted)
    return [Match(one, said.get(one.id)) for one in found]


async def gather(database: Database) -> int:
    """Take the words of messages that came since the last time; gives how many conversations they were of.

    Several processes may do it at once: a conversation of which another took more meanwhile is left as it is.
    """
    async with database.read() as session:
        new = (await session.execute(_fresh(AT_ONCE))).all()
        told = [await _messages(session, one, since) for one, since, _ in new]
    if not new:
        return 0
    found = await asyncio.to_thread(lambda: [_words(messages) for messages in told])
    steps = [
        _Step(one, since, messages[-1].sequence if messages else last, places)
        for (one, since, last), messages, places in zip(new, told, found, strict=True)
    ]
    await database.transact(lambda connection: _keep(connection, steps))
    return len(new)


async def forget(session: AsyncSession, conversation_id: str) -> None:
    """Forget the words of a conversation, because a message was taken back; those of the others are gathered anew.

    ``searched`` falls below all that it ever was, so that what somebody gathers at this moment is not kept.
    """
    await session.execute(delete(ConversationWord).where(ConversationWord.conversation_id == conversation_id))
    lower = case((Conversation.searched > 0, 0), else_=Conversation.searched) - 1
    await session.execute(update(Conversation).where(Conversation.id == conversation_id).values(searched=lower))


def _fresh(limit: int) -> Select[str, int, int]:
    fresh = Conversation.searched < Conversation.last_sequence
    return select(Conversation.id, Conversation.searched, Conversation.last_sequence).where(fresh).limit(limit)


async def _messages(session: AsyncSession, conversation_id: str, since: int) -> Sequence[Message]:
    query = select(Message).where(Message.conversation_id == conversation_id, Message.sequence > since)
    return (await session.scalars(query.order_by(Message.sequence).limit(MESSAGES))).all()


def _words(messages: Iterable[Message]) -> Mapping[str, int]:
    """Each word of these messages with the last one in which it stands."""
    return {word: one.sequence for one in messages if one.author not in _SILENT for word in words(_text(one.content))[:MOST]}


def _text(content: Mapping[str, Any]) -> str:
    return " ".join(str(content.get(part) or "") for part in ("title", "text"))


def _keep(connection: Connection, steps: Iterable[_Step]) -> None:
    """Write the words down, with few statements: webhooks wait for the same lock."""
    for step in steps:
        same = and_(Conversation.id == step.conversation_id, Conversation.searched == step.since)
        if connection.execute(update(Conversation).where(same).values(searched=step.until)).rowcount != 1 or not step.places:
            continue
        of_it = ConversationWord.conversation_id == step.conversation_id
        connection.execute(delete(ConversationWord).where(of_it, ConversationWord.word.in_(step.places)))
        rows = [{"word": word, "conversation_id": step.conversation_id, "sequence": last} for word, last in step.places.items()]
        connection.execute(insert(ConversationWord), rows)


async def _said(session: AsyncSession, ids: Sequence[str], wanted: Sequence[str]) -> dict[str, Message]:
    """The last message of each conversation in which one of the words stands."""
    word = ConversationWord
    newest = (
        select(word.conversation_id, func.max(word.sequence).label("sequence"))
        .where(word.conversation_id.in_(ids), or_(*(beginning(word.word, one) for one in wanted)))
        .group_by(word.conversation_id)
        .subquery()
    )
    same = and_(Message.conversation_id == newest.c.conversation_id, Message.sequence == newest.c.sequence)
    return {one.conversation_id: one for one in await session.scalars(select(Message).join(newest, same))}
