"""The sweep: once a minute it looks for cases that are overdue, and tells of them; it also keeps next year's holidays."""

import asyncio

import structlog

from core.database import Database, unavailable
from helpdesk import escalation, holiday

EVERY = 60.0  # seconds
_log = structlog.get_logger()


async def run(database: Database, every: float = EVERY) -> None:
    """Sweep until cancelled; several processes may do it at once.

    What fails is tried again the next time: citizens' messages, which the same process handles, go on.
    """
    while True:
        try:
            await once(database)
        except Exception as error:
            told = _log.warning if unavailable(error) else _log.error
            told("sweep_failed", error=type(error).__name__)
        await asyncio.sleep(every)


async def once(database: Database) -> int:
    """Tell of everything that is overdue now; gives how many cases that were. No writer is disturbed when there is nothing."""
    async with database.read() as session:
        something, outdated = await escalation.due(session), await holiday.outdated(session)
    if outdated:
        async with database.write() as session:
            await holiday.refresh(session)
    total = 0
    while something:
        async with database.write() as session:
            told = await escalation.sweep(session)
        total, something = total + told, told == escalation.BATCH
    if total:
        _log.info("late_cases_told", cases=total)
    return total
