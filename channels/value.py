"""Values of a webhook's JSON, read without trusting their types: what does not fit reads as empty."""

from typing import Any


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def mappings(value: Any) -> list[dict[str, Any]]:
    """The objects in the value if it is a list."""
    return [one for one in items(value) if isinstance(one, dict)]


def clean(text: str) -> str:
    """The text without what no database takes: NUL goes, and halves of surrogate pairs become ``U+FFFD``."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "")
