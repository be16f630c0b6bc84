"""The handling of one event: asked of the engine, written down with its answers in one transaction."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from redis.asyncio import Redis
from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from channels import inbox, request
from channels.engine import Engine, EngineError, Reply
from channels.inbox import InboxEvent
from channels.request import Request
from conversations import live, message, outbox, ownership
from conversations.content import Choice, Text
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.person import Person
from core import clock
from core.database import Database

log = structlog.get_logger()
ANSWER_WITHIN = timedelta(seconds=120)  # from the first attempt; then the citizen is told
LONGEST_WAIT = 8.0  # seconds between two attempts
EMPTY_ATTEMPTS = 3  # an engine that works but has nothing to say will not find words by being asked for minutes

APOLOGY = Text(
    text="ขออภัยค่ะ ตอนนี้ระบบตอบข้อความนี้ไม่ได้ แต่ข้อความของคุณถูกเก็บไว้แล้ว กรุณาลองใหม่อีกครั้ง หรือขอให้เจ้าหน้าที่ติดต่อกลับได้ค่ะ",
    choices=[Choice(title="ขอคุยกับเจ้าหน้าที่", payload="/talk_to_human")],
)


class LeaseLost(Exception):
    """Somebody else took the conversation over; what was prepared must not be written."""


@dataclass(frozen=True)
class _Job:
    row: InboxEvent
    conversation: Conversation
    request: Request
    language: str


class Handler:
    """Handles a conversation's events one after the other."""

    def __init__(self, database: Database, valkey: Redis, engine: Engine) -> None:
        """Keep what handling needs."""
        self._database = database
        self._valkey = valkey
        self._engine = engine

    async def handle_next(self, conversation_id: str, holder: str) -> bool:
        """Handle the conversation's next event under ``holder``'s lease; False when there is none that is due."""
        job = await self._job(conversation_id)
        if job is None:
            return False
        if job.conversation.owner != ownership.BOT:
            await self._finish(job, holder, None)
            return True
        await live.publish(self._valkey, conversation_id, {"type": "typing", "on": True})
        try:
            reply = await self._engine.ask(
                conversation_id,
                job.row.event_id,
                text=job.request.text,
                payload=job.request.payload,
                metadata=_metadata(job),
            )
        except EngineError as error:
            return await self._failed(job, holder, error)
        await self._finish(job, holder, reply)
        return True

    async def _job(self, conversation_id: str) -> _Job | None:
        async with self._database.read() as session:
            row = await inbox.next_row(session, conversation_id)
            conversation = await session.get(Conversation, conversation_id)
            if row is None or conversation is None or row.due_at > clock.now():
                return None
            person = await session.get(Person, conversation.person_id)
            asked = await request.of_event(session, conversation, row)
            return _Job(row, conversation, asked, person.language if person else "th")

    async def _failed(self, job: _Job, holder: str, error: EngineError) -> bool:
        row, now = job.row, clock.now()
        first = row.first_attempt_at or now
        log.warning("engine_failed", inbox=row.id, code=error.code, attempts=row.attempts + 1)
        silent = error.code == "empty_answer" and row.attempts + 1 >= EMPTY_ATTEMPTS
        if silent or now - first > ANSWER_WITHIN:
            await self._finish(job, holder, Reply([APOLOGY], None, 0.0), failure=error.code)
            return True
        wait = timedelta(seconds=min(LONGEST_WAIT, 0.5 * 2**row.attempts))
        async with self._database.write() as session:
            await session.execute(
                update(InboxEvent)
                .where(InboxEvent.id == row.id, InboxEvent.state == inbox.RECEIVED)
                .values(attempts=row.attempts + 1, first_attempt_at=first, due_at=now + wait, reason=error.code)
            )
        return False

    async def _finish(self, job: _Job, holder: str, reply: Reply | None, failure: str | None = None) -> None:
        """Write transcript, inbox state and outbox rows in one transaction, then tell screens and senders."""
        async with self._database.write() as session:
            conversation = await self._own(session, job, holder, failure)
            understood = {"intent": reply.intent, "confidence": reply.confidence} if reply else None
            said = await message.append(
                session,
                conversation,
                "citizen",
                job.row.content,
                event_id=job.row.event_id,
                reference=job.row.reference,
                understood=understood,
                at=job.row.at,
            )
            for index, answer in enumerate(reply.messages if reply else []):
                await outbox.put(
                    session,
                    conversation,
                    "bot",
                    answer,
                    key=f"{job.row.id}:{index}",
                    event_id=job.row.event_id,
                    owner_version=job.conversation.owner_version,
                )
        await self._tell(said, job.row.event_id)

    async def _own(self, session: AsyncSession, job: _Job, holder: str, failure: str | None) -> Conversation:
        result = await session.execute(
            update(InboxEvent)
            .where(InboxEvent.id == job.row.id, InboxEvent.state == inbox.RECEIVED)
            .values(state=inbox.FAILED if failure else inbox.DONE, reason=failure, handled_at=clock.now())
        )
        assert isinstance(result, CursorResult)  # noqa: S101 - an UPDATE always gives one
        conversation = await session.get(Conversation, job.conversation.id, with_for_update=True)
        if result.rowcount != 1 or conversation is None or conversation.lease_holder != holder:
            raise LeaseLost(job.conversation.id)
        return conversation

    async def _tell(self, said: Message, event_id: str) -> None:
        await live.publish(self._valkey, said.conversation_id, live.message_event(said))
        await live.publish(self._valkey, said.conversation_id, {"type": "handled", "event_id": event_id})
        await live.wake_senders(self._valkey, said.conversation_id)


def _metadata(job: _Job) -> dict[str, str]:
    return {
        "conversation_id": job.conversation.id,
        "person_id": job.conversation.person_id,
        "channel": job.conversation.channel,
        "account": job.conversation.account,
        "language": job.language,
    }
