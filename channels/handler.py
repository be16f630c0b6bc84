"""The handling of one event: asked of the engine, written down with its answers in one transaction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog
from redis.asyncio import Redis
from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from channels import album, attempt, group, inbox, job, media, queued, record
from channels.acknowledgement import Acknowledgements
from channels.contract import Channel
from channels.engine import PHOTO, Engine, EngineError, Reply
from channels.inbox import InboxEvent
from channels.job import Job
from channels.media import Media
from conversations import live, message, outbox, ownership, removal, utterance
from conversations.content import Choice, Outward, Text
from conversations.conversation import Conversation
from conversations.live import Event
from conversations.utterance import Doubt, Guess
from core import clock
from core.database import Database
from core.settings import Settings

log = structlog.get_logger()
# An engine that works but has nothing to say, and a fault of ours, are not cured by minutes of asking.
GIVE_UP_SOON = {"empty_answer", "status_400", "fault"}
FEW_ATTEMPTS = 3

APOLOGY = Text(
    text="ขออภัยค่ะ ตอนนี้ระบบตอบข้อความนี้ไม่ได้ แต่ข้อความของคุณถูกเก็บไว้แล้ว กรุณาลองใหม่อีกครั้ง หรือขอให้เจ้าหน้าที่ติดต่อกลับได้ค่ะ",
    choices=[Choice(title="ขอคุยกับเจ้าหน้าที่", payload="/talk_to_human")],
)


_Also = Callable[[AsyncSession, Conversation], Awaitable[None]]


class LeaseLost(Exception):
    """Somebody else took the conversation over; what was prepared must not be written."""


@dataclass(frozen=True)
class _Answer:
    """What is said to an event and how it was understood; ``failure`` is why there was no better answer."""

    messages: Sequence[Outward] = ()
    understood: Mapping[str, object] | None = None
    guesses: Sequence[Guess] = ()  # for words whose intent may be learned from
    failure: str | None = None
    told: bool = True  # whether the event itself stands in the transcript
    also: _Also | None = None  # what else belongs into the transaction, once the event stands in the transcript


class Handler:
    """Handles a conversation's events one after the other."""

    def __init__(
        self,
        database: Database,
        valkey: Redis,
        engine: Engine,
        channels: Mapping[tuple[str, str], Channel],
        settings: Settings,
    ) -> None:
        """``channels`` holds the adapters by (channel, account): files are fetched and events acknowledged through them."""
        self._database = database
        self._valkey = valkey
        self._engine = engine
        self._settings = settings
        self._media = Media(database, channels, settings)
        self._acknowledgements = Acknowledgements(channels)

    async def close(self) -> None:
        """End what runs in the background."""
        await self._acknowledgements.close()

    async def handle_next(self, conversation_id: str, holder: str) -> float | None:
        """Handle the conversation's next event under ``holder``'s lease.

        Returns:
            The seconds after which there is more to do, 0 for at once; None when nothing waits.
        """
        async with self._database.read() as session:
            found = await job.read(session, conversation_id)
        if not isinstance(found, Job):
            return found
        if found.missing:
            await self._media.fetch(found.rows, found.conversation)  # then read again, with the files or a new time
            return 0.0
        try:
            await (self._record(found, holder) if found.silent else self._answer(found, holder))
        except EngineError as error:
            await self._failed(found, holder, error.code)
        except (LeaseLost, SQLAlchemyError, OSError):
            raise
        except Exception as error:
            # A fault that one event brings out must not hold its conversation for ever: it ends like an engine's failure.
            log.error("handling_failed", inbox=found.row.id, error=type(error).__name__)
            await self._failed(found, holder, "fault")
        return 0.0

    async def _answer(self, found: Job, holder: str) -> None:
        if found.in_group:
            async with self._database.read() as session:
                speaks = await group.may_speak(session, found.conversation.id)
            await self._finish(found, holder, _Answer([group.DECLINED] if speaks else [], told=speaks))
        elif found.conversation.owner == ownership.BOT or await self._began_waiting(found):
            await self._finish(found, holder, await self._asked(found))
        elif found.conversation.owner == ownership.QUEUE:
            await self._finish(found, holder, _Answer(also=queued.answer(found)))
        else:
            await self._finish(found, holder, _Answer())

    async def _began_waiting(self, found: Job) -> bool:
        """Whether the event itself has put the conversation into the queue: the engine is asked again what it said to that."""
        async with self._database.read() as session:
            return found.conversation.owner == ownership.QUEUE and await queued.caused(session, found)

    async def _asked(self, found: Job) -> _Answer:
        asked, row = found.request, found.row
        assert asked is not None  # noqa: S101 - a job without one is silent, in a group, or misses files
        problems = media.problems(found.content, found.language, self._media.limit)
        if row.attempts == 0:
            self._acknowledgements.start(found.conversation, row)
        if asked.empty and problems:
            return _Answer(problems)
        await self._bind(found)
        await live.publish(self._valkey, found.conversation.id, {"type": "typing", "on": True})
        if asked.before is not None:
            await self._engine.ask(found.conversation.id, row.event_id + PHOTO, payload=asked.before, metadata=_metadata(found))
        reply = await self._engine.ask(
            found.conversation.id, row.event_id, text=asked.text, payload=asked.payload, metadata=_metadata(found)
        )
        understood = {"intent": reply.intent, "confidence": reply.confidence}
        return _Answer([*problems, *reply.messages], understood, reply.guesses if _typed_freely(found, reply) else ())

    async def _bind(self, found: Job) -> None:
        """Note which rows an album was asked with: the engine answers a repeat of it as before, whatever came meanwhile."""
        if len(found.rows) == 1 or album.TOGETHER in found.row.details:
            return
        async with self._database.write() as session:
            first = await session.get_one(InboxEvent, found.row.id)
            first.details = {**first.details, album.TOGETHER: [row.id for row in found.rows]}

    async def _record(self, found: Job, holder: str, failure: str | None = None) -> None:
        """Write down an event that nobody answers. What is taken back leaves the engine's memory first."""
        if found.content.event == "unsend" and failure is None:
            await self._forget(found)
        async with self._database.write() as session:
            conversation = await self._own(session, found, holder, failure)
            events = await record.record(session, found, conversation, self._media.folder)
        await live.publish_all(self._valkey, found.conversation.id, [*events, *_handled(found)], wake=False)

    async def _forget(self, found: Job) -> None:
        if found.row.reference is None:
            return
        async with self._database.read() as session:
            taken = await removal.find(session, found.conversation.id, found.row.reference)
        for said in taken:
            if said.event_id is not None:
                await self._engine.forget(found.conversation.id, said.event_id)

    async def _failed(self, found: Job, holder: str, code: str) -> None:
        row = found.row
        log.warning("not_answered", inbox=row.id, code=code, attempts=row.attempts + 1)
        if queued.wants_person(found) and found.conversation.owner == ownership.BOT:
            await self._finish(found, holder, _Answer(also=queued.put_through(found)))
            return
        hopeless = code in GIVE_UP_SOON and row.attempts + 1 >= FEW_ATTEMPTS
        if not (hopeless or attempt.is_last(row)):
            async with self._database.write() as session:
                attempt.postpone(await session.get_one(InboxEvent, row.id), code)
        elif found.silent:
            await self._record(found, holder, code)
        else:
            await self._finish(found, holder, _Answer([APOLOGY], failure=code))

    async def _finish(self, found: Job, holder: str, answer: _Answer) -> None:
        """Write transcript, inbox state and outbox rows in one transaction, then tell screens and senders."""
        async with self._database.write() as session:
            conversation = await self._own(session, found, holder, answer.failure)
            if found.blocked:
                await record.block(session, conversation, None)
            answer = await self._learned(session, found, answer)
            events = await _transcribed(session, conversation, found, answer) if answer.told else []
            for index, content in enumerate(answer.messages):
                await outbox.put(
                    session,
                    conversation,
                    "bot",
                    content,
                    key=f"{found.row.id}:{index}",
                    event_id=found.row.event_id,
                    owner_version=await queued.version(session, found, conversation),
                )
            if answer.also is not None:
                await answer.also(session, conversation)
        events += _handled(found)
        await live.publish_all(self._valkey, found.conversation.id, events, wake=bool(answer.messages) or answer.also is not None)

    async def _learned(self, session: AsyncSession, found: Job, answer: _Answer) -> _Answer:
        """Keep the words, masked, if the assistant was unsure of them; the transcript remembers as what."""
        doubt = Doubt(self._settings.unsure_below, self._settings.unsure_margin)
        if not utterance.unsure(answer.guesses, doubt):
            return answer
        kept = await utterance.collect(session, found.content.text, found.conversation.channel, answer.guesses)
        return answer if kept is None else replace(answer, understood={**(answer.understood or {}), utterance.KEPT_AS: kept})

    async def _own(self, session: AsyncSession, found: Job, holder: str, failure: str | None) -> Conversation:
        result = await session.execute(
            update(InboxEvent)
            .where(InboxEvent.id.in_([row.id for row in found.rows]), InboxEvent.state == inbox.RECEIVED)
            .values(state=inbox.FAILED if failure else inbox.DONE, reason=failure, handled_at=clock.now())
        )
        assert isinstance(result, CursorResult)  # noqa: S101 - an UPDATE always gives one
        conversation = await session.get(Conversation, found.conversation.id, with_for_update=True)
        if result.rowcount != len(found.rows) or conversation is None or conversation.lease_holder != holder:
            raise LeaseLost(found.conversation.id)
        return conversation


