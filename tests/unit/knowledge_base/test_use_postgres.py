"""Uses over PostgreSQL."""

from tests.unit.knowledge_base.test_inbox_postgres import database, server
from tests.unit.knowledge_base.test_use import (
    test_a_period_ends_where_it_says,
    test_faqs_are_listed_by_how_often_they_answered,
    test_what_became_of_the_questions_of_a_day_and_a_channel,
    town,
)

__all__ = [
    "database",
    "server",
    "test_a_period_ends_where_it_says",
    "test_faqs_are_listed_by_how_often_they_answered",
    "test_what_became_of_the_questions_of_a_day_and_a_channel",
    "town",
]
