"""JSON by orjson: what goes in comes out, also what orjson alone refuses."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from bot.runtime.lean.jsontext import dumps, loads


@pytest.mark.parametrize("value", [{"ก": [1, 2.5, None, True]}, "ไฟดับ 😀", "\ud800 ครึ่งเดียว", 2**70, [], {"a": {"b": ["\udfff"]}}])
def test_the_same_value_comes_back(value: Any) -> None:
    assert loads(dumps(value)) == value
    assert json.loads(dumps(value)) == value
    assert loads(json.dumps(value)) == value


def test_numbers_of_numpy_are_numbers() -> None:
    assert loads(dumps({"confidence": np.float64(0.25)})) == {"confidence": 0.25}


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"<html>"])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        loads(text)
