"""An operator at the command line of an installation of the test's own."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from core.database import Base, Database
from core.settings import settings
from pracha.cli import app
from pracha.tables import import_all


class Operator:
    """Its ``.env`` is the environment; ``shown`` is what a command printed."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._url = f"sqlite+aiosqlite:///{folder / 'test.sqlite3'}"
        self.set("PRACHA_VAR", str(folder))
        self.set("DATABASE_URL", self._url)
        self.set("PRACHA_PUBLIC_URL", "https://city.example")

    def set(self, name: str, value: str) -> None:
        self._monkeypatch.setenv(name, value)
        settings.cache_clear()

    def command(self, *words: str, typed: str = "") -> Result:
        """A command as it is typed, and what is typed when it asks."""
        return CliRunner().invoke(app, words, input=typed or None)

    def shown(self, work: Callable[[Console], Awaitable[int]]) -> tuple[int, str]:
        """Exit code and output on a wide terminal."""
        console = Console(file=io.StringIO(), width=220)
        return asyncio.run(_call(work, console)), console.file.getvalue()  # type: ignore[attr-defined]

    def prepare(self, work: Callable[[Database], Awaitable[None]]) -> None:
        """Make the tables and put something into them."""
        asyncio.run(_prepared(self._url, work))


async def _call(work: Callable[[Console], Awaitable[int]], console: Console) -> int:
    return await work(console)


async def _prepared(url: str, work: Callable[[Database], Awaitable[None]]) -> None:
    import_all()
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await work(database)
    await database.close()
