"""The sender: lets outbox rows leave, each conversation's in order, and remembers what became of them."""

import asyncio
from collections.abc import Mapping

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from channels import account, due, expiry, quota, reasons
from channels.claim import Claim, claim
from channels.contract import Channel, Outcome, Retry
from channels.due import Head
from channels.lane import Call, Lane
from channels.settle import settle
from conversations import live
from conversations.outbox import PENDING, SENDING, Outgoing
from core import clock
from core.database import Database

log = structlog.get_logger()
SWEEP_SECONDS = 1.0
REPORT_SECONDS = 1.0  # accounts' news are written no more often
EXPIRY_SECONDS = 60.0
SEND_SECONDS = 45.0  # the longest a call may take; below `claim.LEASE`
GRACE_SECONDS = 3.0  # for what is under way when the sender is to end
SETTLE_WAITS = (0.2, 1.0, 3.0, 5.0)  # seconds: an outcome not written down would mean sending again


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
        """``channels`` holds the adapters by (channel, account); each gets ``workers`` of its own."""
        self._database = database
        self._valkey = valkey
        self._lanes = {key: Lane(channel, workers) for key, channel in channels.items()}
        self._name = name
        self._wake = asyncio.Event()
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send until cancelled; what is under way then gets a moment to end."""
        await self._release_own()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self._loop())
                group.create_task(self._report())
                group.create_task(self._expire())
                group.create_task(quota.watch(self._database, [lane.channel for lane in self._lanes.values()]))
        finally:
            await self._end()

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
            try:
                await self._start_due()
            except (SQLAlchemyError, OSError) as error:
                log.error("database_away", error=type(error).__name__)
            waits = [lane.remaining() for lane in self._lanes.values()]
            try:
                await asyncio.wait_for(self._wake.wait(), min([SWEEP_SECONDS, *(wait for wait in waits if wait is not None)]))
            except TimeoutError:
                continue

    async def _start_due(self) -> None:
        wanted = {key: want for key, lane in self._lanes.items() if (want := lane.wanted()) is not None}
        async with self._database.read() as session:
            heads = await due.heads(session, wanted, clock.now())
        for head in heads:
            lane = self._lanes[head.channel, head.account]
            want = lane.wanted()  # asked again: each call that began since leaves less room
            if want is not None and head.conversation_id not in want.without:
                call = await lane.enter(head.conversation_id)
                task = asyncio.create_task(self._one(lane, call, head))
                self._tasks.add(task)
                task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()  # the next row of that conversation may be due now
        if not task.cancelled() and task.exception() is not None:
            log.error("sending_failed", error=type(task.exception()).__name__)

    async def _one(self, lane: Lane, call: Call, head: Head) -> None:
        with call:
            async with self._database.write() as session:
                claimed = await claim(
                    session, head.outbox_id, head.conversation_id, most=lane.channel.batch, holder=self._name, now=clock.now()
                )
            if claimed is not None:
                outcome = await _deliver(lane.channel, claimed)
                spared = call.judge(outcome)
                self._news.set()
                await self._settle(claimed, outcome, spared=spared)

    async def _settle(self, claimed: Claim, outcome: Outcome, *, spared: bool) -> None:
        for wait in (*SETTLE_WAITS, None):
            try:
                async with self._database.write() as session:
                    due_in = await settle(session, claimed, outcome, holder=self._name, spared=spared, now=clock.now())
            except (SQLAlchemyError, OSError) as error:
                log.error("outcome_not_written", outbox=claimed.ids[0], error=type(error).__name__)
                if wait is None:
                    raise
                await asyncio.sleep(wait)
            else:
                if 0 < due_in < SWEEP_SECONDS:
                    asyncio.get_running_loop().call_later(due_in, self._wake.set)
                return

    async def _report(self) -> None:
        """Write what operators are to know, as soon as there is something but no more often than once a second."""
        while True:
            await self._news.wait()
            self._news.clear()
            news = {key: found for key, lane in self._lanes.items() if (found := lane.news())}
            try:
                if news:
                    async with self._database.write() as session:
                        for key, values in news.items():
                            await account.note(session, *key, **values)
            except (SQLAlchemyError, OSError) as error:
                log.warning("news_not_written", error=type(error).__name__)
            await asyncio.sleep(REPORT_SECONDS if news else 0)

    async def _expire(self) -> None:
        while True:
            broken = [key for key, lane in self._lanes.items() if not lane.breaker.closed]
            try:
                async with self._database.write() as session:
                    await expiry.stop_old(session, list(self._lanes), broken, clock.now())
            except (SQLAlchemyError, OSError) as error:
                log.warning("expiry_failed", error=type(error).__name__)
            await asyncio.sleep(EXPIRY_SECONDS)

    async def _release_own(self) -> None:
        """What an earlier process of this name was sending when it was killed is sent again, by its idempotency key."""
        async with self._database.write() as session:
            await session.execute(
                update(Outgoing)
                .where(Outgoing.state == SENDING, Outgoing.lease_holder == self._name)
                .values(state=PENDING, lease_holder=None, lease_until=None)
                .execution_options(synchronize_session=False)
            )

    async def _end(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE_SECONDS)
        for task in (left := list(self._tasks)):
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _deliver(channel: Channel, claimed: Claim) -> Outcome:
    """Call the channel; whatever happens there, there is an outcome."""
    try:
        async with asyncio.timeout(SEND_SECONDS):
            return await channel.send(claimed.envelopes)
    except TimeoutError:
        return Retry(reasons.TIMEOUT, uncertain=True, broken=True)
    except Exception as error:  # a fault of the adapter must not keep the row from its next attempt or its end
        log.error("adapter_failed", channel=channel.name, account=channel.account, error=type(error).__name__)
        return Retry(reasons.crashed(error), uncertain=True)
