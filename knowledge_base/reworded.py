"""Reworded: what a change of the synonyms does to the questions and answers that are live."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import thai
from knowledge_base.entry import Entry
from knowledge_base.faq import Faq, FaqVersion
from knowledge_base.wording import Wording

LOOKED_AT = 2_000  # FAQs; somebody waits for the answer
_EXAMPLES = 5
_MARGIN = 24  # letters shown around a change


@dataclass(frozen=True)
class Example:
    """A piece of one text in both wordings: "ต่อใบขี่" becomes "ต่อใบขับขี่"."""

    faq_id: str
    before: str
    after: str


@dataclass(frozen=True)
class Reworded:
    """How many FAQs get another wording, of how many that were looked at, and a few of their texts."""

    faqs: int
    looked: int
    examples: tuple[Example, ...]


async def reworded(session: AsyncSession, before: Mapping[str, str], after: Mapping[str, str]) -> Reworded:
    """Compare two sets of synonyms on the questions and short answers that citizens can find.

    Args:
        session: Any session.
        before: The pairs now, {"ใบขี่": "ใบขับขี่"}.
        after: The pairs as they would be.

    Returns:
        What changes; of an installation with more FAQs only the first `LOOKED_AT` are looked at.
    """
    words = [word for word in {*before, *after} if before.get(word) != after.get(word)]
    query = select(FaqVersion.body).join(Faq, (Faq.id == FaqVersion.faq_id) & (Faq.live == FaqVersion.number))
    bodies = (await session.scalars(query.where(Faq.on.is_(True)).order_by(Faq.id).limit(LOOKED_AT))).all()
    return await asyncio.to_thread(_compare, [Entry.model_validate(body) for body in bodies], words, before, after)


def _compare(entries: Sequence[Entry], words: Sequence[str], before: Mapping[str, str], after: Mapping[str, str]) -> Reworded:
    old, new = Wording(before), Wording(after)
    changed, examples = 0, []
    for entry in entries:
        for text in (*entry.questions(), entry.summary.th):
            plain = thai.normalise(text)
            if not any(word in plain for word in words):
                continue
            one, other = old.canonical(text), new.canonical(text)
            if one != other:
                changed += 1
                examples.append(Example(entry.id, *_around(one, other)))
                break
    return Reworded(changed, len(entries), tuple(examples[:_EXAMPLES]))


def _around(one: str, other: str) -> tuple[str, str]:
    """Both texts from a little before to a little behind where they differ."""
    start = _shared(one, other)
    end = min(_shared(one[::-1], other[::-1]), min(len(one), len(other)) - start)
    return _cut(one, start, len(one) - end), _cut(other, start, len(other) - end)


def _shared(one: str, other: str) -> int:
    """How many letters two texts begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cut(text: str, start: int, end: int) -> str:
    start, end = max(0, start - _MARGIN), min(len(text), end + _MARGIN)
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
