"""The calendar against a slow and obvious one that looks at every minute, over random weeks, days and Songkran."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core.clock import BANGKOK
from helpdesk.calendar import Calendar, NoOfficeHours, Span
from helpdesk.holiday import announced

MINUTE = timedelta(minutes=1)
WORKDAY = [(8 * 3600 + 1800, 16 * 3600 + 1800)]
WEEK: list[list[Span]] = [WORKDAY] * 5 + [[], []]
DAYS = 9  # the most days between two moments of a test
HOLIDAYS = frozenset(day for year in range(2023, 2028) for day in announced(year))


def minutes(start: datetime, end: datetime) -> Iterator[datetime]:
    """The beginning of every whole minute between two moments that are whole minutes."""
    while start < end:
        yield start
        start += MINUTE


def slow_open(week: Sequence[Sequence[Span]], days: Mapping[date, Sequence[Span]], moment: datetime) -> bool:
    here = moment.astimezone(BANGKOK)
    spans = days.get(here.date(), () if here.date() in HOLIDAYS else week[here.weekday()])
    second = here.hour * 3600 + here.minute * 60
    return any(start <= second < end for start, end in spans)


@some.composite
def spans(draw: some.DrawFn) -> list[Span]:
    """Up to two spans of a day, on whole minutes, with a gap between them; now and then around midnight."""
    edges = sorted(draw(some.sets(some.integers(0, 24 * 60), min_size=4, max_size=4)))
    chosen = [(edges[0] * 60, edges[1] * 60), (edges[2] * 60, edges[3] * 60)]
    return chosen[: draw(some.integers(0, 2))]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


moments = some.one_of(
    some.sampled_from(range(2023, 2028)).flatmap(lambda year: some.datetimes(local(f"{year}-04-07"), local(f"{year}-04-18"))),
    some.datetimes(local("2025-12-27"), local("2026-01-05")),
).map(lambda moment: moment.replace(second=0, microsecond=0, tzinfo=BANGKOK))
weeks = some.lists(spans(), min_size=7, max_size=7)
own_days = some.dictionaries(some.dates(date(2025, 4, 8), date(2025, 4, 20)), spans(), max_size=4)
lengths = some.integers(0, DAYS * 24 * 60).map(lambda number: number * MINUTE)


@settings(max_examples=80, deadline=None)
@given(weeks, own_days, moments, lengths)
def test_the_time_between_is_the_open_minutes(
    week: list[list[Span]], days: dict[date, list[Span]], start: datetime, length: timedelta
) -> None:
    end = start + length
    slow = sum(slow_open(week, days, minute) for minute in minutes(start, end))
    assert Calendar(week, HOLIDAYS, days).between(start, end) == slow * MINUTE


@settings(max_examples=80, deadline=None)
@given(weeks, own_days, moments, some.integers(0, 40 * 60))
def test_work_is_done_when_its_last_open_minute_is_over(
    week: list[list[Span]], days: dict[date, list[Span]], start: datetime, work: int
) -> None:
    left, moment, limit = work, start, start + timedelta(days=DAYS)
    while left and moment < limit:
        left -= slow_open(week, days, moment)
        moment += MINUTE
    if not left:  # else the slow one gave up
        assert Calendar(week, HOLIDAYS, days).add(start, work * MINUTE) == moment


seconds = some.integers(0, 30 * 24 * 3600).map(lambda number: timedelta(seconds=number))


@settings(max_examples=100, deadline=None)
@given(weeks.filter(any), own_days, moments, seconds, seconds)
def test_adding_and_measuring_are_each_others_inverse_to_the_second(
    week: list[list[Span]], days: dict[date, list[Span]], start: datetime, offset: timedelta, work: timedelta
) -> None:
    calendar, start = Calendar(week, HOLIDAYS, days), start + offset
    end = calendar.add(start, work)
    assert calendar.between(start, end) == work
    assert end.tzinfo is UTC
    if work:
        assert calendar.between(start, end - timedelta(seconds=1)) < work  # it is the first such moment
        assert calendar.add(calendar.add(start, work / 2), work / 2) == pytest.approx(end, abs=timedelta(microseconds=2))


@settings(max_examples=60, deadline=None)
@given(weeks, own_days, moments, seconds, seconds)
def test_time_is_measured_piece_by_piece(
    week: list[list[Span]], days: dict[date, list[Span]], start: datetime, one: timedelta, two: timedelta
) -> None:
    calendar = Calendar(week, HOLIDAYS, days)
    middle, end = start + one, start + one + two
    assert calendar.between(start, middle) + calendar.between(middle, end) == calendar.between(start, end)
    assert calendar.between(end, start) == timedelta() or end == start


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


def test_songkran_2026_is_passed_over() -> None:
    calendar = Calendar(WEEK, HOLIDAYS)
    assert calendar.add(at("2026-04-10T16:00"), timedelta(hours=1)) == at("2026-04-16T09:00")
    assert calendar.between(at("2026-04-10T16:30"), at("2026-04-16T08:30")) == timedelta()
    assert not calendar.is_open(at("2026-04-14T10:00"))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("2026-11-27T08:29", False), ("2026-11-27T08:30", True), ("2026-11-27T16:29", True), ("2026-11-27T16:30", False)],
)
def test_the_office_opens_and_closes_to_the_minute(moment: str, is_open: bool) -> None:
    assert Calendar(WEEK, HOLIDAYS).is_open(at(moment)) is is_open


def test_a_days_own_hours_stand_above_week_and_holidays() -> None:
    calendar = Calendar(WEEK, HOLIDAYS, {date(2026, 4, 14): WORKDAY, date(2026, 11, 27): []})
    assert calendar.is_open(at("2026-04-14T10:00"))
    assert not calendar.is_open(at("2026-11-27T10:00"))


def test_work_that_ends_with_the_day_ends_then_and_not_in_the_morning() -> None:
    assert Calendar(WEEK, HOLIDAYS).add(at("2026-11-26T08:30"), timedelta(hours=8)) == at("2026-11-26T16:30")


def test_no_work_takes_no_time() -> None:
    assert Calendar(WEEK, HOLIDAYS).add(at("2026-11-28T03:00"), timedelta()) == at("2026-11-28T03:00")


def test_an_office_that_never_opens_again_says_so() -> None:
    closed: list[list[Span]] = [[] for _ in range(7)]
    once = Calendar(closed, HOLIDAYS, {date(2026, 11, 27): WORKDAY})
    assert once.add(at("2026-11-26T12:00"), timedelta(hours=8)) == at("2026-11-27T16:30")
    with pytest.raises(NoOfficeHours):
        once.add(at("2026-11-26T12:00"), timedelta(hours=9))
