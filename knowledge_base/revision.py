"""The revision: a counter that every change of a FAQ raises in its own transaction.

Whoever holds an index compares one number with it to learn that something changed.
"""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

_ROW = 1


class FaqRevision(Base):
    """The one row of the counter."""

    __tablename__ = "faq_revision"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


async def current(session: AsyncSession) -> int:
    """The revision now; 0 while nothing was ever written."""
    return await session.scalar(select(FaqRevision.number).where(FaqRevision.id == _ROW)) or 0


async def advance(session: AsyncSession) -> int:
    """Raise the revision in the caller's transaction and give it. The row stays locked until then, so numbers follow commits."""
    if (number := await _added_one(session)) is not None:
        return number
    try:
        async with session.begin_nested():
            session.add(FaqRevision(id=_ROW, number=1))
    except IntegrityError:  # another process wrote the first row meanwhile
        return await _added_one(session) or 1
    return 1


async def _added_one(session: AsyncSession) -> int | None:
    raised = update(FaqRevision).where(FaqRevision.id == _ROW).values(number=FaqRevision.number + 1)
    found = await session.execute(raised.returning(FaqRevision.number), execution_options={"synchronize_session": False})
    return found.scalar()
