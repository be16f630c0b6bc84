"""The id of a new FAQ, proposed from its English title."""

import re
from collections.abc import Container

_NOTHING = """
    how do does i to the a an my of for in on at is are can what when where which and or with need get it this that
    if be we you your
"""
_SAYS_NOTHING = frozenset(_NOTHING.split())
_WORDS, _LETTERS = 5, 60


def proposed(title: str, taken: Container[str] = ()) -> str:
    """A short id: "How do I renew my ID card?" -> "renew-id-card"; a number follows where it is taken.

    Without an English letter or digit it is "".
    """
    words = re.findall(r"[a-z0-9]+", title.lower().replace("'", ""))
    chosen = [word for word in words if word not in _SAYS_NOTHING] or words
    base = "-".join(chosen[:_WORDS])[:_LETTERS].strip("-")
    found, number = base, 2
    while base and found in taken:
        found, number = f"{base}-{number}", number + 1
    return found
