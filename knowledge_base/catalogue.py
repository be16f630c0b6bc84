"""The catalogue: all FAQs as their curators look through them, drafts and archived ones too."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from core import thai
from knowledge_base.record import Faq

STATES = ("draft", "in_review", "published", "archived")
LONGEST = 200  # letters of a search that are looked at
_SORTS: dict[str, tuple[InstrumentedAttribute[str] | InstrumentedAttribute[date], bool]] = {
    "id": (Faq.id, False),
    "changed": (Faq.changed_at, True),
    "review": (Faq.review_by, False),
}
SORTS = tuple(_SORTS)


@dataclass(frozen=True)
class Counts:
    """How many FAQs there are: by the state of the newest text, seen by citizens, switched off, due for review."""

    draft: int
    in_review: int
    published: int
    archived: int
    off: int
    due: int


async def listing(
    session: AsyncSession,
    *,
    text: str = "",
    group: str = "",
    agency: str = "",
    state: str = "",
    on: bool | None = None,
    review_before: date | None = None,
    verified: bool | None = None,
    sort: str = "id",
    limit: int = 50,
    after: str = "",
) -> Sequence[Faq]:
    """A page of FAQs in one statement, each with its newest text.

    Args:
        session: Any session.
        text: Words that must all stand in the id, the questions, the summary or the variants: "บัตร หาย".
        group: Only this group.
        agency: Only those whose agency's name holds this: "การปกครอง".
        state: "draft", "in_review" or "archived" by the newest text; "published" for all that citizens may see, those with a
            newer draft too. Unknown states find nothing.
        on: Only those switched on, or off.
        review_before: Only those citizens see whose review is due on this day or before it.
        verified: Only those the agency confirmed, or not.
        sort: "id", "changed" (newest first) or "review" (soonest first).
        limit: The most rows; ask for one more than you show to learn whether there is a next page.
        after: The id of the row after which to go on, empty for the first page.

    Returns:
        The rows. A search without any hit reads all texts: 1 s for 50,000 FAQs on SQLite, 5 ms for 150.
    """
    query = select(Faq.id).where(*(_says(word) for word in text[:LONGEST].split()))
    if group:
        query = query.where(Faq.group == group)
    if agency:
        query = query.where(Faq.body["agency"].as_string().icontains(agency[:LONGEST], autoescape=True))
    if state:
        query = query.where(Faq.live.is_not(None) if state == "published" else Faq.state == state)
    if on is not None:
        query = query.where(Faq.on.is_(on))
    if review_before is not None:
        query = query.where(_due(review_before))
    if verified is not None:
        query = query.where(Faq.body["verified"].as_boolean().is_(verified))
    column, falls = _SORTS.get(sort, _SORTS["id"])
    if after:
        query = query.where(_after(column, falls, after))
    order = (column.desc(), Faq.id.desc()) if falls else (column, Faq.id)
    # Ids are sorted first: to sort whole texts would take a second for 50,000.
    page = select(Faq).where(Faq.id.in_(query.order_by(*order).limit(limit))).order_by(*order)
    return (await session.scalars(page)).all()


async def due_for_review(session: AsyncSession, before: date, limit: int = 500) -> Sequence[Faq]:
    """FAQs to be read over on this day or earlier, the longest overdue first."""
    return await listing(session, review_before=before, sort="review", limit=limit)


async def counts(session: AsyncSession, today: date) -> Counts:
    """How many there are of each kind, in one statement."""
    kinds = [
        *(Faq.live.is_not(None) if state == "published" else Faq.state == state for state in STATES),
        and_(Faq.on.is_(False), Faq.live.is_not(None)),
        _due(today),
    ]
    # One count for each, so that each can use its index: the whole rows are a hundred times larger.
    counted = (select(func.count()).select_from(Faq).where(kind).scalar_subquery() for kind in kinds)
    return Counts(*(await session.execute(select(*counted))).one())


async def groups(session: AsyncSession) -> Sequence[str]:
    """The groups that FAQs are in."""
    return (await session.scalars(select(Faq.group).distinct().order_by(Faq.group))).all()


async def doubles(session: AsyncSession, variants: Sequence[str], but: str = "") -> dict[str, str]:
    """Which ways to ask stand word for word in another FAQ that is not archived.

    Args:
        session: Any session.
        variants: Ways to ask, at most a few hundred: "บัตรหายทำไง".
        but: The FAQ they belong to.

    Returns:
        The variants that are there, each with the id of a FAQ that has it.
    """
    if not variants:
        return {}
    others = (Faq.id != but, Faq.state != "archived")
    title = Faq.body["question"]["th"].as_string()
    titles = select(title, Faq.id).where(*others, title.in_(variants))
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(Faq.body, "$.variants").table_valued("value")
    else:
        each = func.json_array_elements_text(Faq.body["variants"]).table_valued("value")
    listed = select(each.c.value, Faq.id).select_from(Faq).join(each, true()).where(*others, each.c.value.in_(variants))
    found: dict[str, str] = {}
    for query in (titles, listed):
        for variant, faq_id in await session.execute(query.order_by(Faq.id)):
            found.setdefault(variant, faq_id)
    return found


def _due(day: date) -> ColumnElement[bool]:
    return and_(Faq.review_by <= day, Faq.live.is_not(None))


def _says(word: str) -> ColumnElement[bool]:
    """The word as typed or in its right spelling, in the id or in a part that says what the FAQ is about.

    The text as it is stored is looked through first, where letters beyond ASCII are numbers: few texts are then taken apart.
    """
    spellings = {word, thai.normalise(word) or word}
    stored = {json.dumps(one)[1:-1] for one in spellings}
    parts = [Faq.body[part][language].as_string() for part in ("question", "summary") for language in ("th", "en")]
    exact = or_(
        *(part.icontains(one, autoescape=True) for one in spellings for part in parts),
        *(cast(Faq.body["variants"], String).icontains(one, autoescape=True) for one in stored),
    )
    anywhere = or_(*(_holds(cast(Faq.body, String), one, cased=word.isascii()) for one in stored))
    return or_(Faq.id.icontains(word, autoescape=True), and_(anywhere, exact))


def _holds(column: ColumnElement[str], text: str, *, cased: bool) -> ColumnElement[bool]:
    """Whether the text is in it; letters without capitals are compared as they are, which is quicker."""
    return column.icontains(text, autoescape=True) if cased else column.contains(text, autoescape=True)


def _after(column: InstrumentedAttribute[str] | InstrumentedAttribute[date], falls: bool, faq_id: str) -> ColumnElement[bool]:
    """Whatever comes after this FAQ in the order; ids tell those apart that are equal."""
    if column is Faq.id:
        return Faq.id > faq_id
    there = select(column).where(Faq.id == faq_id).scalar_subquery()
    if falls:
        return or_(column < there, and_(column == there, Faq.id < faq_id))
    return or_(column > there, and_(column == there, Faq.id > faq_id))
