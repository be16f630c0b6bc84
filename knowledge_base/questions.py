"""Questions without an answer, kept for the curators, and the thumbs that citizens give."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids, thai
from core.database import Base
from core.privacy import mask
from knowledge_base.hit import Hit

LONGEST = 500  # letters of a question that are kept
_NOT_LETTERS = re.compile(r"[\W_]+(?<![\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])")
_PARTICLES = re.compile(r"(?:นะ)?(?:ค่ะ|คะ|ครับ|คับ|ค้าบ|จ้า|จ๊ะ|ฮะ|หน่อย|ที)$|นะ$")


class UnansweredQuestion(Base):
    """A question that got no good answer, counted. ``text`` is masked; ``candidates`` are the FAQs that came nearest."""

    __tablename__ = "unanswered_question"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("unq"))
    key: Mapped[str] = mapped_column("question_key", unique=True)
    text: Mapped[str]
    reason: Mapped[str]  # "none" (nothing found), "refused" (no offer fitted), "unhelpful" (thumb down), ...
    channel: Mapped[str]
    candidates: Mapped[list[Any]]
    count: Mapped[int] = mapped_column("times")
    state: Mapped[str] = mapped_column(default="new", index=True)
    group: Mapped[str | None] = mapped_column("group_id", index=True)  # the first question that says nearly the same
    assignee: Mapped[str | None]  # "staff:<id>" of who has it in work
    faq_id: Mapped[str | None]  # the FAQ that answers it now
    first_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class QuestionCount(Base):
    """How often a question came on one day and channel, and why it is here."""

    __tablename__ = "question_count"

    question_id: Mapped[str] = mapped_column(ForeignKey("unanswered_question.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)  # in Bangkok
    channel: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(default=0)


class FaqThumb(Base):
    """One citizen's word on one answer; ``event_key`` makes a repeated press count once."""

    __tablename__ = "faq_thumb"

    event_key: Mapped[str] = mapped_column(primary_key=True)
    faq_id: Mapped[str] = mapped_column(ForeignKey("faq.id"), index=True)
    yes: Mapped[bool]
    at: Mapped[datetime] = mapped_column(default=clock.now)


async def record(
    session: AsyncSession, text: str, reason: str, channel: str, candidates: Sequence[Hit] = ()
) -> UnansweredQuestion | None:
    """Keep a question for the curators, masked; the same one again is counted up.

    Args:
        session: A writing session.
        text: The citizen's words.
        reason: Why it is kept: "none", "refused", "unhelpful".
        channel: Where it was asked: "line".
        candidates: The nearest FAQs, as in `Found.candidates`.

    Returns:
        The row, or None if the text holds no letter or digit.
    """
    readable = text[: 4 * LONGEST].encode("utf-8", "ignore").decode()  # half a surrogate pair cannot be stored
    masked = thai.clip_utf16(mask(readable), LONGEST)
    key = question_key(masked)
    if not key:
        return None
    if (known := await _counted(session, key)) is not None:
        return known
    near = [{"id": hit.id, "score": hit.score} for hit in candidates]
    row = UnansweredQuestion(key=key, text=masked, reason=reason, channel=channel, candidates=near, count=1)
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:  # somebody else asked the same at this moment
        return await _counted(session, key)
    return row


async def helpful(session: AsyncSession, faq_id: str, yes: bool, event_key: str) -> bool:
    """Count a thumb; a key that was counted already changes nothing.

    Returns:
        Whether it was counted.
    """
    if await session.get(FaqThumb, event_key) is not None:
        return False
    try:
        async with session.begin_nested():
            session.add(FaqThumb(event_key=event_key, faq_id=faq_id, yes=yes))
    except IntegrityError:  # the same press came twice at once, or the FAQ does not exist
        return False
    return True


async def thumbs(session: AsyncSession, faq_id: str) -> tuple[int, int]:
    """How many found an answer helpful, and how many did not."""
    query = select(FaqThumb.yes, func.count()).where(FaqThumb.faq_id == faq_id).group_by(FaqThumb.yes)
    counts = {yes: number for yes, number in await session.execute(query)}
    return counts.get(True, 0), counts.get(False, 0)


def question_key(masked: str) -> str:
    """The same key for questions that differ only in spaces, marks and polite endings; "" for one without letters.

    "บัตรหาย ทำไงคะ?" and "บัตรหายทำไง" have one key.
    """
    letters = _NOT_LETTERS.sub("", thai.normalise(masked))
    bare = _PARTICLES.sub("", letters) or letters
    return sha256(bare.encode()).hexdigest() if bare else ""


async def _counted(session: AsyncSession, key: str) -> UnansweredQuestion | None:
    query = select(UnansweredQuestion).where(UnansweredQuestion.key == key).with_for_update()
    row = (await session.scalars(query)).one_or_none()
    if row is not None:
        row.count += 1
        row.last_at = clock.now()
    return row
