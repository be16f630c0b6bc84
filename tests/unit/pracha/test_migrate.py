"""Migrations bring a database to exactly the tables that the code has."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from core import audit
from core.database import Base, Database
from helpdesk.record import Case
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


async def test_cases_from_before_there_were_agencies_are_kept(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'older.sqlite3'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda inner: command.upgrade(migrate.configuration(inner), "0003"))
        names = [
            "id",
            "number",
            "key",
            "person_id",
            "category",
            "title",
            "description",
            "place_text",
            "state",
            "unit",
            "priority",
        ]
        values = {name: name for name in names} | {
            "number": "P69-000001-5",
            "priority": "normal",
            "flag": False,
            "one": 1,
            "at": "2026-11-22 10:00:00.000000",
        }
        await connection.execute(text("INSERT INTO person (id, language, created_at) VALUES ('person_id', 'th', :at)"), values)
        await connection.execute(
            text(
                f"INSERT INTO cases ({', '.join(names)}, confidential, version, last_sequence, opened_at, state_at, changed_at)"
                f" VALUES ({', '.join(f':{name}' for name in names)}, :flag, :one, :one, :at, :at, :at)"
            ),
            values,
        )
        event = "INSERT INTO case_event VALUES ('e', 'id', 1, 'k', 'opened', 'new', '', :flag, 'cli', '{}', :at)"
        await connection.execute(text(event), values)
    await migrate.upgrade(database)
    async with database.read() as session:
        kept = (await session.scalars(select(Case))).one()
        assert (kept.number, kept.agency_id, kept.hops, kept.late_told, kept.due_at) == ("P69-000001-5", None, 0, [], None)
    await database.close()
