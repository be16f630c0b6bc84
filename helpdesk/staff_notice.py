"""What the console tells a member of staff: a case of theirs is late, a case was forwarded to them, somebody named them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.database import Base
from helpdesk.record import Case
from helpdesk.staff import Member


class StaffNotice(Base):
    """One notice to one member of staff. ``key`` is its cause: the same cause tells the same person once."""

    __tablename__ = "staff_notice"
    __table_args__ = (UniqueConstraint("staff_id", "key"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("ntc"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    key: Mapped[str]
    kind: Mapped[str]  # late, forwarded, invited, ...
    text: Mapped[str]  # Thai, without personal data
    at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]


async def tell(session: AsyncSession, people: Iterable[Member], case: Case | None, kind: str, text: str, *, key: str) -> int:
    """Tell each of them once, in the caller's transaction; gives how many had not been told before."""
    wanted = dict.fromkeys(member.id for member in people)
    told = set(
        await session.scalars(select(StaffNotice.staff_id).where(StaffNotice.key == key, StaffNotice.staff_id.in_(wanted)))
    )
    fresh = [staff_id for staff_id in wanted if staff_id not in told]
    case_id = case.id if case else None
    session.add_all(StaffNotice(staff_id=one, case_id=case_id, key=key, kind=kind, text=text, read_at=None) for one in fresh)
    await session.flush()
    return len(fresh)


async def unread(session: AsyncSession, member: Member) -> int:
    """How many notices they have not read."""
    query = select(func.count()).where(StaffNotice.staff_id == member.id, StaffNotice.read_at.is_(None))
    return await session.scalar(query) or 0


async def latest(session: AsyncSession, member: Member, limit: int = 50) -> Sequence[tuple[StaffNotice, str | None]]:
    """Their notices with the number of the case, unread ones first, then the newest."""
    query = (
        select(StaffNotice, Case.number)
        .outerjoin(Case, Case.id == StaffNotice.case_id)
        .where(StaffNotice.staff_id == member.id)
        .order_by(StaffNotice.read_at.is_not(None), StaffNotice.at.desc(), StaffNotice.id.desc())
        .limit(limit)
    )
    return [(notice, number) for notice, number in await session.execute(query)]


async def mark_read(session: AsyncSession, member: Member, ids: Sequence[str]) -> None:
    """They have read these notices; somebody else's stay as they are."""
    mine = (StaffNotice.staff_id == member.id, StaffNotice.id.in_(ids), StaffNotice.read_at.is_(None))
    await session.execute(update(StaffNotice).where(*mine).values(read_at=clock.now()))
