"""What is open around a case: other cases of any kind near its point, and where they lie on a small map."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk import state as states
from helpdesk.record import Case
from helpdesk.staff import Member
from helpdesk.visibility import visible

METRES = 500  # from the point to the edge of the map
_MOST = 30
_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Mark:
    """A case on the map; ``x`` and ``y`` are from -1 to 1, east and south of the middle."""

    case: Case
    x: float
    y: float


async def open_cases(session: AsyncSession, member: Member, case: Case) -> Sequence[Case]:
    """The open cases within the map around a case, itself left out, that the member may see."""
    if case.latitude is None or case.longitude is None:
        return []
    high = METRES / _METRES_PER_DEGREE
    wide = high / max(math.cos(math.radians(case.latitude)), 0.01)
    query = select(Case).where(
        await visible(session, member),
        Case.latitude.between(case.latitude - high, case.latitude + high),
        Case.longitude.between(case.longitude - wide, case.longitude + wide),
        Case.state.in_(states.OPEN),
        Case.id != case.id,
    )
    return (await session.scalars(query.order_by(Case.id.desc()).limit(_MOST))).all()


def marks(case: Case, around: Sequence[Case]) -> list[Mark]:
    """Where the cases lie on the map around this one."""
    if case.latitude is None or case.longitude is None:
        return []
    shrink = math.cos(math.radians(case.latitude))
    found = []
    for other in around:
        if other.latitude is not None and other.longitude is not None:
            x = (other.longitude - case.longitude) * _METRES_PER_DEGREE * shrink / METRES
            y = (case.latitude - other.latitude) * _METRES_PER_DEGREE / METRES
            found.append(Mark(other, round(x, 3), round(y, 3)))
    return found
