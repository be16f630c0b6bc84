"""The curated content in a database file, brought in once for a whole run of tests and copied into each test's own."""

import sqlite3
from pathlib import Path

from core.database import Base, Database
from knowledge_base import content
from pracha.tables import import_all


async def write(path: Path) -> None:
    """Make a SQLite file with all tables and the content of the project."""
    import_all()
    database = Database(f"sqlite+aiosqlite:///{path}")
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with database.write() as session:
        await content.seed(session)
    await database.close()


def copy_into(database: Database, curated: Path) -> None:
    """Copy the rows into a test's empty SQLite database, which nobody is writing to."""
    file = database.engine.url.database
    assert file is not None
    with sqlite3.connect(file) as plain:
        plain.execute("ATTACH ? AS curated", (str(curated),))
        for table in Base.metadata.sorted_tables:
            plain.execute(f'INSERT OR REPLACE INTO main."{table.name}" SELECT * FROM curated."{table.name}"')
    plain.close()
