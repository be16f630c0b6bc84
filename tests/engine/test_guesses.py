"""How sure the assistant was, and which form had asked, read from the events of a conversation."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import ActiveLoop, Event, SessionStarted, UserUttered

from bot.runtime.guesses import asked_by, guesses

RANKING = [
    {"name": "nlu_fallback", "confidence": 0.7},
    {"name": "report_problem", "confidence": 0.4},
    {"name": "greet", "confidence": 0.3},
    {"name": "thank", "confidence": 0.1},
    {"name": "deny", "confidence": 0.05},
]


def said(**parsed: object) -> UserUttered:
    return UserUttered("ไฟดับ", parse_data={"intent_ranking": RANKING, **parsed})


def test_the_best_three_without_the_fallback_and_a_report_by_its_category() -> None:
    assert guesses(said(category={"name": "street-light", "confidence": 0.9})) == [
        {"intent": "report_problem/street-light", "confidence": 0.4},
        {"intent": "greet", "confidence": 0.3},
        {"intent": "thank", "confidence": 0.1},
    ]
    assert guesses(said(category={"name": None}))[0]["intent"] == "report_problem"
    assert guesses(UserUttered("ไฟดับ")) == []


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], None),
        ([ActiveLoop("report_form")], "report_form"),
        ([ActiveLoop("report_form"), UserUttered("ไม่รู้")], "report_form"),
        ([ActiveLoop("report_form"), ActiveLoop(None)], None),
        ([ActiveLoop("report_form"), SessionStarted()], None),
    ],
)
def test_the_form_is_the_one_that_was_open_when_the_words_came(events: list[Event], expected: str | None) -> None:
    assert asked_by([*events, UserUttered("หน้าวัด"), ActiveLoop("feedback_form")], len(events)) == expected
