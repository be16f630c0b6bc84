"""Reworded: what a change of the synonyms does to the questions and answers that are live."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import thai
from knowledge_base.entry import Entry
from knowledge_base.faq import Faq, FaqVersion
from knowledge_base.wording import Wording

LOOKED_AT = 2_000  # FAQs; somebody waits for the answer
_EXAMPLES = 5


@dataclass(frozen=True)
class Example:
    """One text in both wordings: "ต่อใบขี่" becomes "ต่อใบขับขี่"."""

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
                examples.append(Example(entry.id, one, other))
                break
    return Reworded(changed, len(entries), tuple(examples[:_EXAMPLES]))
