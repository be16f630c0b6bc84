"""What tests of all rooms share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import conversations.attachment
import conversations.outbox
import conversations.ownership  # noqa: F401
from core.database import Base, Database

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture
def shared() -> Path:
    """The read-only material beside the project; a test that needs it says so when it skips."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared beside the project")
    return SHARED


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty SQLite database with all tables of the rooms that the test module imported."""
    opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with opened.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield opened
    await opened.close()
