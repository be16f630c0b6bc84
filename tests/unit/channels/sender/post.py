"""A post office for tests: stand-in platforms, citizens, their outbox, and senders that may be killed."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from typing import Any

from redis.asyncio import Redis
from sqlalchemy import func, select

from channels.contract import Envelope, Outcome, Pace, Sent
from channels.sender import Sender
from conversations import conversation, outbox
from conversations.content import Text
from conversations.conversation import Conversation
from conversations.outbox import PENDING, SENDING, Outgoing
from core.database import Database
from tests.unit.channels.adapter import Adapter

Answer = Outcome | Callable[[Sequence[Envelope]], Outcome]


class StandIn(Adapter):
    """A platform that records what it is given, and answers as told: by ``script`` first, then by ``usual``."""

    def __init__(self, name: str, account: str, *, batch: int = 1, pace: Pace | None = None) -> None:
        super().__init__(name, account, batch=batch, pace=pace)
        self.calls: list[list[Envelope]] = []
        self.times: list[float] = []
        self.script: deque[Answer] = deque()
        self.usual: Answer = lambda envelopes: Sent(len(envelopes))
        self.open = asyncio.Event()  # while it is cleared, every call hangs
        self.open.set()
        self._called = asyncio.Condition()

    async def send(self, envelopes: Sequence[Envelope]) -> Outcome:
        self.calls.append(list(envelopes))
        self.times.append(time.monotonic())
        async with self._called:
            self._called.notify_all()
        await self.open.wait()
        answer = self.script.popleft() if self.script else self.usual
        return answer(envelopes) if callable(answer) else answer

    async def called(self, times: int, seconds: float = 10) -> None:
        """Until it was called so often."""
        async with asyncio.timeout(seconds), self._called:
            await self._called.wait_for(lambda: len(self.calls) >= times)

    def texts(self) -> list[list[str]]:
        """The words of each call."""
        return [[one.content.text for one in call if isinstance(one.content, Text)] for call in self.calls]


class Post:
    """Platforms, citizens and senders over one database."""

    def __init__(self, database: Database, valkey: Redis) -> None:
        self.database = database
        self._valkey = valkey
        self.channels: dict[tuple[str, str], StandIn] = {}
        self._senders: dict[str, asyncio.Task[None]] = {}

    def platform(self, name: str = "line", account: str = "main", *, batch: int = 1, pace: Pace | None = None) -> StandIn:
        made = StandIn(name, account, batch=batch, pace=pace)
        self.channels[name, account] = made
        return made

    async def citizen(self, platform: StandIn, who: str = "somchai") -> str:
        async with self.database.write() as session:
            return (await conversation.find_or_open(session, platform.name, platform.account, who)).id

    async def put(
        self, conversation_id: str, texts: Iterable[str], *, event: str | None = None, version: int | None = None
    ) -> list[str]:
        """Write messages into the outbox in one transaction; gives the rows' ids."""
        async with self.database.write() as session:
            owner = await session.get_one(Conversation, conversation_id)
            said = []
            for text in texts:
                key = f"{conversation_id}:{owner.last_sequence}"
                said.append(
                    await outbox.put(session, owner, "bot", Text(text=text), key=key, event_id=event, owner_version=version)
                )
            ids = {row.message_id: row.id for row in await session.scalars(select(Outgoing))}
        return [ids[one.id] for one in said]

    def start(self, name: str = "sender-1", workers: int = 4) -> None:
        sender = Sender(self.database, self._valkey, self.channels, name=name, workers=workers)
        self._senders[name] = asyncio.create_task(sender.run())

    async def stop(self, name: str = "sender-1") -> None:
        task = self._senders.pop(name)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def close(self) -> None:
        for platform in self.channels.values():
            platform.open.set()
        for name in list(self._senders):
            await self.stop(name)

    async def rows(self, conversation_id: str | None = None) -> list[Outgoing]:
        query = select(Outgoing).order_by(Outgoing.conversation_id, Outgoing.sequence)
        if conversation_id is not None:
            query = query.where(Outgoing.conversation_id == conversation_id)
        async with self.database.read() as session:
            return list(await session.scalars(query))

    async def settled(self, seconds: float = 15) -> None:
        """Until nothing waits any more."""

        async def nothing() -> bool:
            async with self.database.read() as session:
                waiting = select(func.count()).where(Outgoing.state.in_((PENDING, SENDING)))
                return not await session.scalar(waiting)

        await until(nothing, seconds)


@contextlib.asynccontextmanager
async def until_cancelled(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Runs something endless beside the test."""
    task = asyncio.create_task(work)
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def until(condition: Callable[[], Any], seconds: float = 10) -> None:
    """Until an awaitable condition holds."""
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.01)
