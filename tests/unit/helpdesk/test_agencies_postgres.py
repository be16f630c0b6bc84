"""Agencies over PostgreSQL: what each may see, rows locked for the sweep, a case's shares, migrations with cases there."""

from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest
from sqlalchemy import text

from core.database import Base, Database
from pracha import migrate
from tests import postgres
from tests.postgres import Postgres
from tests.unit.helpdesk.test_escalation import test_many_are_told_in_pieces_and_two_who_sweep_tell_once, time
from tests.unit.helpdesk.test_forwarding import crew, forward, test_the_new_agency_has_the_case_with_history_notice_and_audit
from tests.unit.helpdesk.test_visibility import cases, test_an_invited_agency_sees_the_case_and_only_that_one

__all__ = [
    "cases",
    "crew",
    "forward",
    "test_an_invited_agency_sees_the_case_and_only_that_one",
    "test_many_are_told_in_pieces_and_two_who_sweep_tell_once",
    "test_the_new_agency_has_the_case_with_history_notice_and_audit",
    "time",
]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    if not postgres.found():
        pytest.skip("needs PostgreSQL's server programs")
    running = Postgres()
    running.start()
    yield running
    running.stop()


@pytest.fixture
async def database(server: Postgres) -> AsyncIterator[Database]:
    """An empty database with all tables."""
    opened = Database(server.url)
    async with opened.engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
        await connection.run_sync(partial(Base.metadata.create_all, checkfirst=False))
    yield opened
    await opened.close()


async def test_migrations_run(server: Postgres) -> None:
    opened = Database(server.url)
    async with opened.engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await migrate.upgrade(opened)
    async with opened.engine.connect() as connection:
        rows = await connection.scalars(text("SELECT column_name FROM information_schema.columns WHERE table_name = 'cases'"))
        assert {"agency_id", "due_at", "late_told"} <= set(rows)
    await opened.close()
