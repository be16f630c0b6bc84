"""Office hours: how much working time lies between two moments, and when so much of it will have passed.

A `Calendar` knows the hours of each day of the week and of single days; holidays are days without hours. All moments are
aware; days are those of Bangkok, where no clock is ever put forward or back.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from core.clock import BANGKOK

Span = tuple[int, int]  # seconds after midnight, from and to: (30600, 59400) is 08.30 to 16.30

DAY = 24 * 60 * 60
LONGEST_SEARCH = 20  # years without one working second after which there is none to come


class NoOfficeHours(ValueError):
    """The calendar has no working time to come."""


class Calendar:
    """Open on the week's hours, except on holidays: ``Calendar([[(30600, 59400)]] * 5 + [[], []], songkran)``.

    Args:
        week: Seven lists of spans, Monday first; spans of a day neither touch nor overlap, and are in order.
        holidays: Days on which it is closed.
        days: Days with hours of their own; an empty list closes a day. They stand above week and holidays.
    """

    def __init__(
        self,
        week: Sequence[Sequence[Span]],
        holidays: Collection[date] = (),
        days: Mapping[date, Sequence[Span]] | None = None,
    ) -> None:
        self._week = [tuple(spans) for spans in week]
        self._holidays = frozenset(holidays)
        self._days = {day: tuple(spans) for day, spans in (days or {}).items()}
        self._years: dict[int, list[int]] = {}

    def hours(self, day: date) -> Sequence[Span]:
        """The spans in which the office works on a day."""
        if day in self._days:
            return self._days[day]
        if day in self._holidays:
            return ()
        return self._week[day.weekday()]

    def is_open(self, moment: datetime) -> bool:
        """Whether the office works at this moment; at the very end of its hours it does not."""
        day, second = _place(moment)
        return any(start <= second < end for start, end in self.hours(day))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from one moment to a later one; nothing when it is not later."""
        if end <= start:
            return timedelta()
        worked = self._until(end) - self._until(start)
        years = range(start.astimezone(BANGKOK).year, end.astimezone(BANGKOK).year)
        return timedelta(seconds=worked + sum(self._year(year)[-1] for year in years))

    def add(self, start: datetime, work: timedelta) -> datetime:
        """The first moment at which ``work`` has been worked since ``start``, in UTC; with no work it is ``start`` itself.

        Raises:
            NoOfficeHours: when that never happens.
        """
        if work <= timedelta():
            return start.astimezone(UTC)
        first = start.astimezone(BANGKOK).year
        wanted = self._until(start) + work.total_seconds()
        for year in range(first, first + LONGEST_SEARCH):
            sums = self._year(year)
            if wanted <= sums[-1]:
                return self._moment(year, wanted)
            wanted -= sums[-1]
        raise NoOfficeHours("no office hours to come")

    def _moment(self, year: int, wanted: float) -> datetime:
        """When the ``wanted`` th working second of a year has passed."""
        sums = self._year(year)
        number = bisect_left(sums, wanted) - 1  # the last day before which less was worked
        day, left = date(year, 1, 1) + timedelta(days=number), wanted - sums[number]
        for start, end in self.hours(day):
            if left <= end - start:
                return _midnight(day) + timedelta(seconds=start + left)
            left -= end - start
        raise AssertionError("the sums of a year are those of its days")

    def _until(self, moment: datetime) -> float:
        """The seconds worked since the beginning of the moment's year."""
        day, second = _place(moment)
        today = sum(min(end, second) - start for start, end in self.hours(day) if start < second)
        return self._year(day.year)[day.timetuple().tm_yday - 1] + today

    def _year(self, year: int) -> list[int]:
        """The seconds worked before each day of a year, and those of the whole year at the end."""
        if year not in self._years:
            worked = (sum(end - start for start, end in self.hours(day)) for day in _days_of(year))
            self._years[year] = list(accumulate(worked, initial=0))
        return self._years[year]


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days))


def _place(moment: datetime) -> tuple[date, float]:
    """The day in Bangkok and the seconds since its midnight."""
    local = moment.astimezone(BANGKOK)
    seconds = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1_000_000
    return local.date(), seconds


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK).astimezone(UTC)
