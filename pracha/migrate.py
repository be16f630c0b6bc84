"""Bringing the database to the newest tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from core.database import Database

FOLDER = Path(__file__).parent / "migrations"


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration; with a connection, it works on that one."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


async def upgrade(database: Database) -> None:
    """Run what migrations are missing. On SQLite the whole of it is one transaction."""

    def run(connection: Connection) -> None:
        command.upgrade(configuration(connection), "head")

    async with database.engine.begin() as connection:
        await connection.run_sync(run)


async def revise(database: Database, message: str) -> None:
    """Write a migration for the difference between the tables of the code and those of an up-to-date database."""

    def run(connection: Connection) -> None:
        command.revision(configuration(connection), message, autogenerate=True)

    async with database.engine.connect() as connection:
        await connection.run_sync(run)
