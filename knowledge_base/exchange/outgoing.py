"""Out: FAQs from the database into a file."""

import asyncio
from collections.abc import AsyncIterator
from typing import IO, Any

from sqlalchemy import Select, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base.entry import Entry
from knowledge_base.exchange.exported import Exported
from knowledge_base.exchange.formats import FORMATS, Kind
from knowledge_base.faq import Faq, FaqVersion

_AT_ONCE = 200  # FAQs in memory


async def export(session: AsyncSession, file: IO[bytes], kind: Kind, *, group: str = "", live: bool = False) -> int:
    """Write FAQs into a file, in the order of their ids.

    Args:
        session: A reading session.
        file: Where to; it stays open.
        kind: "yaml", "csv" or "xlsx".
        group: Only this group; empty for all.
        live: What citizens are told now, instead of the newest text of every FAQ.

    Returns:
        How many FAQs were written.

    Raises:
        TooLong: a part does not fit into a cell of Excel.
    """
    writer = FORMATS[kind].writer(file)
    written = 0
    async for rows in _chunks(session, _chosen(group, live)):
        await asyncio.to_thread(writer.add, rows)
        written += len(rows)
    await asyncio.to_thread(writer.close)
    return written


def _chosen(group: str, live: bool) -> Select[Any]:
    if live:
        query = select(Faq.id, FaqVersion.body, FaqVersion.number, literal("published"), Faq.on)
        query = query.join(FaqVersion, (Faq.id == FaqVersion.faq_id) & (Faq.live == FaqVersion.number)).where(Faq.on.is_(True))
    else:
        query = select(Faq.id, Faq.body, Faq.version, Faq.state, Faq.on)
    return (query.where(Faq.group == group) if group else query).order_by(Faq.id).limit(_AT_ONCE)


async def _chunks(session: AsyncSession, query: Select[Any]) -> AsyncIterator[list[Exported]]:
    last = ""
    while rows := (await session.execute(query.where(Faq.id > last))).all():
        last = rows[-1][0]
        yield [Exported(Entry.model_validate(body), version, state, on) for _, body, version, state, on in rows]
