"""The history of a FAQ: what it said, who changed it, when and why."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base.record import WRITING, FaqNotFound, FaqVersion


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


async def writer(session: AsyncSession, faq_id: str) -> str:
    """Who wrote the newest text: this person cannot publish it."""
    query = select(FaqVersion.author).where(FaqVersion.faq_id == faq_id, FaqVersion.action.in_(WRITING))
    return await session.scalar(query.order_by(FaqVersion.number.desc()).limit(1)) or ""
