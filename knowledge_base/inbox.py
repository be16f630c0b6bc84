"""The inbox: groups of questions without a good answer, as curators see them, with counts and trend."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, case, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from knowledge_base import counter
from knowledge_base.gap import GapNotFound
from knowledge_base.questions import QuestionCount, UnansweredQuestion

Order = Literal["count", "trend", "newest"]
DAYS = 14  # of the trend: this week beside the one before
_WEEK = timedelta(days=6)
_Question, _First = UnansweredQuestion, aliased(UnansweredQuestion, name="first")


@dataclass(frozen=True)
class Wording:
    """One way in which it was asked, masked, and how often."""

    id: str
    text: str
    count: int
    last_at: datetime


@dataclass(frozen=True)
class Group:
    """One group. Counts keep to the filters of the list, wordings, channels and days do not.

    ``days`` are the counts of the last `DAYS` days, today last; ``candidates`` are the FAQs that came nearest when it was
    asked last, as {"id", "score"}.
    """

    id: str
    text: str
    state: str
    returned: bool  # it was done once and came back
    assignee: str | None
    faq_id: str | None
    candidates: tuple[dict[str, Any], ...]
    first_at: datetime
    last_at: datetime
    total: int
    recent: int  # in the last seven days
    earlier: int  # in the seven days before
    wordings: tuple[Wording, ...]
    channels: dict[str, int]
    reasons: dict[str, int]
    days: tuple[int, ...]


@dataclass(frozen=True)
class Page:
    """Some groups, and how many there are in all."""

    groups: tuple[Group, ...]
    number: int


async def groups(
    session: AsyncSession,
    *,
    state: str = "",
    channel: str = "",
    reason: str = "",
    text: str = "",
    since: date | None = None,
    assignee: str = "",
    order: Order = "count",
    limit: int = 25,
    offset: int = 0,
) -> Page:
    """List groups; every filter that is empty lets all pass.

    Args:
        session: A session.
        state: "new", "in_work", "done" or "ignored".
        channel: Only what came on this channel is counted: "line".
        reason: Only what was kept for this reason is counted: "unhelpful".
        text: A piece of any of the wordings.
        since: The first day in Bangkok that is counted.
        assignee: Who has it in work: "staff:<id>".
        order: The most asked first, those that grow most, or those asked last.
        limit: The most groups on the page.
        offset: How many to pass over.

    Returns:
        The page.
    """
    counted = _counted(channel, reason, text, since).subquery()
    sums = (counted.c.total, counted.c.recent, counted.c.earlier)
    orders: dict[Order, ColumnElement[Any]] = {
        "count": sums[0].desc(),
        "trend": (sums[1] - sums[2]).desc(),
        "newest": counted.c.last_at.desc(),
    }
    query = (
        select(_First, *sums, func.count().over())
        .join(counted, counted.c.group_id == _First.id)
        .order_by(orders[order], _First.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if state:
        query = query.where(_First.state == state)
    if assignee:
        query = query.where(_First.assignee == assignee)
    rows: Sequence[Any] = (await session.execute(query)).all()
    known = await _Details.of(session, [row[0].id for row in rows])
    return Page(
        tuple(known.group(first, total, recent, earlier) for first, total, recent, earlier, _ in rows), rows[0][-1] if rows else 0
    )


async def find(session: AsyncSession, group_id: str) -> Group:
    """One group with all its counts.

    Raises:
        GapNotFound: There is none of this id; `home` tells where its questions went.
    """
    columns: Sequence[Any] = (_First, *_sums())
    query = select(*columns).select_from(_First).join(_Question, _Question.group == _First.id)
    query = query.join(QuestionCount, QuestionCount.question_id == _Question.id)
    row = (await session.execute(query.where(_First.id == group_id).group_by(_First.id))).one_or_none()
    if row is None:
        raise GapNotFound(group_id)
    first, total, recent, earlier = row
    return (await _Details.of(session, [group_id])).group(first, total, recent, earlier)


async def home(session: AsyncSession, question_id: str) -> str | None:
    """The group that a question belongs to now, for the address of one that was merged."""
    return await session.scalar(select(_Question.group).where(_Question.id == question_id))


async def states(session: AsyncSession) -> dict[str, int]:
    """How many groups there are in each state."""
    query = select(_First.state, func.count(distinct(_First.id))).select_from(_First)
    query = query.join(_Question, _Question.group == _First.id).where(_Question.count > 0).group_by(_First.state)
    return {state: number for state, number in await session.execute(query)}


async def by_day(session: AsyncSession, group_id: str, *, days: int = 30) -> list[tuple[date, int]]:
    """How often a group was asked on each of the last days, today last."""
    first = counter.today() - timedelta(days=days - 1)
    query = (
        select(QuestionCount.day, func.sum(QuestionCount.times))
        .join(_Question, _Question.id == QuestionCount.question_id)
        .where(_Question.group == group_id, QuestionCount.day >= first)
        .group_by(QuestionCount.day)
    )
    found = {day: int(times) for day, times in await session.execute(query)}
    return [(day, found.get(day, 0)) for day in (first + timedelta(days=past) for past in range(days))]


def _sums() -> tuple[ColumnElement[int], ...]:
    """All, those of the last seven days, and those of the seven days before."""
    week = counter.today() - _WEEK
    before = week - timedelta(days=7)
    day, times = QuestionCount.day, QuestionCount.times
    return (
        func.sum(times).label("total"),
        func.sum(case((day >= week, times), else_=0)).label("recent"),
        func.sum(case((day.between(before, week - timedelta(days=1)), times), else_=0)).label("earlier"),
    )


def _counted(channel: str, reason: str, text: str, since: date | None) -> Select[Any]:
    sums = _sums()
    columns: Sequence[Any] = (_Question.group.label("group_id"), *sums, func.max(_Question.last_at).label("last_at"))
    query = (
        select(*columns)
        .join(QuestionCount, QuestionCount.question_id == _Question.id)
        .group_by(_Question.group)
        .having(sums[0] > 0)
    )
    if channel:
        query = query.where(QuestionCount.channel == channel)
    if reason:
        query = query.where(QuestionCount.reason == reason)
    if since is not None:
        query = query.where(QuestionCount.day >= since)
    if text:
        said = aliased(_Question)
        query = query.where(_Question.group.in_(select(said.group).where(said.text.icontains(text, autoescape=True))))
    return query


@dataclass(frozen=True)
class _Details:
    """Wordings and counts of the groups on a page, read together."""

    wordings: dict[str, list[Wording]]
    channels: dict[str, dict[str, int]]
    reasons: dict[str, dict[str, int]]
    days: dict[str, dict[date, int]]

    @classmethod
    async def of(cls, session: AsyncSession, group_ids: Sequence[str]) -> "_Details":
        found = cls(defaultdict(list), defaultdict(dict), defaultdict(dict), defaultdict(dict))
        columns = (_Question.group, _Question.id, _Question.text, _Question.count, _Question.last_at)
        asked = select(*columns).where(_Question.group.in_(group_ids)).order_by(_Question.count.desc(), _Question.id)
        for group, own, said, times, last_at in await session.execute(asked):
            found.wordings[str(group)].append(Wording(own, said, times, last_at))
        counts = (
            (QuestionCount.channel, found.channels),
            (QuestionCount.reason, found.reasons),
            (QuestionCount.day, found.days),
        )
        for column, into in counts:
            summed = (
                select(_Question.group, column, func.sum(QuestionCount.times))
                .join(QuestionCount, QuestionCount.question_id == _Question.id)
                .where(_Question.group.in_(group_ids), QuestionCount.times > 0)
                .group_by(_Question.group, column)
                .order_by(func.sum(QuestionCount.times).desc())
            )
            for group, what, times in await session.execute(summed):
                into[group][what] = int(times)  # type: ignore[index]
        return found

    def group(self, first: UnansweredQuestion, total: int, recent: int, earlier: int) -> Group:
        today = counter.today()
        days = self.days.get(first.id, {})
        return Group(
            id=first.id,
            text=first.text,
            state=first.state,
            returned=first.state == "new" and first.faq_id is not None,
            assignee=first.assignee,
            faq_id=first.faq_id,
            candidates=tuple(first.candidates),
            first_at=first.first_at,
            last_at=first.last_at,
            total=int(total),
            recent=int(recent),
            earlier=int(earlier),
            wordings=tuple(self.wordings.get(first.id, ())),
            channels=self.channels.get(first.id, {}),
            reasons=self.reasons.get(first.id, {}),
            days=tuple(days.get(today - timedelta(days=past), 0) for past in reversed(range(DAYS))),
        )
