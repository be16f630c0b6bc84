"""The sender: lets outbox rows leave, each conversation's in order, and remembers what became of them."""

import asyncio
import random
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import aliased

from channels.contract import Channel, Envelope, Outcome, Retry, Sent, Stop
from conversations import live
from conversations.content import outward
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.outbox import PENDING, SENDING, SENT, STOPPED, Outgoing
from core import clock
from core.database import Database

log = structlog.get_logger()
LEASE = timedelta(seconds=30)
SWEEP_SECONDS = 1.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 600.0
LAST_ATTEMPT = 12  # about an hour and a half of growing waits
BATCH = 200


class Sender:
    """One process's sending. ``name`` is unique among running senders and the same after a restart."""

    def __init__(
        self,
        database: Database,
        valkey: Redis,
        channels: Mapping[tuple[str, str], Channel],
        *,
        name: str,
        workers: int,
    ) -> None:
        """``channels`` holds the adapters by (channel, account)."""
        self._database = database
        self._valkey = valkey
        self._channels = channels
        self._name = name
        self._room = asyncio.Semaphore(workers)
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send until cancelled."""
        await self._release_own()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._loop())

    async def _listen(self) -> None:
        while True:
            try:
                async with self._valkey.pubsub() as pubsub:
                    await pubsub.subscribe(live.OUTBOX)
                    async for _ in pubsub.listen():
                        self._wake.set()
            except (RedisError, OSError):
                await asyncio.sleep(0.5)  # the sweep works meanwhile

    async def _loop(self) -> None:
        while True:
            self._wake.clear()
            for outbox_id in await self._due():
                await self._room.acquire()
                task = asyncio.create_task(self._one(outbox_id))
                self._tasks.add(task)
                task.add_done_callback(self._finished)
            try:
                await asyncio.wait_for(self._wake.wait(), SWEEP_SECONDS)
            except TimeoutError:
                continue

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._room.release()
        self._wake.set()  # the next row of that conversation may be due now
        if not task.cancelled() and task.exception() is not None:
            log.error("sending_failed", error=type(task.exception()).__name__)

    async def _due(self) -> list[str]:
        """Rows that may leave now: due, and the first unsent one of their conversation."""
        now, earlier = clock.now(), aliased(Outgoing)
        blocked = exists().where(
            earlier.conversation_id == Outgoing.conversation_id,
            earlier.sequence < Outgoing.sequence,
            earlier.state.in_((PENDING, SENDING)),
        )
        async with self._database.read() as session:
            rows = await session.scalars(select(Outgoing.id).where(_free(now), ~blocked).order_by(Outgoing.due_at).limit(BATCH))
            return list(rows)

    async def _one(self, outbox_id: str) -> None:
        envelope = await self._claim(outbox_id)
        if envelope is None:
            return
        if isinstance(envelope, Stop):
            await self._settle(outbox_id, envelope, 0)
            return
        channel = self._channels.get((envelope[0], envelope[1].account))
        outcome: Outcome = Stop("no such channel is configured")
        if channel is not None:
            outcome = await channel.send([envelope[1]])
        await self._settle(outbox_id, outcome, envelope[1].attempts)

    async def _claim(self, outbox_id: str) -> tuple[str, Envelope] | Stop | None:
        now = clock.now()
        async with self._database.write() as session:
            result = await session.execute(
                update(Outgoing)
                .where(Outgoing.id == outbox_id, _free(now))
                .values(
                    state=SENDING,
                    lease_holder=self._name,
                    lease_until=now + LEASE,
                    attempts=Outgoing.attempts + 1,
                )
                .execution_options(synchronize_session=False)
            )
            assert isinstance(result, CursorResult)  # noqa: S101 - an UPDATE always gives one
            if result.rowcount != 1:
                return None
            row = await session.get_one(Outgoing, outbox_id)
            said = await session.get_one(Message, row.message_id)
            conversation = await session.get_one(Conversation, row.conversation_id)
        if row.owner_version is not None and row.owner_version != conversation.owner_version:
            return Stop("the conversation changed its owner before this was sent")
        return row.channel, Envelope(
            outbox_id=row.id,
            conversation_id=conversation.id,
            external_id=conversation.external_id,
            account=row.account,
            message_id=said.id,
            sequence=said.sequence,
            author=said.author,
            content=outward(said.content),
            event_id=said.event_id,
            attempts=row.attempts,
        )

    async def _settle(self, outbox_id: str, outcome: Outcome, attempts: int) -> None:
        now = clock.now()
        match outcome:
            case Sent():
                values: dict[str, object] = {"state": SENT, "sent_at": now, "reason": None}
            case Retry(reason=reason, after=after) if attempts < LAST_ATTEMPT:
                wait = max(after or 0.0, _growing(attempts))
                values = {"state": PENDING, "due_at": now + timedelta(seconds=wait), "reason": reason}
            case Retry(reason=reason) | Stop(reason=reason):
                values = {"state": STOPPED, "reason": reason}
                log.warning("outgoing_stopped", outbox=outbox_id, reason=reason)
        async with self._database.write() as session:
            await session.execute(
                update(Outgoing)
                .where(Outgoing.id == outbox_id, Outgoing.lease_holder == self._name)
                .values(lease_holder=None, lease_until=None, **values)
                .execution_options(synchronize_session=False)
            )

    async def _release_own(self) -> None:
        """What an earlier process of this name was sending when it was killed is sent again, by its idempotency key."""
        async with self._database.write() as session:
            await session.execute(
                update(Outgoing)
                .where(Outgoing.state == SENDING, Outgoing.lease_holder == self._name)
                .values(state=PENDING, lease_holder=None, lease_until=None)
                .execution_options(synchronize_session=False)
            )


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Outgoing.state == PENDING, Outgoing.due_at <= now),
        and_(Outgoing.state == SENDING, Outgoing.lease_until < now),
    )


def _growing(attempts: int) -> float:
    """Seconds before the next attempt: doubled each time, with jitter so that many do not come back at once."""
    wait: float = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1))
    return wait * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not a secret
