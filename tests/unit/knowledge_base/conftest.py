"""What the tests of the knowledge base share."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

import knowledge_base.faq
import knowledge_base.questions
import knowledge_base.revision  # noqa: F401
from core.database import Database
from core.settings import ROOT, Settings
from knowledge_base.encoder import available
from knowledge_base.search import Search
from tests.curated import copy_into

MakeSearch = Callable[..., Awaitable[Search]]


@pytest.fixture(scope="session")
def vectors_folder() -> Path:
    """One store of vectors for all runs: encoding the content takes half a minute. A vector depends on its text alone."""
    return ROOT / "var" / "tests"


@pytest.fixture
def seeded(database: Database, curated: Path) -> Database:
    """A database with the content files in it."""
    copy_into(database, curated)
    return database


@pytest.fixture
async def make_search(vectors_folder: Path) -> AsyncIterator[MakeSearch]:
    """Makes searches that are ready, and closes them."""
    opened: list[Search] = []

    async def make(database: Database, *, dense: bool = False, **options: object) -> Search:
        search = Search(database, Settings(var=vectors_folder, dense=dense), **options)
        opened.append(search)
        await search.ready()
        return search

    yield make
    for search in opened:
        await search.close()


@pytest.fixture
def dense() -> bool:
    """True; a test that asks for meaning says so when the machine cannot give it."""
    if not available():
        pytest.skip("needs the sentence encoder")
    return True
