"""The check of what an action server answered, compiled once.

Stands in for `RemoteAction._validate_action_result`, which checks Rasa's schema against the schema of schemas and builds
a validator at every call (38 % of the stock engine's time). The schema is Rasa's own, compiled by fastjsonschema. All
kinds of events exclude each other by their name, so the 23 alternatives become one look-up; a schema for which
that does not hold is refused at the start.
Checked by tests/engine/lean/test_action_answers.py: hundreds of right and wrong answers, judged the same by both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import fastjsonschema
from rasa.core.actions.action import RemoteAction

Check = Callable[[Any], Any]


class WrongAnswer(Exception):
    """The answer is not what Rasa's protocol says; the words of it are not kept."""


def _compiled(schema: dict[str, Any]) -> Check:
    return fastjsonschema.compile({"$schema": "http://json-schema.org/draft-07/schema#", **schema})  # type: ignore[no-any-return]


def _by_kind(alternatives: list[dict[str, Any]]) -> dict[str, Check]:
    kinds = {one["properties"]["event"]["const"]: _compiled(one) for one in alternatives}
    if len(kinds) != len(alternatives):
        raise ValueError("two kinds of events of Rasa's schema have the same name")
    return kinds


_whole = RemoteAction.action_response_format_spec()
_event = dict(_whole["properties"]["events"]["items"])
_kinds = _by_kind(_event.pop("oneOf"))
_any_event = _compiled(_event)
_outside = _compiled(
    {**_whole, "properties": {**_whole["properties"], "events": {**_whole["properties"]["events"], "items": {}}}}
)


def check_answer(answer: Any) -> None:
    """Check an action server's answer.

    Raises:
        WrongAnswer: If it does not fit Rasa's schema.
    """
    try:
        _outside(answer)
        for event in answer.get("events", []):
            _any_event(event)
            kind = _kinds.get(event["event"])
            if kind is None:
                raise WrongAnswer("an event of an unknown kind")
            kind(event)
    except fastjsonschema.JsonSchemaValueException as error:
        raise WrongAnswer(f"{error.name} does not fit") from None
