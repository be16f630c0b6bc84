"""FAQs in the database: the row, its versions, and the one door for each change.

A change always writes the row, a version with its author and reason, an audit line and the revision in one transaction.
Citizens see the version that was last published (``live``), while a newer draft is being written.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import audit, clock, ids
from core.database import Base
from knowledge_base import revision
from knowledge_base.entry import Entry


class FaqNotFound(LookupError):
    """There is no FAQ of this id."""


class EditConflict(RuntimeError):
    """Somebody else changed the FAQ after this person had opened it."""

    def __init__(self, faq_id: str, seen: int, current: int, author: str) -> None:
        """Name the version the person saw, the one there is now, and who wrote it."""
        super().__init__(f"{faq_id}: version {current} by {author} is newer than version {seen}")
        self.faq_id, self.seen, self.current, self.author = faq_id, seen, current, author


class SecondPersonNeeded(PermissionError):
    """A text must be published by somebody other than its author."""


class WrongState(ValueError):
    """The change does not fit the FAQ's state, such as publishing what is archived."""


class Faq(Base):
    """One FAQ. ``state`` is that of the newest version; ``live`` is the number of the version citizens see, if any.

    ``on`` is the emergency switch: off takes the answer away at once and keeps its state. ``seeded`` is the body that the
    content files last wrote; a FAQ whose newest body differs from it was edited by staff.
    """

    __tablename__ = "faq"

    id: Mapped[str] = mapped_column(primary_key=True)
    group: Mapped[str] = mapped_column("faq_group", index=True)
    state: Mapped[str] = mapped_column(index=True)
    on: Mapped[bool] = mapped_column("is_on", default=True)
    version: Mapped[int]
    live: Mapped[int | None]
    body: Mapped[dict[str, Any]]
    seeded: Mapped[dict[str, Any] | None]
    review_by: Mapped[date] = mapped_column(index=True)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    revision: Mapped[int] = mapped_column(default=0, index=True)  # of the knowledge base at its last change


