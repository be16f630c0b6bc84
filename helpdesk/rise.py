"""Sudden rises: kinds of cases, and places, of which far more was told in the last week than in the four before.

The rule: had nothing changed, each of the n cases of 35 days would lie in the last 7 with a chance of one in five. That is the
exact test of two Poisson rates (Przyborowski and Wilenski, 1940), which also minds how little a few cases before tell. A rise
is shown when so many by chance were less likely than 5 % among all groups that are looked at together (Bonferroni), and when
there are at least five. It says that something is unusual, not why; weekends even out, public holidays do not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, lgamma, log

from sqlalchemy import ColumnElement, Integer, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import clock
from helpdesk.area import Area
from helpdesk.record import Case

RECENT, BEFORE = 7, 28  # days
FEWEST = 5
CHANCE = 0.05
_SHARE = RECENT / (RECENT + BEFORE)


@dataclass(frozen=True)
class Rise:
    """So many cases in the last week (``recent``), after so many in four weeks (``before``); ``area`` None is everywhere."""

    category: str
    area: Area | None
    recent: int
    before: int

    @property
    def usual(self) -> float:
        """What a week had before."""
        return self.before * RECENT / BEFORE


async def rises(session: AsyncSession, seen: ColumnElement[bool], now: datetime | None = None) -> list[Rise]:
    """What rose, the least likely first: kinds everywhere, and kinds in one place.

    Args:
        session: Any transaction.
        seen: Which cases count.
        now: The end of the last week.
    """
    moment = now or clock.now()
    places = (Case.province, Case.district, Case.subdistrict)
    recent = func.sum(cast(Case.opened_at > moment - timedelta(days=RECENT), Integer))
    query = (
        select(Case.category, *places, recent, func.count())
        .where(Case.opened_at > moment - timedelta(days=RECENT + BEFORE), Case.opened_at <= moment, seen)
        .group_by(Case.category, *places)
    )
    found = [
        Rise(kind, Area(*names), int(new), int(number) - int(new)) for kind, *names, new, number in await session.execute(query)
    ]
    return unusual([*_everywhere(found), *(one for one in found if one.area and one.area.depth)])


def unusual(groups: Iterable[Rise]) -> list[Rise]:
    """Those of the groups that are rises by the rule, the least likely first."""
    counted = [one for one in groups if one.recent + one.before >= FEWEST]
    judged = [(tail(one.recent, one.recent + one.before), one) for one in counted if one.recent >= FEWEST]
    found = [pair for pair in judged if pair[0] * len(counted) < CHANCE]
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], -pair[1].recent))]


def tail(recent: int, total: int) -> float:
    """How likely at least ``recent`` of ``total`` cases lie in the last week by chance: ``tail(5, 5)`` is 0.2⁵."""
    if recent <= total * _SHARE:
        return 1.0  # no more than usual; the exact figure is not needed
    term = exp(
        lgamma(total + 1)
        - lgamma(recent + 1)
        - lgamma(total - recent + 1)
        + recent * log(_SHARE)
        + (total - recent) * log(1 - _SHARE)
    )
    whole = 0.0
    for number in range(recent, total + 1):
        whole += term
        term *= (total - number) / (number + 1) * _SHARE / (1 - _SHARE)
        if term < whole * 1e-12:
            break
    return min(whole, 1.0)


def _everywhere(found: Iterable[Rise]) -> list[Rise]:
    whole: dict[str, Rise] = {}
    for one in found:
        known = whole.get(one.category, Rise(one.category, None, 0, 0))
        whole[one.category] = Rise(one.category, None, known.recent + one.recent, known.before + one.before)
    return list(whole.values())
