"""Questions without a good answer, kept for the curators, and the thumbs that citizens give.

Every wording is one row, masked and counted by day, channel and reason. Wordings that are nearly the same form a group,
named by the id of its first question; that question's row holds what the curators make of the group.
"""

import asyncio
import re
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import audit, clock, ids, thai
from core.database import Base
from core.privacy import mask
from knowledge_base import alike, counter
from knowledge_base.hit import Hit

Reason = Literal["none", "unsure", "refused", "unhelpful"]
LONGEST = 500  # letters of a question that are kept
RECENT = 1_000  # the questions that came last; a new one is compared with these
_NOT_LETTERS = re.compile(r"[\W_]+(?<![\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])")
_PARTICLES = re.compile(r"(?:นะ)?(?:ค่ะ|คะ|ครับ|คับ|ค้าบ|จ้า|จ๊ะ|ฮะ|หน่อย|ที)$|นะ$")


class UnansweredQuestion(Base):
    """One wording that got no good answer. ``text`` is masked; ``candidates`` are the FAQs that came nearest the last time.

    ``state`` ("new", "in_work", "done", "ignored"), ``assignee`` and ``faq_id`` are those of the group and count on the
    row of its first question only. A group that is new and has a ``faq_id`` was done once and came back.
    """

    __tablename__ = "unanswered_question"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("unq"))
    key: Mapped[str] = mapped_column("question_key", unique=True)
    text: Mapped[str]
    reason: Mapped[
        str
    ]  # why it was kept first: "none" (nothing found), "unsure" (offers only), "refused" (none of them), "unhelpful"
    channel: Mapped[str]  # where it came first
    candidates: Mapped[list[Any]]
    count: Mapped[int] = mapped_column("times")
    state: Mapped[str] = mapped_column(default="new", index=True)
    group: Mapped[str | None] = mapped_column("group_id", index=True)  # the first question that says nearly the same
    assignee: Mapped[str | None]  # "staff:<id>" of who has it in work
    faq_id: Mapped[str | None]  # the FAQ that answers it, or will once its draft is published
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
    session: AsyncSession, text: str, reason: Reason, channel: str, candidates: Sequence[Hit] = ()
) -> UnansweredQuestion | None:
    """Keep a question for the curators, masked; the same one again is counted up.

    A group that was done comes back as new, unless the search was merely unsure; an ignored one stays ignored.

    Args:
        session: A writing session.
        text: The citizen's words.
        reason: Why it is kept: nothing was found, the search was unsure and offered some, none of the offers fitted, or the
            answer did not help.
        channel: Where it was asked: "line".
        candidates: The nearest FAQs, as in `Found.candidates`.

    Returns:
        The row, or None if the text holds no letter or digit.
    """
    masked = _masked(text)
    key = question_key(masked)
    if not key:
        return None
    near = [{"id": hit.id, "score": hit.score} for hit in candidates]
    row = await _counted(session, key) or await _added(session, key, masked, reason, channel, near)
    if row is None:  # somebody else asked the same at this moment
        row = await _counted(session, key)
    if row is None:
        return None
    row.candidates = near or row.candidates
    await counter.add(session, QuestionCount, question_id=row.id, day=counter.today(), channel=channel, reason=reason)
    await _came_again(session, row, reason)
    return row


async def take_back(session: AsyncSession, text: str, reason: Reason, channel: str) -> bool:
    """Take one count of a question back: the citizen, offered some, found the right one among them, or said that none is.

    Args:
        session: A writing session.
        text: The citizen's words, as they were given to `record`.
        reason: The reason that no longer holds: "unsure".
        channel: Where it was asked.

    Returns:
        Whether there was such a count.
    """
    asked = select(UnansweredQuestion).where(UnansweredQuestion.key == question_key(_masked(text))).with_for_update()
    row = (await session.scalars(asked)).one_or_none()
    if row is None:
        return False
    counted = (
        select(QuestionCount)
        .where(QuestionCount.question_id == row.id, QuestionCount.channel == channel, QuestionCount.reason == reason)
        .where(QuestionCount.times > 0)
        .order_by(QuestionCount.day.desc())
        .limit(1)
    )
    newest = (await session.scalars(counted)).one_or_none()
    if newest is None:
        return False
    newest.times -= 1
    row.count -= 1
    return True


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


def _masked(text: str) -> str:
    readable = text[: 4 * LONGEST].encode("utf-8", "ignore").decode()  # half a surrogate pair cannot be stored
    return thai.clip_utf16(mask(readable), LONGEST)


async def _counted(session: AsyncSession, key: str) -> UnansweredQuestion | None:
    query = select(UnansweredQuestion).where(UnansweredQuestion.key == key).with_for_update()
    row = (await session.scalars(query)).one_or_none()
    if row is not None:
        row.count += 1
        row.last_at = clock.now()
    return row


async def _added(
    session: AsyncSession, key: str, masked: str, reason: Reason, channel: str, near: list[Any]
) -> UnansweredQuestion | None:
    """Write a wording that was not known, in the group it belongs to; None if another process was quicker."""
    own = ids.new_id("unq")
    group = await _group(session, masked) or own
    row = UnansweredQuestion(
        id=own, key=key, text=masked, reason=reason, channel=channel, candidates=near, count=1, group=group, state="new"
    )
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return row


async def _group(session: AsyncSession, masked: str) -> str | None:
    """Find the group of the most alike among the questions that came last; a group's first question stands for it.

    What a curator moved into a group stands for it too, though it is not like its first question.
    """
    columns = select(UnansweredQuestion.id, UnansweredQuestion.group, UnansweredQuestion.text)
    rows = await session.execute(columns.order_by(UnansweredQuestion.last_at.desc()).limit(RECENT))
    recent = [(own, group or own, text) for own, group, text in rows]
    texts = {own: text for own, _, text in recent}
    for own, group in await asyncio.to_thread(_alike, masked, recent):
        if own == group or alike.likeness(texts[own], texts.get(group, "")) < alike.SAME:
            return group
    return None


def _alike(masked: str, recent: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Give id and group of the questions that are nearly the same, the most alike first."""
    measured = ((alike.likeness(masked, text), own, group) for own, group, text in recent)
    return [(own, group) for nearness, own, group in sorted(measured, reverse=True) if nearness >= alike.SAME]


async def _came_again(session: AsyncSession, row: UnansweredQuestion, reason: Reason) -> None:
    """Tell the group that one of its questions came; what was done is new again."""
    first = row if row.group in (None, row.id) else await session.get(UnansweredQuestion, row.group, with_for_update=True)
    if first is None:
        return
    first.last_at = clock.now()
    if first.state == "done" and reason != "unsure":
        first.state, first.assignee = "new", None
        audit.record(session, "system", "gap.return", f"gap:{first.id}")
