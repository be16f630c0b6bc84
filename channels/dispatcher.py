"""The dispatcher: takes conversations that have something waiting and has each of their events answered, one at a time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from channels import inbox
from channels.handler import Handler
from conversations import lease, queue
from core.database import Database

log = structlog.get_logger()
SWEEP_SECONDS = 1.0
BLOCK_MILLISECONDS = 2_000
HELD_SECONDS = 0.1  # before a conversation that another dispatcher holds is looked at again


class Dispatcher:
    """One process's workers.

    ``name`` must be unique among running dispatchers and the same after a restart: a restarted process takes back at once
    what its killed predecessor held. Conversations come from the stream `ready` and, whatever happened to that, from the sweep.
    """

    def __init__(self, database: Database, valkey: Redis, handler: Handler, *, name: str, workers: int) -> None:
        """Prepare; nothing runs before `run`."""
        self._database = database
        self._valkey = valkey
        self._handler = handler
        self._name = name
        self._workers = workers
        self._todo: asyncio.Queue[str] = asyncio.Queue()
        self._queued: set[str] = set()
        self._busy: set[str] = set()
        self._again: set[str] = set()
        self._later: dict[str, asyncio.TimerHandle] = {}

    async def run(self) -> None:
        """Work until cancelled."""
        async with self._database.write() as session:
            await lease.release_all(session, self._name)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self._sweep())
                for _ in range(self._workers):
                    group.create_task(self._work())
        finally:
            for timer in self._later.values():
                timer.cancel()
            await self._handler.close()

    def add(self, conversation_ids: Iterable[str]) -> None:
        """Queue conversations, each at most once; one that is being handled is looked at again afterwards."""
        for conversation_id in conversation_ids:
            if conversation_id in self._busy:
                self._again.add(conversation_id)
            elif conversation_id not in self._queued:
                self._queued.add(conversation_id)
                self._todo.put_nowait(conversation_id)

    async def _listen(self) -> None:
        while True:
            try:
                await queue.ensure_group(self._valkey)
                while True:
                    await self._read()
            except (RedisError, OSError):
                await asyncio.sleep(0.5)  # the sweep works meanwhile

    async def _read(self) -> None:
        # Not acknowledged one by one: an entry is only a hint, and what a killed process had read the sweep finds in the rows.
        answer = await self._valkey.xreadgroup(
            queue.GROUP, self._name, {queue.READY: ">"}, count=64, block=BLOCK_MILLISECONDS, noack=True
        )
        self.add(fields["conversation"] for _, fields in _entries(answer) if fields and "conversation" in fields)

    async def _sweep(self) -> None:
        while True:
            async with self._database.read() as session:
                self.add(await inbox.unfinished(session))
            await asyncio.sleep(SWEEP_SECONDS)

    async def _work(self) -> None:
        while True:
            conversation_id = await self._todo.get()
            self._queued.discard(conversation_id)
            self._busy.add(conversation_id)
            wait = None
            try:
                wait = await self._handle(conversation_id)
            except Exception:
                # One broken conversation must not stop the others; its rows stay and the sweep brings it back.
                log.exception("conversation_failed", conversation=conversation_id)
            finally:
                self._busy.discard(conversation_id)
            if wait is not None:
                self._remind(conversation_id, wait)
            if conversation_id in self._again:
                self._again.discard(conversation_id)
                self.add([conversation_id])

    async def _handle(self, conversation_id: str) -> float | None:
        """Handle what is due; gives the seconds after which to look again, if something is known to wait."""
        async with self._database.write() as session:
            mine = await lease.take(session, conversation_id, self._name)
        if not mine:
            return HELD_SECONDS  # its holder may have looked just before our event came
        async with _kept(self._database, conversation_id, self._name):
            while (wait := await self._handler.handle_next(conversation_id, self._name)) == 0:
                pass
        async with self._database.write() as session:
            await lease.release(session, conversation_id, self._name)
        return wait

    def _remind(self, conversation_id: str, seconds: float) -> None:
        """Look at a conversation again in a while, sooner than the sweep would."""
        if conversation_id in self._later:
            self._later.pop(conversation_id).cancel()
        self._later[conversation_id] = asyncio.get_running_loop().call_later(seconds, self._reminded, conversation_id)

    def _reminded(self, conversation_id: str) -> None:
        self._later.pop(conversation_id, None)
        self.add([conversation_id])


@contextlib.asynccontextmanager
async def _kept(database: Database, conversation_id: str, holder: str) -> AsyncIterator[None]:
    """Renew the lease in the background while the engine may take its time."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(lease.LENGTH.total_seconds() / 3)
            async with database.write() as session:
                await lease.take(session, conversation_id, holder)

    task = asyncio.create_task(renew())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)  # its own end is swallowed, an end of ours is not


def _entries(answer: Any) -> list[tuple[str, dict[str, str]]]:
    """The entries of an XREADGROUP answer on our one stream, whatever protocol version shaped it."""
    if isinstance(answer, dict):
        return [entry for batches in answer.values() for batch in batches for entry in batch]
    return [entry for _stream, entries in answer or [] for entry in entries]
