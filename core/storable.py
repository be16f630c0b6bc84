"""What a database takes: platforms send strings that PostgreSQL or SQLite refuse, and one of them fails a whole transaction."""

import math
from typing import Any

REPLACEMENT = "\ufffd"


def text(value: str) -> str:
    """The string without NUL and lone halves of surrogate pairs: each becomes ``\ufffd``."""
    if "\x00" in value:
        value = value.replace("\x00", REPLACEMENT)
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        # Two halves that belong together become their character again.
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value


def data(value: Any) -> Any:
    """JSON data with all its strings and keys so, and ``null`` for what is no number.

    Raises:
        RecursionError: for data nested deeper than Python can follow.
    """
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {text(str(key)): data(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [data(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
