"""What tests of all rooms share."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar
from hypothesis import settings
from redis.asyncio import Redis

from core.database import Base, Database
from core.valkey import connect
from pracha.tables import import_all
from tests.curated import write as write_curated
from tests.platforms import Platform
from tests.staff import Member
from tests.standins import Platforms
from tests.system import RunningSystem
from tests.valkey import BundledValkey

import_all()
settings.register_profile("shared machine", deadline=None)  # how long an example takes says little where others work too
settings.load_profile("shared machine")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The read-only material beside the project; a test that needs it says so when it skips."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared beside the project")
    return SHARED


@pytest.fixture(scope="session")
async def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables of all rooms: making them takes longer than most tests, copying them does not."""
    path = tmp_path_factory.mktemp("empty") / "test.sqlite3"
    made = Database(f"sqlite+aiosqlite:///{path}")
    async with made.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await made.close()
    return path


@pytest.fixture
async def database(tmp_path: Path, empty_database: Path) -> AsyncIterator[Database]:
    """An empty SQLite database with all tables of all rooms."""
    shutil.copyfile(empty_database, tmp_path / "test.sqlite3")
    opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the project's content, to be copied by `tests.curated.copy_into`."""
    path = tmp_path_factory.mktemp("curated") / "content.sqlite3"
    await write_curated(path)
    return path


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BundledValkey]:
    """The Valkey of all tests of a process, not yet started."""
    server = BundledValkey(tmp_path_factory.mktemp("valkey"))
    yield server
    server.kill()


@pytest.fixture
async def bundled(valkey_server: BundledValkey) -> BundledValkey:
    """A running Valkey with nothing in it, which the test may kill and start again."""
    await valkey_server.ensure_empty()
    return valkey_server


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
    hours = {"PRACHA_CHAT_ALWAYS": "true"}
    running = RunningSystem(tmp_path_factory.mktemp("system"), **rates, **hours, **accounts)
    running.start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def platforms(system: RunningSystem, stand_ins: Platforms | None) -> Platforms:
    """The platforms on which the running system has one account each."""
    if stand_ins is None:
        pytest.skip("needs ../shared beside the project")
    return stand_ins


@pytest.fixture
async def desk(system: RunningSystem) -> AsyncIterator[Redis]:
    """The desk is left empty behind the test: others rely on nobody being there."""
    client = connect(system.valkey_url())
    yield client
    await client.delete("presence:desk", "presence:reception")
    await client.aclose()


@pytest.fixture(scope="session")
async def highways(system: RunningSystem) -> dict[str, str]:
    """Somebody of a second agency, the highway district, taken in as an operator does; gives ``login`` and ``password``."""
    login = "highways@demo"
    told = await asyncio.to_thread(
        system.pracha, "staff", "add", login, "--role", "officer", "--name", "แขวงทางหลวง", "--generate"
    )
    found = re.search(r"password: (\S+)", told, re.I)
    assert found is not None, told
    async with ClientSession(system.url, cookie_jar=CookieJar(unsafe=True)) as http:
        admin = await Member(http).enter("admin@demo", system.password("admin@demo"))
        page = await admin.get("/console/agencies/agc_highways")
        (staff,) = re.findall(rf'<option value="(\w+)">[^<]*\({login}\)', page)
        await admin.post("/console/agencies/agc_highways/join", staff=staff)
    return {"login": login, "password": found[1]}


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
