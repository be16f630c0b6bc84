"""JSON by orjson, for all that the engine reads and writes often. Stands in for `json` in trackers and action calls.

Checked by tests/engine/lean/test_jsontext.py: the same values come back, and what orjson refuses is left to `json`.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def dumps(content: Any) -> bytes:
    """Write a value as JSON in UTF-8.

    A citizen's text may hold half of a broken pair of surrogates, which UTF-8 cannot carry and orjson refuses; `json`
    writes it escaped.
    """
    try:
        return orjson.dumps(content, option=_OPTIONS)
    except TypeError:
        return json.dumps(content).encode()


def loads(text: bytes | str) -> Any:
    """Read JSON.

    Raises:
        ValueError: If it is none.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)
