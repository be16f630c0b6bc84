"""Whatever a webhook holds, it is read or found odd, and what was read can be stored."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.contract import Inbound, Odd
from channels.telegram.parse import parse
from conversations.content import Inward
from tests.unit.channels.telegram.updates import BOT, EVERY

ODD = ["ก", "a", "1", " ", "/", "@", "bot", ":", "\ud83d", "\udc00", "\0", "😀", "msg_1:0"]
TEXTS = st.lists(st.sampled_from(ODD), max_size=9).map("".join) | st.text(max_size=20)
NUMBERS = st.integers() | st.floats() | st.sampled_from([0, -1, 2**63, -(2**64), 10**40])
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
UPDATES = [update for _, update, *_ in EVERY]


def storable(payload: Any) -> None:
    for one in parse(payload, 1000, BOT):
        assert isinstance(one, Inbound | Odd)
        if isinstance(one, Inbound):
            stored = json.dumps(
                [one.content.model_dump(mode="json"), one.details, one.external_id, one.reference], ensure_ascii=False
            )
            stored.encode()  # no half of a surrogate pair
            assert "\\u0000" not in stored
            assert one.rank is not None
            assert 0 <= one.rank < 2**63
            assert Inward.model_validate(one.content.model_dump()) == one.content


@given(JSON)
def test_any_json(payload: Any) -> None:
    storable(payload)


@given(
    st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "message_reaction", "channel_post"]), JSON
)
def test_any_json_in_an_update(kind: str, body: Any) -> None:
    storable({"update_id": 1, kind: body})


@settings(max_examples=400)
@given(st.sampled_from(UPDATES), st.data())
def test_an_update_with_some_values_replaced(update: dict[str, Any], data: st.DataObject) -> None:
    changed = copy.deepcopy(update)
    places = list(_places(changed))
    for holder, key in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        holder[key] = data.draw(JSON)
    storable(changed)


@given(st.sampled_from(UPDATES), st.data())
def test_an_update_with_other_words(update: dict[str, Any], data: st.DataObject) -> None:
    changed = copy.deepcopy(update)
    for holder, key in _places(changed):
        if isinstance(holder[key], str) and key not in {"type", "status"}:
            holder[key] = data.draw(TEXTS)
    storable(changed)


@given(st.sampled_from(UPDATES), st.data())
def test_an_update_with_a_field_missing(update: dict[str, Any], data: st.DataObject) -> None:
    changed = copy.deepcopy(update)
    holder, key = data.draw(st.sampled_from(list(_places(changed))))
    del holder[key]
    storable(changed)


def test_a_deep_update() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = {"reply_to_message": deep, "text": deep}
    storable({"update_id": 1, "message": {"chat": {"id": 1, "type": "private"}, "text": deep, "photo": [deep]}})


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place below ``value``: (holder, key)."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        yield from _places(value[key])
