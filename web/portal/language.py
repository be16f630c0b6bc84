"""The language of a page: Thai, or English under ``/en`` or with ``?lang=en``."""

from collections.abc import Callable
from datetime import date as Day
from datetime import datetime

from aiohttp import web

from core import clock

THAI, ENGLISH = "th", "en"
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905

Say = Callable[[str, str], str]


def of(request: web.Request) -> str:
    """``th`` or ``en``."""
    english = request.path == "/en" or request.path.startswith("/en/") or request.query.get("lang") == ENGLISH
    return ENGLISH if english else THAI


def path(language: str, plain: str) -> str:
    """A page's address in a language: ``/cases`` -> ``/en/cases``."""
    return f"/en{plain}" if language == ENGLISH else plain


def plain(address: str) -> str:
    """A page's address without its language: ``/en/cases`` -> ``/cases``."""
    found = (address.removeprefix("/en") or "/") if address == "/en" or address.startswith("/en/") else address
    return "/" if found.startswith("//") else found  # a browser would read the second slash as another site's beginning


def say(language: str) -> Say:
    """Chooses between words in both languages, which stand side by side in the templates."""
    return (lambda _thai, english: english) if language == ENGLISH else (lambda thai, _english: thai)


def date(moment: datetime, language: str) -> str:
    """A moment's day in Bangkok: ``22 พฤศจิกายน 2569`` or ``22 November 2026``."""
    return day(clock.local(moment).date(), language)


def day(calendar: Day, language: str) -> str:
    """A day of the calendar in the same words."""
    if language == ENGLISH:
        return f"{calendar.day} {_MONTHS[calendar.month - 1]} {calendar.year}"
    return clock.thai_date(calendar)


def date_and_time(moment: datetime, language: str) -> str:
    """``22 พฤศจิกายน 2569 เวลา 14.30 น.`` or ``22 November 2026, 14:30``."""
    if language == ENGLISH:
        return f"{date(moment, language)}, {clock.local(moment):%H:%M}"
    return clock.thai_datetime(moment)
