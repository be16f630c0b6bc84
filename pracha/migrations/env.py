"""Alembic's environment: all tables of all rooms, on the database of the settings."""

import asyncio
from typing import Literal

from alembic import context
from sqlalchemy import Connection

from core.database import Base, Database, Moment
from core.settings import settings
from pracha.tables import import_all

import_all()


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Moments are plain columns with time zone in migrations, which must not depend on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=_render)
    with context.begin_transaction():
        context.run_migrations()


async def _main() -> None:
    database = Database(settings().database)
    async with database.engine.connect() as connection:
        await connection.run_sync(_run)
        await connection.commit()
    await database.close()


if (given := context.config.attributes.get("connection")) is not None:
    _run(given)
else:
    asyncio.run(_main())
