"""Alerts: what of a case a member of staff is told. Somebody called them, a citizen objected, a case became theirs."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk import staff, staff_notice
from helpdesk.record import Case, CaseEvent
from helpdesk.staff import Member
from helpdesk.staff_notice import StaffNotice
from helpdesk.visibility import may_see

MENTION, ASSIGNED, DISPUTED, ANSWERED, JOINED, RATED = "mention", "assigned", "disputed", "answered", "joined", "rated"

_WORDS = {
    MENTION: "มีผู้เรียกถึงคุณในบันทึกของเรื่อง {number}",
    ASSIGNED: "เรื่อง {number} มอบหมายให้คุณดูแล",
    DISPUTED: "ผู้แจ้งขอให้ตรวจสอบเรื่อง {number} อีกครั้ง",
    ANSWERED: "ผู้แจ้งให้ข้อมูลเพิ่มเติมในเรื่อง {number}",
    JOINED: "มีผู้แจ้งเรื่องเดียวกับ {number} เพิ่ม",
    RATED: "ผู้แจ้งให้คะแนนเรื่อง {number} ต่ำ",
}


async def tell(session: AsyncSession, case: Case, event: CaseEvent, people: Iterable[Member | None], kind: str) -> None:
    """Alert members of a line of a case's history, in the caller's transaction; nobody of what they did themselves."""
    wanted = [member for member in people if member is not None and member.actor != event.actor]
    await staff_notice.tell(session, wanted, case, kind, _WORDS[kind].format(number=case.number), key=f"{kind}:{event.id}")


async def worker(session: AsyncSession, case: Case) -> Member | None:
    """Whoever works on the case, as long as they may log in."""
    return await staff.find(session, case.assignee) if case.assignee else None


async def supervisors(session: AsyncSession, case: Case) -> list[Member]:
    """The supervisors who may see the case."""
    return [member for member in await staff.members(session, "case.supervise") if await may_see(session, member, case)]


async def done(session: AsyncSession, member: Member, case: Case) -> None:
    """The member has opened the case: whatever they were told of it is read."""
    query = select(StaffNotice.id).where(
        StaffNotice.staff_id == member.id, StaffNotice.case_id == case.id, StaffNotice.read_at.is_(None)
    )
    found = list(await session.scalars(query))
    if found:
        await staff_notice.mark_read(session, member, found)
