"""The path of a message, with the engine's stand-in at its end."""

import asyncio
import contextlib
import pathlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import func, select

from channels import registry
from channels.contract import Channel, Inbound
from channels.dispatcher import Dispatcher
from channels.engine import Engine
from channels.gateway import Gateway
from channels.handler import Handler
from channels.inbox import RECEIVED, InboxEvent
from channels.sender import Sender
from conversations import message
from conversations.content import Inward
from conversations.outbox import PENDING, SENDING, Outgoing
from core import clock
from core.database import Database
from core.settings import Settings
from tests.unit.channels.platform import StandInPlatform
from tests.unit.channels.standin import StandInEngine


@dataclass
class Path:
    """Gateway, dispatcher and sender over one database."""

    database: Database
    valkey: Redis
    standin: StandInEngine
    gateway: Gateway
    settings: Settings
    platform: StandInPlatform
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    engines: list[Engine] = field(default_factory=list)

    @property
    def channels(self) -> dict[tuple[str, str], Channel]:
        own = registry.configured(self.database, self.valkey, Settings())
        return {**own, (self.platform.name, self.platform.account): self.platform}

    def dispatch(self, name: str = "dispatcher-1") -> None:
        engine = Engine(self.standin.url, 5)
        self.engines.append(engine)
        handler = Handler(self.database, self.valkey, engine, self.channels, self.settings)
        worker = Dispatcher(self.database, self.valkey, handler, name=name, workers=4)
        self.tasks[name] = asyncio.create_task(worker.run())

    def send(self, name: str = "sender-1") -> None:
        self.tasks[name] = asyncio.create_task(Sender(self.database, self.valkey, self.channels, name=name, workers=2).run())

    async def stop(self, name: str) -> None:
        task = self.tasks.pop(name)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def say(self, who: str, text: str, event: str) -> str:
        inward = Inward(kind="text", text=text)
        (accepted,) = await self.gateway.accept("web", "default", [Inbound(who, event, clock.now(), inward)])
        return accepted.conversation_id

    async def send_in(self, content: Inward, event: str, who: str = "somchai", **more: Any) -> str:
        """An event of a citizen of the stand-in platform."""
        inbound = Inbound(who, event, clock.now(), content, **more)
        (accepted,) = await self.gateway.accept(self.platform.name, self.platform.account, [inbound])
        return accepted.conversation_id

    async def contents(self, conversation_id: str) -> list[tuple[str, dict[str, Any]]]:
        async with self.database.read() as session:
            return [(m.author, m.content) for m in await message.transcript(session, conversation_id)]

    async def settled(self, seconds: float = 20) -> None:
        """Until nothing waits in inbox and outbox."""
        async with asyncio.timeout(seconds):
            while await self._open():
                await asyncio.sleep(0.05)

    async def settled_in(self, seconds: float = 20) -> None:
        """Until nothing waits in the inbox."""
        async with asyncio.timeout(seconds):
            while True:
                async with self.database.read() as session:
                    if not await session.scalar(select(func.count()).where(InboxEvent.state == RECEIVED)):
                        return
                await asyncio.sleep(0.02)

    async def lines(self, conversation_id: str) -> list[tuple[str, str]]:
        async with self.database.read() as session:
            return [(m.author, m.content["text"]) for m in await message.transcript(session, conversation_id)]

    async def _open(self) -> int:
        async with self.database.read() as session:
            waiting = await session.scalar(select(func.count()).where(InboxEvent.state == RECEIVED))
            leaving = await session.scalar(select(func.count()).where(Outgoing.state.in_((PENDING, SENDING))))
        return (waiting or 0) + (leaving or 0)


@pytest.fixture
async def standin() -> AsyncIterator[StandInEngine]:
    engine = StandInEngine()
    await engine.start()
    yield engine
    await engine.stop()


@pytest.fixture
async def platform() -> AsyncIterator[StandInPlatform]:
    made = StandInPlatform()
    await made.start()
    yield made
    await made.close()
    await made.stop()


@pytest.fixture
async def path(
    database: Database, valkey: Redis, standin: StandInEngine, platform: StandInPlatform, tmp_path: pathlib.Path
) -> AsyncIterator[Path]:
    made = Path(database, valkey, standin, Gateway(database, valkey), Settings(var=tmp_path), platform)
    yield made
    for name in list(made.tasks):
        await made.stop(name)
    for engine in made.engines:
        await engine.close()
