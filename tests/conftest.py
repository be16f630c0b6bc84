"""What tests of all rooms share."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from core.database import Base, Database
from core.valkey import connect
from pracha.tables import import_all
from tests.curated import write as write_curated
from tests.platforms import Platform
from tests.standins import Platforms
from tests.system import RunningSystem
from tests.valkey import BundledValkey

import_all()

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The read-only material beside the project; a test that needs it says so when it skips."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared beside the project")
    return SHARED


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty SQLite database with all tables of all rooms."""
    opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with opened.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the project's content, to be copied by `tests.curated.copy_into`."""
    path = tmp_path_factory.mktemp("curated") / "content.sqlite3"
    await write_curated(path)
    return path


@pytest.fixture
async def bundled(tmp_path: Path) -> AsyncIterator[BundledValkey]:
    """A running Valkey of the test's own, which it may kill and start again."""
    server = BundledValkey(tmp_path)
    await server.start()
    yield server
    server.kill()


@pytest.fixture
async def valkey(bundled: BundledValkey) -> AsyncIterator[Redis]:
    """A client of the test's own Valkey."""
    client = connect(bundled.url)
    yield client
    await client.aclose()


@pytest.fixture(scope="session")
def stand_ins() -> Iterator[Platforms | None]:
    """The stand-in platforms of the running system; None where ../shared is missing."""
    if not SHARED.is_dir():
        yield None
        return
    platforms = Platforms(SHARED)
    platforms.start()
    yield platforms
    platforms.stop()


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory, stand_ins: Platforms | None) -> Iterator[RunningSystem]:
    """The whole system, started once for all tests by `pracha run` and ended as Ctrl-C does."""
    accounts = stand_ins.settings() if stand_ins is not None else {}
    rates = {"PRACHA_API_RATE": "100000/minute", "PRACHA_CITIZEN_RATE": "2000/minute"}
    running = RunningSystem(tmp_path_factory.mktemp("system"), **rates, **accounts)
    running.start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def platforms(system: RunningSystem, stand_ins: Platforms | None) -> Platforms:
    """The platforms on which the running system has one account each."""
    if stand_ins is None:
        pytest.skip("needs ../shared beside the project")
    return stand_ins


@pytest.fixture(scope="session")
def line_platform() -> Iterator[Platform]:
    """LINE's stand-in, which judges every call by LINE's published interface."""
    yield from _platform("line")


@pytest.fixture(scope="session")
def telegram_platform() -> Iterator[Platform]:
    """Telegram's stand-in."""
    yield from _platform("telegram")


@pytest.fixture(scope="session")
def graph_platform() -> Iterator[Platform]:
    """Meta's stand-in: Messenger and Instagram."""
    yield from _platform("graph")


def _platform(name: str) -> Iterator[Platform]:
    if not SHARED.is_dir():
        pytest.skip("needs ../shared beside the project")
    platform = Platform(SHARED, name)
    platform.start()
    yield platform
    platform.stop()
