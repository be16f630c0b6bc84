"""The writer: webhooks that arrive at the same time are stored in one transaction, so that a crowd waits as one does."""

import asyncio
from collections import deque
from collections.abc import Sequence

from channels import arrival as arrivals
from channels.arrival import Arrival
from channels.inbox import Accepted
from core.database import Database, collided, unavailable

GROUP = 500  # arrivals of one transaction at most

_Waiting = tuple[Arrival, asyncio.Future[list[Accepted]]]


class Writer:
    """One process's queue before the inbox. While a transaction is written, the next one's arrivals gather."""

    def __init__(self, database: Database) -> None:
        """Nothing runs while nothing waits."""
        self._database = database
        self._waiting: deque[_Waiting] = deque()
        self._task: asyncio.Task[None] | None = None

    async def store(self, arrival: Arrival) -> list[Accepted]:
        """Store one arrival. A caller that is cancelled leaves it to be stored all the same.

        Raises:
            Exception: what the database says, when this very arrival could not be stored on its own either.
        """
        mine: asyncio.Future[list[Accepted]] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, mine))
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await mine

    async def close(self) -> None:
        """Wait until everything that waits is stored."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while self._waiting:
                group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
                try:
                    await self._write(group)
                finally:
                    for _, future in group:
                        future.cancel()  # only if the program is ending in the middle of it
        finally:
            self._task = None
            for _, future in self._waiting:
                future.cancel()
            self._waiting.clear()

    async def _write(self, group: Sequence[_Waiting]) -> None:
        try:
            stored = await self._together([arrival for arrival, _ in group])
        except Exception as error:
            if unavailable(error) and not collided(error):
                _fail(group, error)
            else:
                await self._apart(group)
            return
        for (_, future), accepted in zip(group, stored, strict=True):
            if not future.done():
                future.set_result(accepted)

    async def _apart(self, group: Sequence[_Waiting]) -> None:
        """Each on its own: one that the database refuses must not take the others with it."""
        for place, (arrival, future) in enumerate(group):
            try:
                (accepted,) = await self._together([arrival])
            except Exception as error:
                if unavailable(error) and not collided(error):
                    _fail(group[place:], error)
                    return
                _fail([group[place]], error)
            else:
                if not future.done():
                    future.set_result(accepted)

    async def _together(self, group: Sequence[Arrival]) -> list[list[Accepted]]:
        return await self._database.transact(lambda connection: arrivals.store(connection, group))


def _fail(group: Sequence[_Waiting], error: Exception) -> None:
    for _, future in group:
        if not future.done():
            future.set_exception(error)
