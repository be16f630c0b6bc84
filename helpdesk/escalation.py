"""Escalation: a case that is overdue is written into its history, and supervisors are told, once for each breach."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import audit, clock
from helpdesk import history, record, service_level, staff_notice
from helpdesk.agency import HOME, people
from helpdesk.record import Case
from helpdesk.service_level import LABELS, Clock

ACTOR = "system"
BATCH = 50  # cases of one transaction


async def due(session: AsyncSession, now: datetime | None = None) -> bool:
    """Whether there is a breach of which nobody was told."""
    return await session.scalar(select(Case.id).where(Case.escalate_at <= (now or clock.now())).limit(1)) is not None


async def sweep(session: AsyncSession, now: datetime | None = None) -> int:
    """Tell of up to `BATCH` cases that are overdue; gives how many there were. A repeat finds nothing left to tell.

    Several processes may do it at once: each takes cases that no other has in hand.
    """
    moment = now or clock.now()
    query = select(Case).where(Case.escalate_at <= moment).order_by(Case.escalate_at).limit(BATCH)
    cases = (await session.scalars(query.with_for_update(skip_locked=True).execution_options(populate_existing=True))).all()
    for case in cases:
        for name, end in service_level.running(case).items():
            if end <= moment and name not in case.late_told:
                await _tell(session, case, name, end)
    return len(cases)


async def _tell(session: AsyncSession, case: Case, name: Clock, end: datetime) -> None:
    case.late_told = [*case.late_told, name.value]
    key = f"{record.LATE}:{name}:{end.isoformat()}"
    text = f"{LABELS[name]}ไม่ทันกำหนด {clock.thai_datetime(end, short=True)}"
    if await history.find(session, case, key) is None:
        event = await history.append(session, case, record.LATE, key=key, actor=ACTOR, text=text, detail={"clock": name.value})
        audit.record(session, ACTOR, "case.late", f"case:{case.number}", clock=name.value, event=event.id)
    leads = await people(session, case.agency_id or HOME, "case.supervise") or await people(session, HOME, "case.supervise")
    told = f"เรื่อง {case.number} {text}"
    await staff_notice.tell(session, leads, case, record.LATE, told, key=f"{case.id}:{key}")
