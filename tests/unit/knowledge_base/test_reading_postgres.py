"""What the public pages read, over PostgreSQL, whose JSON paths and types are other ones."""

from collections.abc import AsyncIterator, Iterator

import pytest

from core.database import Base, Database
from tests import postgres
from tests.postgres import Postgres
from tests.unit.knowledge_base.test_reading import (
    test_a_new_draft_changes_nothing_that_citizens_see,
    test_the_catalogue_follows_every_change,
    test_the_last_reviewed_stand_first,
    test_the_most_read_count_people_and_not_offers,
    test_what_was_public_once_is_told_from_what_never_was,
)

__all__ = [
    "test_a_new_draft_changes_nothing_that_citizens_see",
    "test_the_catalogue_follows_every_change",
    "test_the_last_reviewed_stand_first",
    "test_the_most_read_count_people_and_not_offers",
    "test_what_was_public_once_is_told_from_what_never_was",
]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    if not postgres.found():
        pytest.skip("needs PostgreSQL's server programs")
    made = Postgres()
    made.start()
    yield made
    made.stop()


@pytest.fixture
async def database(server: Postgres) -> AsyncIterator[Database]:
    opened = Database(server.url)
    async with opened.engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
    yield opened
    await opened.close()
