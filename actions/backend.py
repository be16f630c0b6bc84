"""What the actions of this process share: the database and the search, opened once at the start."""

from dataclasses import dataclass

from core.database import Database
from knowledge_base.search import Search


@dataclass(frozen=True)
class Backend:
    """The rooms below, ready to be used."""

    database: Database
    search: Search


_shared: list[Backend] = []


def use(backend: Backend) -> None:
    """Make this the backend of all actions; called by the server and by tests."""
    _shared[:] = [backend]


def backend() -> Backend:
    """The backend of this process.

    Raises:
        RuntimeError: before `use` was called.
    """
    if not _shared:
        raise RuntimeError("the action server has not been started")
    return _shared[0]
