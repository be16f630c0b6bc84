"""SQLite: how its connections are set up, and a thread that writes without the asynchronous driver."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine

BUSY_MILLISECONDS = 15_000
LOG_PAGES = 20_000  # 80 MB of log: only then does a transaction itself wait until the log is moved into the file
READING = "pracha_read"  # the execution option of connections that only read
T = TypeVar("T")


class Writer:
    """SQLite without the asynchronous driver: one thread that writes, and one that moves the log."""

    def __init__(self, url: str) -> None:
        """Nothing is opened yet."""
        self._file = url.split("///", 1)[1]
        self._engine = create_engine(f"sqlite:///{self._file}", pool_size=1, max_overflow=0, hide_parameters=True)
        prepare(self._engine)
        self._writer = ThreadPoolExecutor(1, "database-writer")
        self._mover = ThreadPoolExecutor(1, "database-checkpoint")
        self._moving = False

    async def run(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives in one transaction. Only one call at a time: the caller keeps the turns."""
        # A caller that is cancelled must not let the next writer in while this one still writes.
        done = asyncio.get_running_loop().run_in_executor(self._writer, self._transaction, work)
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            await asyncio.wait([done])
            raise

    def _transaction(self, work: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)

    def checkpoint(self) -> None:
        """Begin to move the log into the file, unless that is under way."""
        if not self._moving:
            self._moving = True
            self._mover.submit(self._move)

    def _move(self) -> None:
        try:
            # A connection of its own, opened for the occasion: PASSIVE waits for nobody and holds up nobody.
            connection = sqlite3.connect(self._file, timeout=0, isolation_level=None)
            try:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                connection.close()
        except sqlite3.Error:
            return  # the next one moves it
        finally:
            self._moving = False

    def close(self) -> None:
        """End both threads. This may block."""
        self._writer.shutdown()
        self._mover.shutdown()
        self._engine.dispose()


def prepare(engine: Engine) -> None:
    """Have every connection of ``engine`` set up, and its writing transactions take the lock when they begin."""
    event.listen(engine, "connect", _tune)
    event.listen(engine, "begin", _begin)


def _tune(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"wal_autocheckpoint={LOG_PAGES}",
        f"busy_timeout={BUSY_MILLISECONDS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
