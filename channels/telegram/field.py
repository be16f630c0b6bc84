"""Fields of an update, read without trust: whatever JSON stands there, these give the wanted type or nothing."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from channels.value import clean, mapping, mappings
from core import clock

_LARGEST = 2**63 - 1  # what a database's whole number holds
_LATEST = 4_102_444_800  # the year 2100, in seconds


def record(holder: Any, key: str) -> Mapping[str, Any]:
    """The object below ``key``, or an empty one."""
    return mapping(mapping(holder).get(key))


def records(holder: Any, key: str) -> Sequence[Mapping[str, Any]]:
    """The objects in the array below ``key``."""
    return mappings(mapping(holder).get(key))


def words(holder: Any, key: str) -> str:
    """The text below ``key``, as a database can keep it."""
    value = mapping(holder).get(key)
    return clean(value) if isinstance(value, str) else ""


def number(holder: Any, key: str) -> int | None:
    """The whole number below ``key``, if a database can keep it."""
    value = mapping(holder).get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST else None


def degrees(holder: Any, key: str, limit: int) -> float | None:
    """The coordinate below ``key``, at most ``limit`` degrees from zero."""
    value = mapping(holder).get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -limit <= value <= limit:
        return None
    return float(value)


def moment(holder: Any, key: str) -> datetime:
    """The time below ``key``, which Telegram gives in seconds; now if there is none."""
    seconds = number(holder, key)
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None and 0 < seconds < _LATEST else clock.now()
