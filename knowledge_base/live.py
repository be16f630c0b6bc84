"""What is live: the texts citizens may be told now, read as a whole or only what changed since a revision."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from knowledge_base.entry import Entry
from knowledge_base.faq import Faq, FaqVersion
from knowledge_base.synonym import Synonym
from knowledge_base.wording import read_synonyms

_AT_ONCE = 500


@dataclass(frozen=True)
class Change:
    """A FAQ that changed at a revision: its live text, or None when citizens may not be told it (any more)."""

    id: str
    revision: int
    entry: Entry | None


async def changes(session: AsyncSession, since: int, limit: int | None = None) -> list[Change]:
    """The FAQs that changed after a revision, the newest first.

    Args:
        session: A reading session.
        since: The revision; -1 for all that is live.
        limit: The most to read.
    """
    query = _bodies().where(Faq.revision > since).order_by(Faq.revision.desc(), Faq.id).limit(limit)
    rows = (await session.execute(query)).all()
    return [
        Change(faq_id, revision, Entry.model_validate(body) if body is not None else None)
        for faq_id, revision, body in rows
        if body is not None or since >= 0
    ]


async def changed(session: AsyncSession, since: int) -> dict[str, int]:
    """The ids of the FAQs that changed after a revision, each with the revision of its last change."""
    rows = (await session.execute(select(Faq.id, Faq.revision).where(Faq.revision > since))).all()
    return {faq_id: revision for faq_id, revision in rows}


async def entries(session: AsyncSession, ids: Collection[str]) -> dict[str, Entry]:
    """The live texts among some FAQs."""
    rows = (await session.execute(_bodies().where(Faq.id.in_(ids)))).all()
    return {faq_id: Entry.model_validate(body) for faq_id, _, body in rows if body is not None}


async def batches(database: Database, ids: Sequence[str]) -> AsyncIterator[list[Entry]]:
    """The live texts among many FAQs, some hundred at a time."""
    for start in range(0, len(ids), _AT_ONCE):
        async with database.read() as session:
            found = await entries(session, ids[start : start + _AT_ONCE])
        yield list(found.values())


async def count(session: AsyncSession) -> int:
    """How many FAQs are live."""
    return await session.scalar(select(func.count()).select_from(Faq).where(_is_live())) or 0


async def synonyms(session: AsyncSession, folder: Path) -> Mapping[str, str]:
    """The curators' synonyms that are on; those of `synonyms.yml` as long as the table holds none at all."""
    rows = (await session.execute(select(Synonym.word, Synonym.meaning, Synonym.on))).all()
    return {word: meaning for word, meaning, on in rows if on} if rows else read_synonyms(folder)


def _is_live() -> Any:
    return and_(Faq.on.is_(True), Faq.live.is_not(None))


def _bodies() -> Select[tuple[str, int, dict[str, Any] | None]]:
    """Give each FAQ with its live body, or None."""
    fits = and_(FaqVersion.faq_id == Faq.id, FaqVersion.number == Faq.live, Faq.on.is_(True))
    return select(Faq.id, Faq.revision, FaqVersion.body).outerjoin(FaqVersion, fits)
