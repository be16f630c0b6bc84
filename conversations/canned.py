"""Canned answers: sentences that officers use again and again, kept once for all of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import audit, clock, ids
from core.database import Base

LONGEST_TITLE, LONGEST_TEXT = 80, 2000  # characters


class CannedError(ValueError):
    """A canned answer that cannot be kept; ``str(error)`` is a plain Thai sentence."""


class CannedAnswer(Base):
    """One canned answer. ``text`` may hold placeholders such as ``{ชื่อหน่วยงาน}``, filled when it is used."""

    __tablename__ = "canned_answer"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("can"))
    title: Mapped[str]
    text: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_by: Mapped[str]


async def everything(session: AsyncSession) -> Sequence[CannedAnswer]:
    """All of them by title."""
    return (await session.scalars(select(CannedAnswer).order_by(CannedAnswer.title, CannedAnswer.id))).all()


async def keep(session: AsyncSession, title: str, text: str, *, actor: str, canned_id: str = "") -> CannedAnswer:
    """Add one, or change the one of this id.

    Raises:
        CannedError: when title or text is missing or too long, or there is no such answer any more.
    """
    title, text = " ".join(title.split()), text.replace("\x00", "").strip()
    if not title or len(title) > LONGEST_TITLE:
        raise CannedError(f"กรุณาใส่ชื่อ ไม่เกิน {LONGEST_TITLE} ตัวอักษร")
    if not text or len(text) > LONGEST_TEXT:
        raise CannedError(f"กรุณาใส่ข้อความ ไม่เกิน {LONGEST_TEXT:,} ตัวอักษร")
    kept = await _found(session, canned_id) if canned_id else CannedAnswer(changed_by=actor)
    kept.title, kept.text, kept.changed_at, kept.changed_by = title, text, clock.now(), actor
    session.add(kept)
    await session.flush()
    audit.record(session, actor, "canned.keep", f"canned:{kept.id}")
    return kept


async def remove(session: AsyncSession, canned_id: str, *, actor: str) -> None:
    """Delete one.

    Raises:
        CannedError: when there is none any more.
    """
    await session.delete(await _found(session, canned_id))
    audit.record(session, actor, "canned.remove", f"canned:{canned_id}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled: ``{ชื่อหน่วยงาน}`` by ``values["ชื่อหน่วยงาน"]``; unknown ones stay to be seen."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


async def _found(session: AsyncSession, canned_id: str) -> CannedAnswer:
    found = await session.get(CannedAnswer, canned_id)
    if found is None:
        raise CannedError("ไม่พบข้อความสำเร็จรูปนี้ อาจถูกลบไปแล้ว")
    return found
