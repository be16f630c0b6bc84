"""The database: SQLAlchemy over SQLite or PostgreSQL, with transactions that cannot lose an update."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import JSON, ColumnElement, DateTime, MetaData, bindparam, column, func, select, tuple_
from sqlalchemy import exc as errors
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from core import sqlite

CHECKPOINT_EVERY = 400  # transactions of this process; moving them from the log into the file takes a few flushes to disk
# A plan made without the values took six times as long for the lists of cases, and compiling one took longer than it ran.
PLANS = {"plan_cache_mode": "force_custom_plan", "jit": "off"}
REFUSALS = {"0A", "22", "23", "42", "54"}  # classes of PostgreSQL's errors that a repeat does not cure: data, keys, syntax, sizes
T = TypeVar("T")


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; SQLite would otherwise hand it back without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times, move aware ones to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone must not reach the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The mother of all tables; every room declares its own on it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class Database:
    """Sessions on one database.

    ``write()`` is for everything that changes rows: on SQLite it takes the write lock at once (BEGIN IMMEDIATE), so that
    what was read in it is still true when it is written. ``read()`` never blocks a writer and must not change rows.
    """

    def __init__(self, url: str) -> None:
        """Connect lazily to ``url`` (``sqlite+aiosqlite:///file`` or ``postgresql+asyncpg://...``).

        Errors do not show the values of a statement: they may be a citizen's words.
        """
        self.sqlite = url.startswith("sqlite")
        if self.sqlite:
            Path(url.split("///", 1)[1]).parent.mkdir(parents=True, exist_ok=True)
            self.engine: AsyncEngine = create_async_engine(url, pool_size=8, max_overflow=8, hide_parameters=True)
            sqlite.prepare(self.engine.sync_engine)
        else:
            settings = {"server_settings": PLANS}
            self.engine = create_async_engine(
                url, pool_size=8, max_overflow=16, pool_pre_ping=True, hide_parameters=True, connect_args=settings
            )
        self._reading = async_sessionmaker(
            self.engine.execution_options(**{sqlite.READING: True}), expire_on_commit=False, autoflush=False
        )
        self._writing = async_sessionmaker(self.engine, expire_on_commit=False)
        # SQLite's busy handler polls and is unfair; queueing inside the process keeps short waits short.
        self._turn = asyncio.Lock()
        self._writer = sqlite.Writer(url) if self.sqlite else None
        self._commits = 0

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end, rolled back on an exception."""
        if not self.sqlite:
            async with self._writing.begin() as session:
                yield session
            return
        async with self._turn, self._writing.begin() as session:
            yield session
        self._committed()

    async def transact(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives for a connection in one writing transaction, rolled back when it raises.

        For what must be quick: on SQLite all of it runs in a thread of its own, where the asynchronous driver would change
        threads four times for every statement.
        """
        if self._writer is None:
            async with self.engine.begin() as connection:
                return await connection.run_sync(work)
        async with self._turn:
            done = await self._writer.run(work)
        self._committed()
        return done

    def _committed(self) -> None:
        """Now and then have the log moved into the file, in the background: no transaction is to wait for the disk."""
        self._commits += 1
        if self._writer is not None and self._commits % CHECKPOINT_EVERY == 0:
            self._writer.checkpoint()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for reading only, on one snapshot."""
        async with self._reading.begin() as session:
            yield session

    async def close(self) -> None:
        """Let go of all connections."""
        if self._writer is not None:
            await asyncio.to_thread(self._writer.close)
        await self.engine.dispose()


def unavailable(error: BaseException) -> bool:
    """Whether the database was away, busy or in conflict, so that the very same statement may well work later."""
    if isinstance(error, errors.DBAPIError):
        if state := _state(error):
            return state[:2] not in REFUSALS
        return error.connection_invalidated or isinstance(error, errors.OperationalError | errors.InterfaceError)
    return isinstance(error, OSError | errors.TimeoutError)


def collided(error: BaseException) -> bool:
    """Whether the transaction fell victim to another one, as in a deadlock: a repeat at once cures it."""
    return isinstance(error, errors.DBAPIError) and _state(error).startswith("40")


def _state(error: errors.DBAPIError) -> str:
    """PostgreSQL's five letters; empty on SQLite."""
    return str(getattr(error.orig, "sqlstate", None) or "")


def among(dialect: str, name: str, *columns: Any) -> ColumnElement[bool]:
    """Whether the columns together are one of the rows of the parameter ``name``, a list of lists of strings.

    It is the same statement for any number of rows, and the columns' index serves it: of `tuple_().in_()` with values
    SQLite reads the whole table.
    """
    unfold = func.json_each if dialect == "sqlite" else func.json_array_elements
    rows = unfold(bindparam(name, type_=JSON)).table_valued(column("value", JSON))
    return tuple_(*columns).in_(select(*(rows.c.value[place].as_string() for place in range(len(columns)))))


def insert_absent(connection: Connection, table: type[Base], *returning: Any) -> Any:
    """An INSERT that passes over rows whose unique key is taken, and gives ``returning`` of the others."""
    return _insert_absent(connection.dialect.name, table, returning)


@cache
def _insert_absent(dialect: str, table: type[Base], returning: tuple[Any, ...]) -> Any:
    insert = sqlite_dialect.insert if dialect == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing().returning(*returning)
