"""The same contest over PostgreSQL, where transactions really run side by side."""

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from core.database import Base, Database
from tests import postgres
from tests.ports import free_port
from tests.postgres import Postgres
from tests.unit.channels.sender.post import Post
from tests.unit.channels.sender.test_owner import compete


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    if not postgres.found():
        pytest.skip("needs PostgreSQL's server programs")
    made = Postgres()
    made.start()
    yield made
    made.stop()


@pytest.fixture
async def office(server: Postgres, short_waits: None) -> AsyncIterator[Post]:
    database, away = Database(server.url), Redis(port=free_port())
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    made = Post(database, away)
    yield made
    await made.close()
    await away.aclose()
    await database.close()


async def test_two_hundred_attempts_over_postgresql(office: Post) -> None:
    await compete(office)
