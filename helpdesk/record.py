"""The tables of the help desk. Only `helpdesk.case` writes them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.database import Base

# who an event of the history came from or what it was
OPENED, STATE, ADDED, DISPUTED, NOTE = "opened", "state", "added", "disputed", "note"
FORWARDED, INVITED, DISMISSED, LATE = "forwarded", "invited", "dismissed", "late"
# what a picture shows
BEFORE, AFTER, LATER = "before", "after", "added"


class Case(Base):
    """What was reported, and where it stands.

    ``title``, ``description``, ``place_text`` and ``contact`` are the citizen's own words and may hold personal data: the
    public sees `helpdesk.public.public_view` only. ``version`` counts state changes, so that an officer who read an older
    one is told so. ``state_at`` is when the state last changed, ``changed_at`` when anything did.
    """

    __tablename__ = "cases"  # not "case", which is a word of SQL

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("cas"))
    number: Mapped[str] = mapped_column(unique=True)
    key: Mapped[str] = mapped_column(unique=True)  # of the cause: a repeat finds the first case
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    category: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    description: Mapped[str]
    place_text: Mapped[str]
    province: Mapped[str | None]
    district: Mapped[str | None]
    subdistrict: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    happened_at: Mapped[str | None]  # in the citizen's words: "เมื่อคืนประมาณสองทุ่ม"
    contact: Mapped[str | None]  # personal data, kept only with consent
    consent_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(index=True)
    unit: Mapped[str]  # what citizens read
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agency.id"), index=True)  # None: the city's
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    routed_because: Mapped[str] = mapped_column(default="")  # why it is theirs, in Thai
    hops: Mapped[int] = mapped_column(default=0)  # how often it was handed from agency to agency
    first_due_at: Mapped[datetime | None]  # when a person must have answered at the latest
    first_answered_at: Mapped[datetime | None]
    update_due_at: Mapped[datetime | None]  # when the citizen must hear again
    solve_due_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # the first of those that run; None while nothing runs
    escalate_at: Mapped[datetime | None] = mapped_column(index=True)  # the first of those of whose breach nobody was told
    paused_at: Mapped[datetime | None]  # waiting for the citizen since
    paused_for: Mapped[int] = mapped_column(default=0)  # seconds of office hours waited for the citizen since `solve_from`
    news_at: Mapped[datetime | None]  # when the citizen last heard from a person
    solve_from: Mapped[datetime | None]  # when the time for the solution began: opened or reopened
    late_told: Mapped[list[Any]] = mapped_column(default=list)  # clocks whose breach was told: "first", "update", "solve"
    priority: Mapped[str] = mapped_column(default="normal")
    confidential: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
    last_sequence: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(index=True)
    state_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)


class CaseEvent(Base):
    """One line of a case's history. ``sequence`` counts from 1 within the case; ``key`` makes a repeat harmless.

    ``public`` events may be shown to everybody once masked. The others are for staff, the citizen's additions for the
    reporter as well.
    """

    __tablename__ = "case_event"
    __table_args__ = (UniqueConstraint("case_id", "sequence"), UniqueConstraint("case_id", "key"))

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("cev"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    sequence: Mapped[int]
    key: Mapped[str]
    kind: Mapped[str]  # one of the words above
    state: Mapped[str]  # the case's state after it
    text: Mapped[str]
    public: Mapped[bool]
    actor: Mapped[str]
    detail: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class CaseConversation(Base):
    """A conversation in which a case is spoken of; either may have many of the other."""

    __tablename__ = "case_conversation"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True, index=True)


class CaseAttachment(Base):
    """A picture or file of a case: ``before`` (with the report), ``after`` (with done) or ``added`` (in between)."""

    __tablename__ = "case_attachment"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"), primary_key=True, index=True)
    role: Mapped[str]
    event_id: Mapped[str] = mapped_column(ForeignKey("case_event.id"))
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
