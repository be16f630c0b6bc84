"""Migrations bring a database to exactly the tables that the code has."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from core import audit
from core.database import Base, Database
from pracha import migrate
from pracha.tables import import_all


async def test_migrations_and_code_have_the_same_tables(tmp_path: Path) -> None:
    import_all()
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'migrated.sqlite3'}")
    await migrate.upgrade(database)
    await migrate.upgrade(database)  # a second time there is nothing to do

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()


async def test_the_audit_log_of_a_migrated_database_only_grows(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'migrated.sqlite3'}")
    await migrate.upgrade(database)
    async with database.write() as session:
        audit.record(session, "cli", "case.read", "case:1")
    for statement in ("DELETE FROM audit", "UPDATE audit SET actor = 'nobody'"):
        with pytest.raises(DBAPIError, match="only grows"):
            async with database.write() as session:
                await session.execute(text(statement))
    await database.close()
