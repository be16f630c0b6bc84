"""The history of a FAQ: what it said, who changed it, when and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base.record import WRITING, FaqNotFound, FaqVersion

_NO_FACTS = frozenset({"group", "variants", "review_by", "reviewed", "verified"})


async def history(session: AsyncSession, faq_id: str) -> Sequence[FaqVersion]:
    """All versions of a FAQ, newest first."""
    query = select(FaqVersion).where(FaqVersion.faq_id == faq_id).order_by(FaqVersion.number.desc())
    return (await session.scalars(query)).all()


async def version(session: AsyncSession, faq_id: str, number: int) -> FaqVersion:
    """One version of a FAQ.

    Raises:
        FaqNotFound: There is no such version.
    """
    found = await session.scalar(select(FaqVersion).where(FaqVersion.faq_id == faq_id, FaqVersion.number == number))
    if found is None:
        raise FaqNotFound(f"{faq_id}, version {number}")
    return found


async def writers(session: AsyncSession, faq_id: str) -> list[str]:
    """Who wrote the newest text, newest first: its facts, and what was changed beside them since. None of them can publish it.

    Who adds a way to ask to a colleague's draft has not read the draft over: the colleague stays one of its writers.
    """
    found: list[str] = []
    newer: FaqVersion | None = None
    for row in await history(session, faq_id):
        if newer is not None and (row.action == "publish" or not same_facts(row.body, newer.body)):
            break
        if row.action in WRITING:
            found.append(row.author)
            newer = row
    return list(dict.fromkeys(found))


def same_facts(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two texts tell citizens the same; ways to ask, group and days of review are no facts."""
    return all(one.get(name) == other.get(name) for name in (one.keys() | other.keys()) - _NO_FACTS)
