"""Counting: one row a day, raised in place, so that two processes never lose a count."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from core import clock
from core.database import Base


def today() -> date:
    """The day in Bangkok, by which everything is counted."""
    return clock.local(clock.now()).date()


async def add(session: AsyncSession, table: type[Base], **key: Any) -> None:
    """Count one more in ``table.times`` of the row with this primary key; the row is made if it is not there.

    Args:
        session: A writing session.
        table: A table with a primary key and a column ``times``.
        key: All columns of the primary key.
    """
    await session.execute(_statement(session.get_bind().dialect.name, table, tuple(key)), {**key, "times": 1})


@cache
def _statement(dialect: str, table: type[Base], key: tuple[str, ...]) -> Any:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    times = table.__table__.c.times
    return insert(table).on_conflict_do_update(index_elements=list(key), set_={"times": times + 1})
