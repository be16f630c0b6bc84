"""Gaps: what curators do with a group of questions that citizens could not find an answer to.

A group is named by the id of its first question, and that question's row holds its state, who has it in work and the FAQ
that answers it. Every change here writes an audit line in the caller's transaction.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core import audit, privacy
from knowledge_base import faq
from knowledge_base.entry import Entry
from knowledge_base.faq import Faq, FaqNotFound
from knowledge_base.questions import UnansweredQuestion, question_key

State = Literal["new", "in_work", "done", "ignored"]
STATES: tuple[State, ...] = ("new", "in_work", "done", "ignored")
ADOPTED = "เพิ่มสำนวนจากคำถามที่หาคำตอบไม่พบ"  # the reason that stands in the FAQ's history
_MOST_VARIANTS = 30  # that a new FAQ is begun with
_HIDDEN = (privacy.PHONE, privacy.CITIZEN, privacy.NUMBER, privacy.EMAIL, privacy.ACCOUNT, privacy.NAME, privacy.HOUSE)
_PLACEHOLDERS = re.compile("|".join(re.escape(word) for word in _HIDDEN))


class GapNotFound(LookupError):
    """There is no group of this id; it may have been merged with another."""


class GapTaken(RuntimeError):
    """Somebody else has the group in work."""

    def __init__(self, assignee: str) -> None:
        """Name them: "staff:<id>"."""
        super().__init__(assignee)
        self.assignee = assignee


class NothingNew(ValueError):
    """The FAQ knows all these wordings already."""


@dataclass(frozen=True)
class Prefill:
    """What a FAQ made from a group is begun with: the wording asked most, and the others as variants, without placeholders."""

    group: str
    question: str
    variants: tuple[str, ...]


async def take(session: AsyncSession, group_id: str, author: str) -> UnansweredQuestion:
    """Take a group into work.

    Raises:
        GapTaken: Somebody else has it.
        GapNotFound: There is no such group.
    """
    group = await _opened(session, group_id)
    if group.state == "in_work" and group.assignee not in (None, author):
        raise GapTaken(group.assignee or "")
    return _moved(session, group, "in_work", author, "take", assignee=author, faq_id=group.faq_id)


async def give_back(session: AsyncSession, group_id: str, author: str) -> UnansweredQuestion:
    """Put a group back among the new ones, or open a closed one again."""
    group = await _opened(session, group_id)
    return _moved(session, group, "new", author, "open" if group.state in ("done", "ignored") else "give_back")


async def ignore(session: AsyncSession, group_id: str, author: str, *, reason: str) -> UnansweredQuestion:
    """Leave a group aside for good; the reason stands in the audit log: "ไม่ใช่งานของเทศบาล"."""
    return _moved(session, await _opened(session, group_id), "ignored", author, "ignore", reason=reason)


async def close(session: AsyncSession, group_id: str, faq_id: str, author: str) -> UnansweredQuestion:
    """Mark a group as done: this FAQ answers it as it stands.

    Raises:
        FaqNotFound: There is no such FAQ.
    """
    if await session.get(Faq, faq_id) is None:
        raise FaqNotFound(faq_id)
    return _moved(session, await _opened(session, group_id), "done", author, "done", faq_id=faq_id)


async def link(session: AsyncSession, group_id: str, faq_id: str, author: str) -> UnansweredQuestion:
    """Tell which FAQ is being written for a group: it is in work until that FAQ is published."""
    group = await _opened(session, group_id)
    return _moved(session, group, "in_work", author, "link", assignee=group.assignee or author, faq_id=faq_id)


async def published(session: AsyncSession, faq_id: str, author: str) -> int:
    """Mark as done all groups in work for a FAQ; called in the transaction that publishes it.

    Returns:
        How many there were.
    """
    waiting = select(UnansweredQuestion).where(UnansweredQuestion.state == "in_work", UnansweredQuestion.faq_id == faq_id)
    groups = (await session.scalars(waiting.order_by(UnansweredQuestion.id).with_for_update())).all()
    for group in groups:
        _moved(session, group, "done", author, "done", faq_id=faq_id)
    return len(groups)


async def adopt(session: AsyncSession, group_id: str, faq_id: str, wordings: Iterable[str], author: str, *, seen: int) -> Faq:
    """Add wordings of a group to a FAQ as variants, in a new draft; the group is in work until the draft is published.

    Args:
        session: A writing session.
        group_id: The group.
        faq_id: The FAQ that answers it.
        wordings: The citizens' words, already read over by the curator; those the FAQ knows are passed over.
        author: Who adds them.
        seen: The version of the FAQ that the curator saw.

    Returns:
        The FAQ with its new draft.

    Raises:
        NothingNew: The FAQ knows them all.
        EditConflict: Somebody saved the FAQ meanwhile.
        FaqNotFound: There is no such FAQ.
        pydantic.ValidationError: A wording is too long, or there are too many.
    """
    known = await session.get(Faq, faq_id)
    if known is None:
        raise FaqNotFound(faq_id)
    entry = Entry.model_validate(known.body)
    fresh = _different(wordings, entry.questions())
    if not fresh:
        raise NothingNew(faq_id)
    grown = Entry.model_validate({**entry.body(), "variants": [*entry.variants, *fresh]})
    saved = await faq.save(session, grown, author, seen=seen, reason=ADOPTED)
    await link(session, group_id, faq_id, author)
    return saved


async def merge(session: AsyncSession, group_ids: Sequence[str], author: str) -> UnansweredQuestion:
    """Make one group of several; the one that was there first gives its name.

    It is in work if any of them was, else new if any of them was.

    Raises:
        GapNotFound: One of them is no group any more.
    """
    groups = [await _opened(session, group_id) for group_id in sorted(set(group_ids))]
    first, *others = groups
    leading = next((one for state in ("in_work", "new") for one in groups if one.state == state), first)
    first.state, first.assignee, first.faq_id = leading.state, leading.assignee, leading.faq_id or first.faq_id
    for other in others:
        moving = update(UnansweredQuestion).where(UnansweredQuestion.group == other.id).values(group=first.id)
        await session.execute(moving, execution_options={"synchronize_session": "fetch"})
        audit.record(session, author, "gap.merge", f"gap:{other.id}", into=first.id)
    first.last_at = max(one.last_at for one in groups)
    return first


async def split(session: AsyncSession, question_id: str, author: str) -> UnansweredQuestion:
    """Take one wording out of its group; it begins a new one.

    Raises:
        GapNotFound: There is no such question, or it is the one its group is named by.
    """
    question = await session.get(UnansweredQuestion, question_id, with_for_update=True)
    if question is None or question.group in (None, question.id):
        raise GapNotFound(question_id)
    left, question.group = question.group, question.id
    question.state, question.assignee, question.faq_id = "new", None, None
    audit.record(session, author, "gap.split", f"gap:{question.id}", out_of=left)
    return question


async def prefill(session: AsyncSession, group_id: str) -> Prefill:
    """What the editor fills a new FAQ with.

    Raises:
        GapNotFound: There is no such group.
    """
    await find(session, group_id)
    asked = select(UnansweredQuestion.text).where(UnansweredQuestion.group == group_id)
    ordered = asked.order_by(UnansweredQuestion.count.desc(), UnansweredQuestion.id).limit(4 * _MOST_VARIANTS)
    question, *variants = _different((await session.scalars(ordered)).all(), ()) or [""]
    return Prefill(group_id, question, tuple(variants[:_MOST_VARIANTS]))


async def find(session: AsyncSession, group_id: str) -> UnansweredQuestion:
    """The first question of a group.

    Raises:
        GapNotFound: There is no such group.
    """
    return _first(await session.get(UnansweredQuestion, group_id), group_id)


def wording(masked: str) -> str:
    """A kept question as it may stand in a FAQ, without the signs of what was masked.

    "โทร [เบอร์โทร] เงินไม่เข้า" -> "โทร เงินไม่เข้า".
    """
    return " ".join(_PLACEHOLDERS.sub(" ", masked).split())


def _different(texts: Iterable[str], known: Iterable[str]) -> list[str]:
    """Give the wordings that say something, differ from each other and are not known yet."""
    seen = {question_key(text) for text in known} | {""}
    fresh: list[str] = []
    for text in map(wording, texts):
        if (key := question_key(text)) not in seen:
            seen.add(key)
            fresh.append(text)
    return fresh


async def _opened(session: AsyncSession, group_id: str) -> UnansweredQuestion:
    return _first(await session.get(UnansweredQuestion, group_id, with_for_update=True), group_id)


def _first(question: UnansweredQuestion | None, group_id: str) -> UnansweredQuestion:
    if question is None or question.group != question.id:
        raise GapNotFound(group_id)
    return question


def _moved(
    session: AsyncSession,
    group: UnansweredQuestion,
    state: State,
    author: str,
    action: str,
    *,
    assignee: str | None = None,
    faq_id: str | None = None,
    **detail: str,
) -> UnansweredQuestion:
    """Bring a group into a state and write who did it."""
    group.state, group.assignee, group.faq_id = state, assignee, faq_id
    named = {"faq": faq_id} if faq_id else {}
    audit.record(session, author, f"gap.{action}", f"gap:{group.id}", **named, **detail)
    return group
