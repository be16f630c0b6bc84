"""When people answer chats."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from actions.hours import open_at
from core.clock import BANGKOK
from core.settings import settings


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(
    ("day", "hour", "minute", "is_open"),
    [
        (30, 8, 29, False),  # a Monday
        (30, 8, 30, True),
        (30, 16, 29, True),
        (30, 16, 30, False),
        (29, 10, 0, False),  # a Sunday
    ],
)
async def test_office_hours_by_the_bangkok_clock(day: int, hour: int, minute: int, is_open: bool) -> None:
    assert await open_at(datetime(2026, 11, day, hour, minute, tzinfo=BANGKOK)) is is_open


async def test_day_and_night(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("DAYS", "[1,2,3,4,5,6,7]"), ("OPENS", "00:00"), ("CLOSES", "00:00")):
        monkeypatch.setenv(f"PRACHA_CHAT_{name}", value)
    assert await open_at(datetime(2026, 11, 29, 3, 0, tzinfo=BANGKOK))
