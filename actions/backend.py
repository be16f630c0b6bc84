"""What the actions of this process share: the database, the search and who is at their desk, opened once at the start."""

from dataclasses import dataclass, field

from actions.hours import hours
from actions.once import Once
from conversations.reception import Reception
from core import valkey
from core.database import Database
from core.settings import Settings
from knowledge_base.search import Search


@dataclass(frozen=True)
class Backend:
    """The rooms below, ready to be used."""

    database: Database
    search: Search
    reception: Reception
    once: Once = field(default_factory=Once)

    async def close(self) -> None:
        """Let go of threads and connections."""
        await self.search.close()
        await self.reception.valkey.aclose()
        await self.database.close()


_shared: list[Backend] = []


async def opened(settings: Settings) -> Backend:
    """Open the backend and make it that of all actions.

    The search can answer by words when this returns; meaning is added in the background.
    """
    database = Database(settings.database)
    reception = Reception(valkey.connect(settings.valkey_url), hours(database, settings))
    shared = Backend(database, Search(database, settings), reception)
    await shared.search.find("")
    use(shared)
    return shared


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
