"""Finding conversations for the list: by tab, with what was said last and how much is new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.conversation import Conversation
from conversations.message import Message
from conversations.ownership import BOT, QUEUE
from conversations.waiting import Waiting
from core import clock

MOST = 100  # rows of a tab
_TALKING = timedelta(hours=24)  # a talk with the assistant is shown so long after the last word


@dataclass(frozen=True)
class Chat:
    """One row: the conversation, its wait while it stands in the queue, its last message, and how many are unread."""

    conversation: Conversation
    wait: Waiting | None
    last: Message | None
    unread: int


async def chats(session: AsyncSession, seen: ColumnElement[bool], tab: str, me: str) -> list[Chat]:
    """The rows of a tab that a member may see: who waits longest first, else what was said last first."""
    rows = [(row[0], row[1]) for row in await session.execute(_query(tab, me).where(seen))]
    ids = [conversation.id for conversation, _ in rows]
    last, unread = await _last(session, ids), await _unread(session, ids)
    return [Chat(one, wait, last.get(one.id), unread.get(one.id, 0)) for one, wait in rows]


async def counts(session: AsyncSession, seen: ColumnElement[bool], me: str) -> Mapping[str, int]:
    """How many conversations each tab has, the assistant's own not counted."""
    rows = await session.execute(
        select(Conversation.owner, func.count()).where(Conversation.owner != BOT, seen).group_by(Conversation.owner)
    )
    owned = {str(owner): int(number) for owner, number in rows}
    waiting, mine, everything = owned.get(QUEUE, 0), owned.get(me, 0), sum(owned.values())
    return {"waiting": waiting, "mine": mine, "others": everything - waiting - mine, "all": everything}


async def stamp(session: AsyncSession, seen: ColumnElement[bool]) -> str:
    """Changes whenever a row of the open chats does."""
    rows = await session.execute(
        select(Conversation.id, Conversation.owner_version, Conversation.last_sequence, Conversation.staff_read)
        .where(Conversation.owner != BOT, seen)
        .order_by(Conversation.id)
    )
    return f"{hash(tuple(tuple(row) for row in rows)) & 0xFFFFFFFF:08x}"


def _query(tab: str, me: str) -> Select[Conversation, Waiting | None]:
    waits = and_(Waiting.conversation_id == Conversation.id, Waiting.ended_at.is_(None))
    query = select(Conversation, Waiting).outerjoin(Waiting, waits).limit(MOST)
    match tab:
        case "waiting":
            return query.where(Conversation.owner == QUEUE).order_by(Waiting.since, Conversation.id)
        case "mine":
            query = query.where(Conversation.owner == me)
        case "others":
            query = query.where(Conversation.owner.not_in((BOT, QUEUE, me)))
        case "bot":
            query = query.where(Conversation.owner == BOT, Conversation.last_at > clock.now() - _TALKING)
        case _:
            query = query.where(Conversation.owner != BOT)
    return query.order_by(Conversation.last_at.desc(), Conversation.id)


async def _last(session: AsyncSession, ids: Sequence[str]) -> dict[str, Message]:
    """The last message of each that somebody said."""
    newest = (
        select(Message.conversation_id, func.max(Message.sequence).label("sequence"))
        .where(Message.conversation_id.in_(ids), Message.author != "system")
        .group_by(Message.conversation_id)
        .subquery()
    )
    same = and_(Message.conversation_id == newest.c.conversation_id, Message.sequence == newest.c.sequence)
    return {one.conversation_id: one for one in await session.scalars(select(Message).join(newest, same))}


async def _unread(session: AsyncSession, ids: Sequence[str]) -> dict[str, int]:
    """How many messages of citizens their person has not seen."""
    query = (
        select(Message.conversation_id, func.count())
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Message.conversation_id.in_(ids),
            Message.author == "citizen",
            Message.sequence > Conversation.staff_read,
            Conversation.owner.not_in((BOT, QUEUE)),
        )
        .group_by(Message.conversation_id)
    )
    return {conversation: int(number) for conversation, number in await session.execute(query)}
