"""The audit log over PostgreSQL."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.database import Database
from tests.unit.core.test_audit import (
    log,
    test_an_area_is_all_its_actions_and_no_others,
    test_every_filter_narrows,
    test_no_line_is_changed_or_taken_away,
    test_not_through_a_row_either,
    test_the_newest_lines_come_first,
)
from tests.unit.knowledge_base.test_inbox_postgres import database as fresh
from tests.unit.knowledge_base.test_inbox_postgres import server

__all__ = [
    "log",
    "server",
    "test_an_area_is_all_its_actions_and_no_others",
    "test_every_filter_narrows",
    "test_no_line_is_changed_or_taken_away",
    "test_not_through_a_row_either",
    "test_the_newest_lines_come_first",
]


database = fresh


async def test_nor_all_lines_at_once(log: Database) -> None:
    with pytest.raises(DBAPIError, match="only grows"):
        async with log.write() as session:
            await session.execute(text("TRUNCATE audit"))
