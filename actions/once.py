"""Once: what a message adds to the counts, added one time however often the engine asks.

The engine repeats a turn when an answer of ours was lost. The keys of what was written are kept in memory: a repeat after
a crash of this very process counts twice, which a statistic can bear.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database

MOST = 10_000  # keys kept, the newest: a repeat comes within seconds


class Once:
    """The side effects that this process has written already, by their keys."""

    def __init__(self, most: int = MOST) -> None:
        """Nothing was written yet; remember so many keys."""
        self._most = most
        self._written: OrderedDict[str, None] = OrderedDict()

    @asynccontextmanager
    async def writing(self, database: Database, key: str) -> AsyncIterator[AsyncSession | None]:
        """A writing session, or None when what has this key was written already; an exception forgets the key."""
        if key in self._written:
            yield None
            return
        async with database.write() as session:
            yield session
        self._written[key] = None
        while len(self._written) > self._most:
            self._written.popitem(last=False)
