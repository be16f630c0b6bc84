"""Meta's texts, ids and times in a webhook's JSON, read without trusting their types: what does not fit reads as empty."""

from datetime import UTC, datetime
from typing import Any

LONGEST_ID = 500  # characters; Meta's longest are about 200
_SECONDS = range(1_000_000_000, 5_000_000_000)  # 2001 to 2128


def words(value: Any) -> str:
    """The value if it is text, without what a database refuses (NUL, lone surrogates), else an empty text."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode().replace("\0", "")


def identifier(value: Any) -> str:
    """An id, which may have come as a number; empty when it is none or longer than `LONGEST_ID`."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**40:
        return str(value)
    found = words(value)
    return found if len(found) <= LONGEST_ID else ""


def moment(value: Any) -> datetime | None:
    """A time given in seconds, milliseconds or microseconds since 1970, as a number or as digits; None when it is none.

    Messenger sends milliseconds; Instagram's documentation also shows seconds as text.
    """
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    for unit in (1, 1_000, 1_000_000):
        if _SECONDS.start * unit <= value < _SECONDS.stop * unit:
            return datetime.fromtimestamp(value / unit, UTC)
    return None
