"""The compiled check of an action's answer: it says yes and no where Rasa's own does."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.runtime.lean.action_answers import WrongAnswer, check_answer

RIGHT: list[Any] = [
    {},
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "place", "value": None, "timestamp": None}], "responses": [{"text": "ค่ะ"}]},
    {"events": [{"event": "session_started"}, {"event": "action", "name": "action_listen", "policy": None, "confidence": None}]},
    {"events": [{"event": "user", "text": "ก", "parse_data": {"intent": {"name": "x", "confidence": 1}, "entities": []}}]},
    {"events": [{"event": "active_loop", "name": None}, {"event": "entities", "entities": [{"entity": "a", "value": {}}]}]},
]
SPOILT = ("many", 7, None, True, [], {}, [1], {"event": "slot"}, {"event": "nothing"}, 1.5)


def stock(answer: Any) -> bool:
    try:
        RemoteAction("action", None)._validate_action_result(answer)
    except ValidationError:
        return False
    return True


def lean(answer: Any) -> bool:
    try:
        check_answer(answer)
    except WrongAnswer:
        return False
    return True


@pytest.mark.parametrize("answer", RIGHT)
def test_right_answers_pass(answer: Any) -> None:
    assert lean(answer)
    assert stock(answer)


def test_spoilt_answers_are_judged_as_by_rasa() -> None:
    chance, judged = random.Random(1), set()

    for _ in range(150):
        answer = spoilt(copy.deepcopy(chance.choice(RIGHT[2:])), chance)
        judged.add(stock(answer))
        assert lean(answer) == stock(answer), answer

    assert judged == {True, False}


def spoilt(answer: Any, chance: random.Random) -> Any:
    """The answer with one value anywhere in it replaced or missing."""
    places = list(within(answer))
    holder, key = chance.choice(places)
    if isinstance(holder, dict) and chance.random() < 0.3:
        del holder[key]
    else:
        holder[key] = chance.choice(SPOILT)
    return answer


def within(value: Any) -> Any:
    for key, one in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(one, (dict, list)):
            yield from within(one)
