"""Problems: what is wrong with a file, where, in words for the person who will correct it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing to correct.

    ``row`` is the row of the sheet as Excel counts it (the head is row 1), in YAML the line; 0 means the whole file.
    ``column`` is a column's name or empty; ``words`` are Thai, such as "ไม่มีวันที่ 31/02/2570 ในปฏิทิน".
    """

    row: int
    column: str
    words: str


class Refused(ValueError):
    """A file that cannot be imported; ``problems`` are all there are, in the order of rows."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems in order."""
        self.problems = sorted(problems, key=lambda problem: problem.row)
        super().__init__("; ".join(f"{one.row} {one.column}: {one.words}" for one in self.problems[:3]))


def whole(words: str) -> Refused:
    """A file of which nothing can be read."""
    return Refused([Problem(0, "", words)])
