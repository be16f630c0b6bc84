"""Migrations bring a database to exactly the tables that the code has."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

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
