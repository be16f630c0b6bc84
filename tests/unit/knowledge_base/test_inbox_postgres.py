"""Kept questions, the inbox and uses over PostgreSQL: locks, upserts and sums are other ones there."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import func, select

from core.database import Base, Database
from knowledge_base import questions
from knowledge_base.questions import QuestionCount, UnansweredQuestion
from tests import postgres
from tests.postgres import Postgres
from tests.unit.knowledge_base.test_gap import (
    test_a_wording_is_added_as_a_draft_and_done_once_it_is_published,
    test_groups_are_merged_under_the_first_and_new_wordings_follow,
)
from tests.unit.knowledge_base.test_inbox import (
    test_counts_keep_to_the_filters,
    test_one_group_with_its_days_and_where_a_merged_one_went,
    test_pages_know_how_many_there_are,
    test_tabs_count_groups_by_state,
    test_the_most_asked_comes_first_with_its_wordings_and_trend,
    town,
)

__all__ = [
    "test_a_wording_is_added_as_a_draft_and_done_once_it_is_published",
    "test_counts_keep_to_the_filters",
    "test_groups_are_merged_under_the_first_and_new_wordings_follow",
    "test_one_group_with_its_days_and_where_a_merged_one_went",
    "test_pages_know_how_many_there_are",
    "test_tabs_count_groups_by_state",
    "test_the_most_asked_comes_first_with_its_wordings_and_trend",
    "town",
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


async def test_many_processes_at_once_neither_lose_a_count_nor_block_each_other(database: Database) -> None:
    texts = ["เลี้ยงช้างในบ้านได้ไหม", "เลี้ยงชางในบ้านได้ไหม", "เลี้ยงช้างไว้ในบ้านได้ไหมครับ"]

    async def ask(text: str) -> None:
        async with database.write() as session:
            await questions.record(session, text, "none", "line")

    await ask(texts[0])
    await asyncio.gather(*(ask(texts[number % 3]) for number in range(30)))
    async with database.read() as session:
        rows = (await session.scalars(select(UnansweredQuestion))).all()
        counted = await session.scalar(select(func.sum(QuestionCount.times)))
    assert len(rows) == 3
    assert sum(row.count for row in rows) == counted == 31
    assert len({row.group for row in rows}) == 1
