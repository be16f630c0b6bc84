"""Use: how often each FAQ was answered, offered, chosen and read, by day and channel, and what that tells of the search."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import batched
from typing import Any, Literal

from sqlalchemy import ColumnElement, ForeignKey, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base
from knowledge_base import counter
from knowledge_base.faq import Faq
from knowledge_base.questions import FaqThumb, QuestionCount

Kind = Literal["answered", "offered", "chosen", "viewed"]
_KINDS: tuple[Kind, ...] = ("answered", "offered", "chosen", "viewed")


class FaqUse(Base):
    """One count. ``kind`` is "answered", "offered", "chosen" (an offer was pressed) or "viewed" (its page was opened)."""

    __tablename__ = "faq_use"

    faq_id: Mapped[str] = mapped_column(ForeignKey("faq.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)  # in Bangkok
    kind: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True)
class Period:
    """The days that are looked at, both included, and one channel or all of them ("")."""

    first: date
    last: date
    channel: str = ""

    @classmethod
    def of(cls, days: int, channel: str = "") -> "Period":
        """The last ``days`` days, today included."""
        last = counter.today()
        return cls(last - timedelta(days=days - 1), last, channel)

    @property
    def days(self) -> tuple[date, ...]:
        """Every day, the first one first."""
        return tuple(self.first + timedelta(days=past) for past in range((self.last - self.first).days + 1))


@dataclass(frozen=True)
class Outcome:
    """What became of questions.

    ``answered`` ones got an answer at once; ``offered`` ones got up to three offers, of which ``chosen`` were pressed;
    ``not_found`` ones got none. ``unhelpful`` counts thumbs down, whatever came before them.
    """

    answered: int = 0
    chosen: int = 0
    left: int = 0  # offers of which none was pressed
    not_found: int = 0
    unhelpful: int = 0

    @property
    def offered(self) -> int:
        """Questions that got offers."""
        return self.chosen + self.left

    @property
    def asked(self) -> int:
        """All questions to the search."""
        return self.answered + self.offered + self.not_found

    def share(self, number: int) -> float:
        """A number as a share of all questions, from 0 to 1; 0 while there are none."""
        return number / self.asked if self.asked else 0.0


@dataclass(frozen=True)
class FaqUsed:
    """How one FAQ was used in a period. Thumbs are those of all channels."""

    id: str
    title: str
    answered: int
    offered: int  # how often it was among the offers
    chosen: int
    viewed: int
    helpful: int
    unhelpful: int

    @property
    def asked(self) -> int:
        """How often it was given as an answer, at once or after it was chosen."""
        return self.answered + self.chosen

    @property
    def helpful_share(self) -> float | None:
        """The share of thumbs up, from 0 to 1; None without thumbs."""
        thumbs = self.helpful + self.unhelpful
        return self.helpful / thumbs if thumbs else None


async def count(session: AsyncSession, faq_id: str, kind: Kind, channel: str) -> None:
    """Count one use today.

    Args:
        session: A writing session.
        faq_id: A FAQ that exists.
        kind: What happened.
        channel: Where: "line", or "help" for the help centre.
    """
    await counter.add(session, FaqUse, faq_id=faq_id, day=counter.today(), kind=kind, channel=channel)


async def by_day(session: AsyncSession, period: Period) -> list[tuple[date, Outcome]]:
    """What became of the questions of each day, the first day first."""
    found = await _outcomes(session, period, FaqUse.day, QuestionCount.day)
    return [(day, found.get(day, Outcome())) for day in period.days]


async def by_channel(session: AsyncSession, period: Period) -> list[tuple[str, Outcome]]:
    """What became of the questions of each channel, the busiest first."""
    found = await _outcomes(session, period, FaqUse.channel, QuestionCount.channel)
    return sorted(((channel, outcome) for channel, outcome in found.items() if outcome.asked), key=lambda one: -one[1].asked)


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """The sum of several."""
    all_of_them = tuple(outcomes)
    return Outcome(
        **{
            name: sum(getattr(one, name) for one in all_of_them)
            for name in ("answered", "chosen", "left", "not_found", "unhelpful")
        }
    )


async def faqs(session: AsyncSession, period: Period) -> list[FaqUsed]:
    """Every FAQ that was used in the period, the most asked first."""
    columns: Sequence[Any] = (FaqUse.faq_id, *(_of_kind(kind) for kind in _KINDS))
    uses = select(*columns).where(FaqUse.day.between(period.first, period.last)).group_by(FaqUse.faq_id)
    if period.channel:
        uses = uses.where(FaqUse.channel == period.channel)
    counts = {row[0]: dict(zip(_KINDS, map(int, row[1:]), strict=True)) for row in await session.execute(uses)}
    thumbs = await _thumbs(session, period)
    rows = [
        FaqUsed(one, title, **counts.get(one, dict.fromkeys(_KINDS, 0)), helpful=up, unhelpful=down)
        for one, title in (await named(session, counts.keys() | thumbs.keys())).items()
        for up, down in (thumbs.get(one, (0, 0)),)
    ]
    return sorted(rows, key=lambda row: (-row.asked, -row.viewed, row.id))


def least_helpful(rows: Sequence[FaqUsed], *, thumbs: int = 3) -> list[FaqUsed]:
    """The FAQs with at least so many thumbs, those that helped least first."""
    judged = [row for row in rows if row.helpful + row.unhelpful >= thumbs]
    return sorted(judged, key=lambda row: (row.helpful_share, -row.unhelpful, row.id))


async def named(session: AsyncSession, faq_ids: Iterable[str]) -> dict[str, str]:
    """The Thai questions of FAQs, as their newest text has them; those that do not exist are left out."""
    found: dict[str, str] = {}
    title = Faq.body["question"]["th"].as_string()
    for some in batched(sorted(faq_ids), 1_000):  # PostgreSQL takes no more than 32,767 values in a statement
        found |= {faq_id: text for faq_id, text in await session.execute(select(Faq.id, title).where(Faq.id.in_(some)))}
    return found


async def _outcomes(session: AsyncSession, period: Period, used_by: Any, kept_by: Any) -> dict[Any, Outcome]:
    """Add up uses and kept questions by day or channel."""
    sums: defaultdict[Any, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    uses = select(used_by, FaqUse.kind, func.sum(FaqUse.times)).where(
        FaqUse.day.between(period.first, period.last), FaqUse.kind.in_(("answered", "chosen"))
    )
    kept = select(kept_by, QuestionCount.reason, func.sum(QuestionCount.times)).where(
        QuestionCount.day.between(period.first, period.last)
    )
    if period.channel:
        uses, kept = uses.where(FaqUse.channel == period.channel), kept.where(QuestionCount.channel == period.channel)
    for query, by, what in ((uses, used_by, FaqUse.kind), (kept, kept_by, QuestionCount.reason)):
        for key, name, times in await session.execute(query.group_by(by, what)):
            sums[key][_FIELDS.get(name, "not_found")] += int(times)
    return {key: Outcome(**found) for key, found in sums.items()}


_FIELDS = {"answered": "answered", "chosen": "chosen", "unsure": "left", "refused": "left", "unhelpful": "unhelpful"}


def _of_kind(kind: str) -> ColumnElement[int]:
    return func.sum(case((FaqUse.kind == kind, FaqUse.times), else_=0))


async def _thumbs(session: AsyncSession, period: Period) -> dict[str, tuple[int, int]]:
    """Count thumbs up and down by FAQ."""
    begin = datetime.combine(period.first, time(), clock.BANGKOK)
    end = datetime.combine(period.last + timedelta(days=1), time(), clock.BANGKOK)
    up = func.sum(case((FaqThumb.yes.is_(True), 1), else_=0))
    query = select(FaqThumb.faq_id, up, func.count()).where(FaqThumb.at >= begin, FaqThumb.at < end).group_by(FaqThumb.faq_id)
    return {faq_id: (int(yes), int(number) - int(yes)) for faq_id, yes, number in await session.execute(query)}
