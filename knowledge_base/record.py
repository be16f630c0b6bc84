"""The rows of FAQs and their versions, and what can stand against a change of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.database import Base

WRITING = ("save", "restore", "review")
"""Actions that make a new text; whoever did the last of them is its author."""
ACTIONS = (*WRITING, "submit", "return", "publish", "confirm", "archive", "switch_on", "switch_off")


class FaqNotFound(LookupError):
    """There is no FAQ of this id, or it has no such version."""


class EditConflict(RuntimeError):
    """Somebody else changed the FAQ after this person had opened it."""

    def __init__(self, faq_id: str, seen: int, current: int, author: str, at: datetime) -> None:
        """Name the version the person saw, the one there is now, who wrote it and when."""
        super().__init__(f"{faq_id}: version {current} by {author} is newer than version {seen}")
        self.faq_id, self.seen, self.current, self.author, self.at = faq_id, seen, current, author, at


class SecondPersonNeeded(PermissionError):
    """A text must be published by somebody other than its author."""


class WrongState(ValueError):
    """The change does not fit the FAQ's state, such as publishing what is archived."""


class ReasonNeeded(ValueError):
    """The change must say why: whoever reads the history later was not there."""


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
    action: Mapped[str]  # one of ACTIONS
    author: Mapped[str]
    reason: Mapped[str]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(default=clock.now)
