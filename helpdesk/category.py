"""The categories of cases: what a citizen may report, and who is responsible."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from helpdesk.error import UnknownCategory

CONTENT = Path(__file__).resolve().parent / "content" / "categories.yml"


class Category(BaseModel):
    """One kind of case, such as ``street-light`` / ``ไฟส่องสว่างสาธารณะ``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title_th: str
    title_en: str
    short: str = Field(min_length=1, max_length=20)  # on a button: LINE shows 20 characters
    emoji: str
    unit: str  # who is responsible, in Thai
    photo: bool  # a picture helps, so it is asked for
    place: bool  # the case cannot be worked without a place
    confidential: bool = False  # never shown to the public
    closing_photo: bool = False  # done only with a picture of what was done
    hint: str  # what to ask for, in Thai

    @property
    def button(self) -> str:
        """The title with its emoji: ``💡 ไฟถนน``."""
        return f"{self.emoji} {self.short}"


@cache
def all_categories() -> tuple[Category, ...]:
    """All categories, in the order in which they are offered."""
    rows = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
    return tuple(Category.model_validate(row) for row in rows)


def category(category_id: str) -> Category:
    """Find a category by its id, such as ``street-light``.

    Raises:
        UnknownCategory: when there is none.
    """
    for known in all_categories():
        if known.id == category_id:
            return known
    raise UnknownCategory(category_id)
