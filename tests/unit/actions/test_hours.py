"""When people answer chats."""

from datetime import datetime

import pytest

from actions.hours import hours
from core.clock import BANGKOK
from core.database import Database
from core.settings import Settings


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
async def test_the_offices_own_hours_by_the_bangkok_clock(
    database: Database, day: int, hour: int, minute: int, is_open: bool
) -> None:
    is_office_open = hours(database, Settings(chat_always=False))
    assert await is_office_open(datetime(2026, 11, day, hour, minute, tzinfo=BANGKOK)) is is_open


async def test_day_and_night_where_the_settings_say_so(database: Database) -> None:
    assert await hours(database, Settings(chat_always=True))(datetime(2026, 11, 29, 3, 0, tzinfo=BANGKOK))
