"""The desk's keeper: looks after citizens who wait for a person, and after chats whose person is gone.

Whatever it does is compare-and-set, so several of them do no harm.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from conversations import handover, live, message, presence, waiting
from conversations.conversation import Conversation
from conversations.handover import OwnerChanged
from conversations.message import Message
from conversations.ownership import BOT, QUEUE, is_person
from conversations.waiting import Waiting
from core import clock
from core.database import Database
from core.settings import Settings
from helpdesk import case as cases

log = structlog.get_logger()
SWEEP_SECONDS = 3.0
EMPTY = timedelta(seconds=45)  # the desk counts as left after so long; a Valkey just emptied knows nobody for ten seconds
_ANYTHING = "other"  # the category of a case that is opened because nobody came
_WORDS = 10  # of the citizen's last messages, as many may stand in the case
_NO_WORDS = "ประชาชนขอคุยกับเจ้าหน้าที่ แต่ไม่มีผู้รับสนทนา กรุณาติดต่อกลับ"
_WANTED = "ประชาชนขอคุยกับเจ้าหน้าที่ แต่ไม่มีผู้รับสนทนา ข้อความล่าสุด:"


class Desk:
    """Sweeps every few seconds until cancelled. ``is_open`` says whether the office is open at a moment."""

    def __init__(
        self, database: Database, valkey: Redis, settings: Settings, is_open: Callable[[datetime], Awaitable[bool]]
    ) -> None:
        """Nothing happens before `run`."""
        self._database = database
        self._valkey = valkey
        self._settings = settings
        self._is_open = is_open
        self._empty_since: datetime | None = None

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                await self.sweep()
            except (SQLAlchemyError, OSError) as error:
                log.error("database_away", error=type(error).__name__)
            await asyncio.sleep(SWEEP_SECONDS)

    async def sweep(self) -> None:
        """Look at everything once: first the chats of people who are gone, then the queue."""
        there = await self._there()
        await self._owned(there)
        await self._queue(there)

    async def _there(self) -> set[str] | None:
        """Who has a screen open; None while Valkey cannot tell, which counts against nobody."""
        try:
            there, receiving = await presence.at_desk(self._valkey), await presence.at_reception(self._valkey)
        except (RedisError, OSError):
            self._empty_since = None
            return None
        self._empty_since = None if receiving else self._empty_since or clock.now()
        return there

    async def _owned(self, there: set[str] | None) -> None:
        async with self._database.read() as session:
            query = select(Conversation).where(Conversation.owner.not_in((BOT, QUEUE)))
            owned = [one for one in await session.scalars(query) if is_person(one.owner)]
        for conversation in owned:
            if there is None or conversation.owner in there:
                await self._back(conversation)
            else:
                await self._gone(conversation)

    async def _back(self, conversation: Conversation) -> None:
        if conversation.missing_since is not None:
            await self._note(conversation, None)

    async def _gone(self, conversation: Conversation) -> None:
        now = clock.now()
        if conversation.missing_since is None:
            await self._note(conversation, now)
        elif now - conversation.missing_since >= timedelta(seconds=self._settings.screen_patience):
            await self._recall(conversation)

    async def _note(self, conversation: Conversation, since: datetime | None) -> None:
        async with self._database.write() as session:
            await session.execute(
                update(Conversation)
                .where(Conversation.id == conversation.id, Conversation.owner_version == conversation.owner_version)
                .values(missing_since=since)
            )

    async def _recall(self, conversation: Conversation) -> None:
        """Back into the queue, if a citizen's message waits for an answer: who has gone is not bothered without need."""
        try:
            async with self._database.write() as session:
                if not await _unanswered(session, conversation):
                    return
                owner = conversation.owner
                await handover.requeue(session, conversation.id, owner=owner, actor="system", reason=waiting.LOST, unsent=True)
        except OwnerChanged:
            return
        log.info("chat_recalled", conversation=conversation.id)
        await live.wake_senders(self._valkey, conversation.id)

    async def _queue(self, there: set[str] | None) -> None:
        async with self._database.read() as session:
            waits = await waiting.everybody(session)
        if not waits:
            return
        is_open = await self._is_open(clock.now())
        for wait in waits:
            outcome = self._outcome(wait, is_open=is_open)
            if outcome is not None:
                await self._give_up(wait, outcome)

    def _outcome(self, wait: Waiting, *, is_open: bool) -> str | None:
        now = clock.now()
        if not is_open:
            return waiting.CLOSED
        if self._empty_since is not None and now - self._empty_since >= EMPTY:
            return waiting.NOBODY
        return waiting.LATE if now - wait.since >= timedelta(seconds=self._settings.queue_patience) else None

    async def _give_up(self, wait: Waiting, outcome: str) -> None:
        """Open a case and say its number, in one transaction with the end of the wait."""
        try:
            async with self._database.write() as session:
                conversation = await handover.locked(session, wait.conversation_id)
                case = await cases.open_case(
                    session,
                    key=f"waiting:{wait.id}",
                    conversation=conversation,
                    category=_ANYTHING,
                    description=_description(await message.transcript(session, conversation.id, limit=_WORDS)),
                    place=None,
                    photos=(),
                    contact=None,
                    consent=False,
                    happened_at=None,
                    actor="system",
                )
                await handover.give_up(session, wait.conversation_id, outcome, case.number)
        except OwnerChanged:
            return
        log.info("queue_given_up", conversation=wait.conversation_id, outcome=outcome)
        await live.wake_senders(self._valkey, wait.conversation_id)


async def _unanswered(session: AsyncSession, conversation: Conversation) -> bool:
    """Whether the citizen wrote after the owner's last words, or after the owner took over without a word."""
    said = select(Message.sequence).where(Message.conversation_id == conversation.id).order_by(Message.sequence.desc()).limit(1)
    theirs = await session.scalar(said.where(Message.author == "citizen"))
    ours = await session.scalar(said.where(Message.author.startswith("staff:")))
    return theirs is not None and theirs > (ours or 0)


def _description(said: Sequence[Message]) -> str:
    """What the citizen wrote last, for whoever answers the case."""
    lines = [words for one in said if one.author == "citizen" and (words := _words(one))]
    return "\n".join([_WANTED, *lines]) if lines else _NO_WORDS


def _words(said: Message) -> str:
    return str(said.content.get("text") or "").strip() if said.content.get("kind") in {"text", "image"} else ""
