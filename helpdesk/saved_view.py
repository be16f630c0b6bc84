"""Saved views: the filters of the case list that a member of staff gave a name, each to themselves."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.database import Base

LONGEST_NAME, LONGEST_QUERY, MOST = 40, 500, 20


class SavedView(Base):
    """A filter as the query of the list's address: ``state=new&category=street-light``."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("staff_id", "name"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("vie"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str]
    query: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class ViewRefused(ValueError):
    """A view that cannot be kept; ``str(error)`` is a Thai sentence."""


async def of_member(session: AsyncSession, staff_id: str) -> Sequence[SavedView]:
    """A member's views, by name."""
    return (await session.scalars(select(SavedView).where(SavedView.staff_id == staff_id).order_by(SavedView.name))).all()


async def save(session: AsyncSession, staff_id: str, name: str, query: str) -> SavedView:
    """Keep a filter under a name; the same name again replaces it.

    Raises:
        ViewRefused: when the name is missing or too long, or there are too many views.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or len(query) > LONGEST_QUERY:
        raise ViewRefused(f"กรุณาตั้งชื่อมุมมองยาว 1-{LONGEST_NAME} ตัวอักษร")
    held = await session.scalar(select(SavedView).where(SavedView.staff_id == staff_id, SavedView.name == name))
    if held is not None:
        held.query = query
        return held
    if (await session.scalar(select(func.count()).where(SavedView.staff_id == staff_id)) or 0) >= MOST:
        raise ViewRefused(f"บันทึกมุมมองได้ไม่เกิน {MOST} รายการ กรุณาลบรายการที่ไม่ใช้แล้วก่อน")
    view = SavedView(staff_id=staff_id, name=name, query=query)
    session.add(view)
    await session.flush()
    return view


async def remove(session: AsyncSession, staff_id: str, view_id: str) -> None:
    """Forget a view; somebody else's stays, and one that is gone already does no harm."""
    view = await session.get(SavedView, view_id)
    if view is not None and view.staff_id == staff_id:
        await session.delete(view)
