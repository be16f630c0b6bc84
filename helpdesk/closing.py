"""Closing by time: what was done and not disputed for fourteen days is closed, and the reporter is asked for stars."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import clock
from helpdesk import case as cases
from helpdesk.case import DISPUTE_DAYS
from helpdesk.record import Case
from helpdesk.state import State

ACTOR = "system"
BATCH = 50  # cases of one transaction
DAYTIME = range(9, 18)  # hours of Thai time: nobody is woken by a notice that could wait


async def due(session: AsyncSession, now: datetime | None = None) -> bool:
    """Whether a case may be closed at this hour."""
    moment = now or clock.now()
    if clock.local(moment).hour not in DAYTIME:
        return False
    return await session.scalar(select(Case.id).where(_settled(moment)).limit(1)) is not None


async def sweep(session: AsyncSession, now: datetime | None = None) -> int:
    """Close up to `BATCH` cases whose time to dispute is over; gives how many. A repeat finds nothing left to close.

    Several processes may do it at once: each takes cases that no other has in hand.
    """
    query = select(Case).where(_settled(now or clock.now())).order_by(Case.id).limit(BATCH).with_for_update(skip_locked=True)
    found = (await session.scalars(query.execution_options(populate_existing=True))).all()
    for case in found:
        await cases.change(session, case, State.CLOSED, key=f"settled:{case.state_at.isoformat()}", actor=ACTOR)
    return len(found)


def _settled(moment: datetime) -> ColumnElement[bool]:
    done = Case.state_at <= moment - timedelta(days=DISPUTE_DAYS)
    return and_(Case.state == State.DONE, done, Case.merged_into.is_(None))