class FaqVersion(Base):
    """What a FAQ said after a change, and who made the change, when and why."""

    __tablename__ = "faq_version"
    __table_args__ = (UniqueConstraint("faq_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("fqv"))
    faq_id: Mapped[str] = mapped_column(ForeignKey("faq.id"))
    number: Mapped[int]
    action: Mapped[str]  # "save", "submit", "publish", "archive", "switch_on", "switch_off"
    author: Mapped[str]
    reason: Mapped[str]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(default=clock.now)


async def save(session: AsyncSession, entry: Entry, author: str, *, seen: int | None, reason: str = "") -> Faq:
    """Write a new text as a draft; what is live stays live until the draft is published.

    Args:
        session: A writing session.
        entry: The whole text.
        author: Who wrote it, "staff:<id>".
        seen: The version the author had opened, None for a new FAQ.
        reason: Why, in the author's words: "ค่าธรรมเนียมเปลี่ยน".

    Returns:
        The FAQ with its new version.

    Raises:
        EditConflict: Somebody else saved in between, or the id of a new FAQ is taken.
        FaqNotFound: ``seen`` was given but there is no such FAQ.
    """
    faq = await session.get(Faq, entry.id, with_for_update=True)
    if faq is None:
        if seen is not None:
            raise FaqNotFound(entry.id)
        faq = Faq(id=entry.id, version=0, live=None)
        session.add(faq)
    else:
        await _unchanged(session, faq, seen or 0)
    faq.group, faq.review_by, faq.body, faq.state = entry.group, entry.review_by, entry.body(), "draft"
    await _written(session, faq, "save", author, reason)
    return faq


async def submit(session: AsyncSession, faq_id: str, author: str, *, seen: int, reason: str = "") -> Faq:
    """Hand a draft to a second person for review."""
    faq = await _opened(session, faq_id, seen)
    if faq.state != "draft":
        raise WrongState(f"{faq_id} is {faq.state}, only a draft can be handed in for review")
    faq.state = "in_review"
    await _written(session, faq, "submit", author, reason)
    return faq


async def publish(session: AsyncSession, faq_id: str, author: str, *, seen: int, reason: str = "") -> Faq:
    """Make the newest text the one citizens see.

    Raises:
        SecondPersonNeeded: The same person wrote the text.
        WrongState: It is published already, or archived.
    """
    faq = await _opened(session, faq_id, seen)
    if faq.state not in ("draft", "in_review"):
        raise WrongState(f"{faq_id} is {faq.state}, only a draft or a text in review can be published")
    if await _writer(session, faq_id) == author:
        raise SecondPersonNeeded(faq_id)
    await _published(session, faq, author, reason)
    return faq


async def archive(session: AsyncSession, faq_id: str, author: str, *, seen: int, reason: str = "") -> Faq:
    """Take a FAQ out of use; saving it again brings it back as a draft."""
    faq = await _opened(session, faq_id, seen)
    if faq.state == "archived":
        raise WrongState(f"{faq_id} is archived already")
    faq.state, faq.live = "archived", None
    await _written(session, faq, "archive", author, reason)
    return faq


async def switch(session: AsyncSession, faq_id: str, author: str, *, on: bool, reason: str = "") -> Faq:
    """Switch one answer on or off at once. It asks for no version: stopping a wrong answer must never wait for an editor."""
    faq = await session.get(Faq, faq_id, with_for_update=True)
    if faq is None:
        raise FaqNotFound(faq_id)
    if faq.on != on:
        faq.on = on
        await _written(session, faq, "switch_on" if on else "switch_off", author, reason)
    return faq


async def seed_entry(session: AsyncSession, entry: Entry, author: str, *, state: str, reason: str) -> Faq:
    """Write a text from the content files in the state they give, without a second person: they were reviewed as files."""
    faq = await session.get(Faq, entry.id)
    faq = await save(session, entry, author, seen=faq.version if faq else None, reason=reason)
    faq.seeded = faq.body
    if state == "published":
        await _published(session, faq, author, reason)
    elif state == "archived":
        await archive(session, entry.id, author, seen=faq.version, reason=reason)
    else:
        faq.state = state
    return faq


async def history(session: AsyncSession, faq_id: str) -> Sequence[FaqVersion]:
    """All versions of a FAQ, newest first."""
    query = select(FaqVersion).where(FaqVersion.faq_id == faq_id).order_by(FaqVersion.number.desc())
    return (await session.scalars(query)).all()


async def live_entries(session: AsyncSession) -> list[Entry]:
    """What citizens may be told now: the published texts that are switched on, in the order of their ids."""
    query = (
        select(FaqVersion.body)
        .join(Faq, (Faq.id == FaqVersion.faq_id) & (Faq.live == FaqVersion.number))
        .where(Faq.on.is_(True))
        .order_by(Faq.id)
    )
    return [Entry.model_validate(body) for body in (await session.scalars(query)).all()]


async def _opened(session: AsyncSession, faq_id: str, seen: int) -> Faq:
    faq = await session.get(Faq, faq_id, with_for_update=True)
    if faq is None:
        raise FaqNotFound(faq_id)
    await _unchanged(session, faq, seen)
    return faq


async def _unchanged(session: AsyncSession, faq: Faq, seen: int) -> None:
    if faq.version != seen:
        newest = (await history(session, faq.id))[0]
        raise EditConflict(faq.id, seen, faq.version, newest.author)


async def _writer(session: AsyncSession, faq_id: str) -> str:
    """Tell who wrote the newest text."""
    return next(version.author for version in await history(session, faq_id) if version.action == "save")


async def _published(session: AsyncSession, faq: Faq, author: str, reason: str) -> None:
    faq.state, faq.live = "published", faq.version + 1
    await _written(session, faq, "publish", author, reason)


async def _written(session: AsyncSession, faq: Faq, action: str, author: str, reason: str) -> None:
    """Close a change: its version, its audit line and the revision."""
    faq.version += 1
    faq.changed_at = clock.now()
    await session.flush()  # the row must exist before its version does
    session.add(FaqVersion(faq_id=faq.id, number=faq.version, action=action, author=author, reason=reason, body=faq.body))
    audit.record(session, author, f"faq.{action}", f"faq:{faq.id}", version=faq.version)
    faq.revision = await revision.advance(session)
