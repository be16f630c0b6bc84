"""Reading: what the public pages need of the FAQs, without loading every text to show one."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import nlargest
from operator import itemgetter
from types import MappingProxyType

from sqlalchemy import ColumnElement, Row, Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from knowledge_base.entry import Entry
from knowledge_base.faq import Faq, FaqVersion
from knowledge_base.use import FaqUse

_RECENT = 20
_READ_BY_PEOPLE = ("answered", "chosen", "viewed")


@dataclass(frozen=True, slots=True)
class Title:
    """A live FAQ in a list: its question in both languages, when it was last read over and when its text went live.

    ``folded`` holds both questions without capitals, to look words up in.
    """

    id: str
    group: str
    th: str
    en: str
    reviewed: date | None
    changed: datetime
    folded: str


@dataclass(frozen=True)
class Shelf:
    """The titles of all live FAQs at one moment, in the order of their ids. Immutable.

    ``recent`` are some that were read over last, newest first.
    """

    titles: Mapping[str, Title]
    groups: Mapping[str, Sequence[Title]]
    recent: Sequence[Title] = ()

    def containing(self, words: Collection[str], limit: int) -> list[Title]:
        """The ones whose question holds every word, in either language and whatever its capitals: {"ใบขับขี่", "หาย"}."""
        wanted = [word.casefold() for word in words]
        if not wanted:
            return []
        first, *others = wanted
        holding = [title for title in self.titles.values() if first in title.folded]
        return [title for title in holding if all(word in title.folded for word in others)][:limit]


_EMPTY = Shelf(MappingProxyType({}), MappingProxyType({}))


class Catalogue:
    """Keeps a `Shelf` for the lifetime of one process and follows the curators' changes: each look reads what changed only."""

    def __init__(self, database: Database) -> None:
        """Load nothing yet."""
        self._database = database
        self._shelf = _EMPTY
        self._revision = -1  # of the newest change that the shelf holds
        self._looking = asyncio.Lock()

    async def shelf(self) -> Shelf:
        """The titles as they are in the database now."""
        async with self._looking:
            async with self._database.read() as session:
                rows = (await session.execute(_changed_since(self._revision))).all()
            if rows:
                # Numbers follow commits, so whoever sees a revision has seen all before it.
                self._shelf = await asyncio.to_thread(_rearranged, self._shelf, rows)
                self._revision = max(row.revision for row in rows)
            return self._shelf


async def live_entry(session: AsyncSession, faq_id: str) -> Entry | None:
    """The text citizens may read now; None if there is none, or none any more."""
    return (await live_among(session, [faq_id])).get(faq_id)


async def live_among(session: AsyncSession, faq_ids: Collection[str]) -> dict[str, Entry]:
    """The live texts of some FAQs by their ids; those that are not live are missing."""
    query = select(FaqVersion.body).join(Faq, _is_live_version()).where(Faq.id.in_(faq_ids), Faq.on.is_(True))
    entries = [Entry.model_validate(body) for body in await session.scalars(query)]
    return {entry.id: entry for entry in entries}


async def was_public(session: AsyncSession, faq_id: str) -> bool:
    """Whether citizens could ever read a FAQ: a page they kept an address of is gone, not unknown."""
    published = exists().where(FaqVersion.faq_id == faq_id, FaqVersion.action == "publish")
    return bool(await session.scalar(select(published)))


async def most_read(session: AsyncSession, since: date, limit: int) -> list[str]:
    """The ids of the FAQs that were answered, chosen or opened most since a day in Bangkok, most first."""
    times = func.sum(FaqUse.times)
    query = select(FaqUse.faq_id).where(FaqUse.day >= since, FaqUse.kind.in_(_READ_BY_PEOPLE))
    return list(await session.scalars(query.group_by(FaqUse.faq_id).order_by(times.desc(), FaqUse.faq_id).limit(limit)))


def _is_live_version() -> ColumnElement[bool]:
    return (Faq.id == FaqVersion.faq_id) & (Faq.live == FaqVersion.number)


def _changed_since(revision: int) -> Select[tuple[str, bool, int, datetime, str, str, str, str]]:
    """What a title needs of every FAQ that changed after a revision, also of those that are not live any more."""
    body = FaqVersion.body
    return (
        select(
            Faq.id,
            Faq.on,
            Faq.revision,
            FaqVersion.at,
            body["group"].as_string().label("section"),
            body[("question", "th")].as_string().label("th"),
            body[("question", "en")].as_string().label("en"),
            body["reviewed"].as_string().label("reviewed"),
        )
        .outerjoin(FaqVersion, _is_live_version())
        .where(Faq.revision > revision)
    )


def _rearranged(shelf: Shelf, rows: Sequence[Row[tuple[str, bool, int, datetime, str, str, str, str]]]) -> Shelf:
    """A new shelf with the changes in it."""
    titles = dict(shelf.titles)
    for row in rows:
        titles.pop(row.id, None)
        if row.on and row.at is not None:
            reviewed = date.fromisoformat(row.reviewed) if row.reviewed else None
            folded = f"{row.th}\n{row.en}".casefold()
            titles[row.id] = Title(row.id, row.section, row.th, row.en, reviewed, row.at, folded)
    titles = dict(sorted(titles.items()))
    groups: defaultdict[str, list[Title]] = defaultdict(list)
    for title in titles.values():
        groups[title.group].append(title)
    read_over = ((title.reviewed, title.changed, title) for title in titles.values() if title.reviewed)
    recent = nlargest(_RECENT, read_over, key=itemgetter(0, 1))
    return Shelf(titles, dict(groups), [title for _, _, title in recent])
