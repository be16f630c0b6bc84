"""Words to find texts by: how a text and a question are cut, and the condition that compares them.

Thai is written without spaces, so a text is cut into words when it is told, and a question in the same way. A word is found
by its beginning, too: "ประปา" while it is being typed.
"""

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

from core import thai

LONGEST = 40  # letters of a word
ASKED = 8  # words of a question
_LAST = "\U0010ffff"


def words(text: str) -> list[str]:
    """The words to find a text by, each once: "ไฟถนนดับ 3 ดวง" gives ``["ไฟ", "ถนน", "ดับ", "3", "ดวง"]``."""
    found = (word.lower() for word in thai.words(text))
    kept = (word[:LONGEST] for word in found if any(char.isalnum() for char in word))
    return list(dict.fromkeys(kept))


def asked(question: str) -> list[str]:
    """The words of a question, as many as are looked for."""
    return words(question)[:ASKED]


def beginning(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    """The condition for words that begin with this one; it reads an index."""
    return and_(column >= word, column < word + _LAST)