def _typed_freely(found: Job, reply: Reply) -> bool:
    """Whether a citizen typed words of their own to the assistant: no button, no caption, nothing that a form had asked for."""
    asked = found.request is not None and found.request.text is not None and found.content.kind == "text"
    return asked and found.conversation.owner == ownership.BOT and reply.form is None


async def _transcribed(session: AsyncSession, conversation: Conversation, found: Job, answer: _Answer) -> list[Event]:
    """The citizen's lines, one for each part of an album, so that each can be taken back by itself."""
    return [
        live.message_event(
            await message.append(
                session,
                conversation,
                "citizen",
                _shown(found, row),
                event_id=row.event_id,
                reference=row.reference,
                understood=dict(answer.understood) if answer.understood else None,
                at=row.at,
            )
        )
        for row in found.rows
    ]


def _shown(found: Job, row: InboxEvent) -> dict[str, object]:
    """An inbox row's content as the transcript keeps it: with a pressed button's title, without other people's words."""
    if found.in_group:
        return {"kind": "event", "event": found.content.event}
    asked = found.request.content if found.request is not None else None
    if asked is None or asked.kind != "choice" or len(found.rows) > 1:
        return dict(row.content)
    return {**row.content, "text": asked.text, "payload": asked.payload}


def _handled(found: Job) -> list[Event]:
    return [{"type": "handled", "event_id": row.event_id} for row in found.rows]


def _metadata(found: Job) -> dict[str, str]:
    return {
        "conversation_id": found.conversation.id,
        "person_id": found.conversation.person_id,
        "channel": found.conversation.channel,
        "account": found.conversation.account,
        "language": found.language,
    }
