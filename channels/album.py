"""Albums: photos sent together arrive as events of their own, and are handled as one.

An adapter tells it in ``content.details["album"]``: its ``id`` and, where the platform says how many they are, ``total``.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from channels.inbox import InboxEvent
from channels.value import items, mapping
from conversations.content import Inward, InwardKind
from core import clock

PAUSE = timedelta(seconds=0.8)  # after the newest part, before an album of unknown size counts as whole
LONGEST = timedelta(seconds=3)  # after the first part, however many were announced
TOGETHER = "together"  # in the first row's details: the ids of the rows that were asked as one


def parts(rows: Sequence[InboxEvent]) -> Sequence[InboxEvent]:
    """The first row with those that follow it as parts of the same album; it alone when it belongs to none."""
    first = rows[0]
    asked = first.details.get(TOGETHER)
    if asked:
        return [row for row in rows if row.id in asked]
    name = _name(first)
    end = 1
    while name and end < len(rows) and _name(rows[end]) == name:
        end += 1
    return rows[:end]


def seconds_left(rows: Sequence[InboxEvent]) -> float:
    """How long to wait for more of an album; 0 when it is whole, or no album."""
    first = rows[0]
    if not _name(first) or first.details.get(TOGETHER) or len(rows) >= (_total(first) or len(rows) + 1):
        return 0.0
    newest = max(row.received_at for row in rows)
    whole = first.received_at + LONGEST if _total(first) else min(newest + PAUSE, first.received_at + LONGEST)
    return max(0.0, (whole - clock.now()).total_seconds())


def joined(contents: Sequence[Inward]) -> Inward:
    """One content with all files and captions."""
    if len(contents) == 1:
        return contents[0]
    kinds: list[InwardKind] = [one.kind for one in contents]
    return Inward(
        kind="image" if "image" in kinds else kinds[0],
        text="\n".join(dict.fromkeys(one.text for one in contents if one.text.strip())),
        attachments=[kept for one in contents for kept in one.attachments],
        details={"media": [item for one in contents for item in _media(one)]},
    )


def _media(content: Inward) -> list[Any]:
    return items(content.details.get("media"))


def _name(row: InboxEvent) -> str:
    if row.content.get("kind") not in {"image", "video", "file"}:
        return ""
    return str(_told(row).get("id") or "")


def _total(row: InboxEvent) -> int:
    total = _told(row).get("total")
    return total if isinstance(total, int) else 0


def _told(row: InboxEvent) -> dict[str, Any]:
    return mapping(mapping(row.content.get("details")).get("album"))
