"""The gateway over PostgreSQL, as several web processes use it at once."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import orjson
import pytest
from redis.asyncio import Redis

from channels.gateway import Gateway
from channels.inbox import UNREADABLE
from conversations.conversation import Conversation
from conversations.person import ChannelIdentity, Person
from core.database import Base, Database
from tests import postgres
from tests.postgres import Postgres
from tests.unit.channels.letterbox import SIGNED, Letterbox
from tests.unit.channels.test_gateway import count, event, post, rows


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    if not postgres.found():
        pytest.skip("needs PostgreSQL's server programs")
    made = Postgres()
    made.start()
    yield made
    made.stop()


@pytest.fixture
async def processes(server: Postgres, valkey: Redis) -> AsyncIterator[list[tuple[Database, Gateway]]]:
    """Three web processes' gateways, each with connections of its own."""
    databases = [Database(server.url) for _ in range(3)]
    async with databases[0].engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
    made = [(database, Gateway(database, valkey)) for database in databases]
    yield made
    for database, gateway in made:
        await gateway.close()
        await database.close()


async def test_redeliveries_to_several_processes_at_once_stay_single(processes: list[tuple[Database, Gateway]]) -> None:
    webhooks = []
    for number in range(120):
        batch = [event(number, f"c{number % 17}"), event(1000 + number, f"c{number * 7 % 23}", reference=f"m{number}")]
        webhooks += [post(gateway, *(batch if place % 2 else batch[::-1])) for place, (_, gateway) in enumerate(processes)]
    accepted = [one for answer in await asyncio.gather(*webhooks) for one in answer]
    database = processes[0][0]
    assert sum(one.fresh for one in accepted) == len(await rows(database)) == 240
    assert await count(database, Person) == await count(database, ChannelIdentity) == await count(database, Conversation) == 23


async def test_what_only_postgresql_refuses_is_replaced_or_kept(processes: list[tuple[Database, Gateway]]) -> None:
    database, gateway = processes[0]
    strange = orjson.dumps([event(1, "som\x00chai", text="a\x00b", details={"k\x00": ["\x00"]}, reference="m\x00"), "\x00"])
    await gateway.receive(Letterbox(), strange, SIGNED)
    await post(gateway, event(2, event="unsend", text="", reference="m2"))
    await post(gateway, event(3, reference="m2"))
    stored = {row.event_id: row for row in await rows(database)}
    assert stored["e1"].content["text"] == "a\ufffdb"
    assert stored["e3"].content == {"kind": "event", "event": "unsent"}
    assert [row.state for row in stored.values()].count(UNREADABLE) == 1
