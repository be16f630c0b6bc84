"""The list of cases: filters, text, order, and pages that go on after the last row seen however many cases there are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk import search, service_level
from helpdesk import state as states
from helpdesk.record import Case, CaseLabel
from helpdesk.state import State

Order = Literal["new", "old", "changed", "due"]
ORDERS: tuple[Order, ...] = get_args(Order)
NOBODY = "none"  # as assignee: nobody works on it
OPEN, ALL = "open", "all"  # as state
COUNTED = 1_000  # more than that many are not counted
LATEST = 2_000  # cases through whose texts is looked when none has the words: reading all texts would take seconds


@dataclass(frozen=True)
class Filter:
    """What is asked for; an empty value asks for everything.

    ``state`` is a state's name, ``open`` or ``all``; ``assignee`` a staff id or ``none``; ``text`` words, a place or a number.
    ``late`` asks for cases whose time is over; the order ``due`` shows only those that have a time at all. ``loose`` looks
    for the text as it was typed, in the texts of the latest cases.
    """

    state: str = OPEN
    category: str = ""
    source: str = ""
    assignee: str = ""
    priority: str = ""
    label: str = ""
    agency: str = ""
    late: bool = False
    text: str = ""
    order: Order = "new"
    loose: bool = False


@dataclass(frozen=True)
class Page:
    """Rows of the list. ``after`` is the cursor of the next page, empty on the last; ``loose`` as in `Filter`."""

    rows: Sequence[Case]
    after: str
    loose: bool


async def page(session: AsyncSession, seen: ColumnElement[bool], asked: Filter, *, after: str = "", limit: int = 50) -> Page:
    """A page of the list; when no case has the words of the text, those of the latest whose texts hold it as it was typed.

    Args:
        session: Any transaction.
        seen: What the member may see, as `helpdesk.visibility.visible` gives it.
        asked: The filter.
        after: The cursor of the page before.
        limit: Rows on the page.
    """
    rows = await _rows(session, seen, asked, after, limit)
    if not rows and asked.text.strip() and not asked.loose and not after:
        asked = replace(asked, loose=True)
        rows = await _rows(session, seen, asked, after, limit)
    more = len(rows) > limit
    return Page(rows[:limit], _cursor(rows[limit - 1], asked.order) if more else "", asked.loose)


async def number(session: AsyncSession, seen: ColumnElement[bool], asked: Filter) -> int:
    """How many cases fit, counted up to `COUNTED` + 1."""
    some = select(Case.id).where(seen, *conditions(asked)).limit(COUNTED + 1).subquery()
    return await session.scalar(select(func.count()).select_from(some)) or 0


async def counts(session: AsyncSession, seen: ColumnElement[bool]) -> dict[str, int]:
    """How many cases stand in each state, each counted up to `COUNTED` + 1."""
    some = {state: select(Case.id).where(Case.state == state, seen).limit(COUNTED + 1).subquery() for state in State}
    each = (select(literal(state.value), func.count()).select_from(rows) for state, rows in some.items())
    return {state: count for state, count in await session.execute(union_all(*each)) if count}


async def labels_of(session: AsyncSession, case_ids: Sequence[str]) -> dict[str, list[str]]:
    """The labels of each of these cases, in order."""
    rows = await session.execute(select(CaseLabel.case_id, CaseLabel.label).where(CaseLabel.case_id.in_(case_ids)))
    found: dict[str, list[str]] = {}
    for case_id, label in sorted((row[0], row[1]) for row in rows):
        found.setdefault(case_id, []).append(label)
    return found


async def labels(session: AsyncSession, limit: int = 200) -> list[str]:
    """All labels in use, to choose from."""
    return list(await session.scalars(select(CaseLabel.label).distinct().order_by(CaseLabel.label).limit(limit)))


def conditions(asked: Filter) -> list[ColumnElement[bool]]:
    """The filter as conditions over `Case`."""
    found = [_state(asked.state), *_equal(asked), *_words(asked)]
    if asked.late:
        found.append(service_level.late())
    if asked.order == "due":
        found.append(Case.due_at.is_not(None))
    if asked.label:
        found.append(Case.id.in_(select(CaseLabel.case_id).where(CaseLabel.label == asked.label.lower())))
    return [condition for condition in found if condition is not None]


def _state(asked: str) -> ColumnElement[bool] | None:
    if asked == ALL:
        return None
    if asked == OPEN:
        return Case.state.in_(sorted(states.OPEN))
    return Case.state == asked


def _equal(asked: Filter) -> list[ColumnElement[bool]]:
    values = (
        (Case.category, asked.category),
        (Case.source, asked.source),
        (Case.priority, asked.priority),
        (Case.agency_id, asked.agency),
        (Case.assignee, None if asked.assignee == NOBODY else asked.assignee),
    )
    found: list[ColumnElement[bool]] = [column == value for column, value in values if value]
    return [*found, Case.assignee.is_(None)] if asked.assignee == NOBODY else found


def _words(asked: Filter) -> list[ColumnElement[bool] | None]:
    if not asked.text.strip():
        return []
    return [_latest(), search.holding(asked.text)] if asked.loose else [search.matching(asked.text)]


def _latest() -> ColumnElement[bool]:
    before = select(Case.id).order_by(Case.id.desc()).offset(LATEST).limit(1).scalar_subquery()
    return Case.id > func.coalesce(before, "")


async def _rows(session: AsyncSession, seen: ColumnElement[bool], asked: Filter, after: str, limit: int) -> Sequence[Case]:
    query = _ordered(select(Case).where(seen, *conditions(asked)), asked.order, after)
    return (await session.scalars(query.limit(limit + 1))).all()


def _ordered(query: Select[Case], order: Order, after: str) -> Select[Case]:
    if order == "changed":
        place = _changed_after(after)
        query = query.where(place) if place is not None else query
        return query.order_by(Case.changed_at.desc(), Case.id.desc())
    if order == "due":
        place = _due_after(after)
        query = query.where(place) if place is not None else query
        return query.order_by(Case.due_at, Case.id)
    if after:
        query = query.where(Case.id < after if order == "new" else Case.id > after)
    return query.order_by(Case.id.desc() if order == "new" else Case.id)


def _changed_after(after: str) -> ColumnElement[bool] | None:
    place = _place(after)
    if place is None:
        return None
    at, case_id = place
    return and_(Case.changed_at <= at, or_(Case.changed_at < at, Case.id < case_id))


def _due_after(after: str) -> ColumnElement[bool] | None:
    place = _place(after)
    if place is None:
        return None
    at, case_id = place
    return and_(Case.due_at >= at, or_(Case.due_at > at, Case.id > case_id))


def _place(after: str) -> tuple[datetime, str] | None:
    """A moment and an id out of a cursor; nothing of what cannot be read, so that the list begins anew."""
    moment, _, case_id = after.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, case_id) if at.tzinfo is not None else None


def _cursor(case: Case, order: Order) -> str:
    moment = {"changed": case.changed_at, "due": case.due_at}.get(order)
    return f"{moment.isoformat()}~{case.id}" if moment else case.id
