"""The sweep: once a minute it looks for cases that are overdue, and tells of them, and closes those that were done long ago.

It also keeps next year's holidays. Every few seconds it gathers the words of new messages, so that they are found.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from conversations import search
from core.database import Database, unavailable
from helpdesk import closing, escalation, holiday

EVERY = 60.0  # seconds
GATHERED = 3.0  # seconds after which a message is found by its words
_log = structlog.get_logger()


async def run(database: Database, every: float = EVERY, gathered: float = GATHERED) -> None:
    """Sweep until cancelled; several processes may do it at once.

    What fails is tried again the next time: citizens' messages, which the same process handles, go on.
    """
    async with asyncio.TaskGroup() as group:
        group.create_task(_again_and_again(once, database, every))
        group.create_task(_again_and_again(gather, database, gathered))


async def once(database: Database) -> int:
    """Tell of and close everything that is due now; gives how many cases. No writer is disturbed when there is nothing."""
    async with database.read() as session:
        late, settled, outdated = await escalation.due(session), await closing.due(session), await holiday.outdated(session)
    if outdated:
        async with database.write() as session:
            await holiday.refresh(session)
    told = await _all(database, escalation.sweep, escalation.BATCH) if late else 0
    closed = await _all(database, closing.sweep, closing.BATCH) if settled else 0
    if told or closed:
        _log.info("cases_swept", late=told, closed=closed)
    return told + closed


async def gather(database: Database) -> int:
    """Gather the words of all new messages; gives how many conversations they were of."""
    total = 0
    while found := await search.gather(database):
        total += found
    return total


async def _all(database: Database, sweep: Callable[[AsyncSession], Awaitable[int]], batch: int) -> int:
    total, more = 0, True
    while more:
        async with database.write() as session:
            found = await sweep(session)
        total, more = total + found, found == batch
    return total


async def _again_and_again(work: Callable[[Database], Awaitable[int]], database: Database, every: float) -> None:
    while True:
        try:
            await work(database)
        except Exception as error:
            told = _log.warning if unavailable(error) else _log.error
            told("sweep_failed", work=work.__name__, error=type(error).__name__)
        await asyncio.sleep(every)
