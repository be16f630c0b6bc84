"""Exported: a FAQ on its way out, with what a file says about it besides its text."""

from dataclasses import dataclass
from typing import Any

from knowledge_base.entry import Entry
from knowledge_base.exchange.column import COLUMNS
from knowledge_base.exchange.record import cells
from knowledge_base.exchange.value import NO, YES, joined


@dataclass(frozen=True)
class Exported:
    """One FAQ. ``version`` is the number of the version whose text this is."""

    entry: Entry
    version: int
    state: str
    active: bool

    def values(self) -> dict[str, Any]:
        """All columns' values by name: text, list of texts, number, True, False or None."""
        return cells(self.entry) | {"version": self.version, "state": self.state, "active": self.active}

    def texts(self) -> list[str]:
        """All columns' values as text, in the order of the columns; a list is one item a line."""
        values = self.values()
        return [_text(values[column.name]) for column in COLUMNS]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return joined(value)
    return "" if value is None else str(value)
