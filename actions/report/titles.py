"""Categories by the words citizens use for them."""

import re

from helpdesk.category import Category, all_categories, category

_JOINTS = re.compile(r"[\s/,-]+|และ|หรือ|\b(?:and|or)\b")


def title(category_id: str, language: str) -> str:
    """The title in the citizen's language: "ไฟส่องสว่างสาธารณะ"."""
    found = category(category_id)
    return found.title_en if language == "en" else found.title_th


def button(category_id: str, language: str) -> str:
    """What stands on a button: "💡 ไฟถนน"."""
    found = category(category_id)
    return f"{found.emoji} {found.title_en}" if language == "en" else found.button


def known(category_id: str) -> bool:
    """Whether there is such a category."""
    return any(found.id == category_id for found in all_categories())


def named(words: str) -> str | None:
    """The category that words name: "น้ำท่วม" and "flooding" are ``flooding``; None when none or several fit equally."""
    scores = {found.id: _score(words.casefold(), found) for found in all_categories()}
    best = max(scores.values())
    fitting = [category_id for category_id, score in scores.items() if score == best]
    return fitting[0] if best > 0 and len(fitting) == 1 else None


def _score(words: str, found: Category) -> int:
    """The length of the longest piece of a title that the words hold, or of the words that a title holds."""
    titles = (found.title_th, found.short, found.title_en.casefold(), found.id)
    pieces = [piece for name in titles for piece in (name, *_JOINTS.split(name))]
    bare = words.strip()
    held = [len(bare) for name in titles if len(bare) >= 3 and bare in name]
    return max([len(piece) for piece in pieces if len(piece) >= 3 and piece in words] + held, default=0)
