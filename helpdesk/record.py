"""The tables of the help desk. Only `helpdesk.case` writes them."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.database import Base
from helpdesk import staff  # noqa: F401 - declares the table of assignees

# who an event of the history came from or what it was
OPENED, STATE, ADDED, DISPUTED, NOTE = "opened", "state", "added", "disputed", "note"
FORWARDED, INVITED, DISMISSED, LATE = "forwarded", "invited", "dismissed", "late"
ASSIGNED, PRIORITY, LABELLED = "assigned", "priority", "labelled"
JOINED, MERGED, ABSORBED, SPLIT, RELATED, RATED = "joined", "merged", "absorbed", "split", "related", "rated"
# what a picture shows
BEFORE, AFTER, LATER, INTERNAL = "before", "after", "added", "internal"


class Case(Base):
    """What was reported, and where it stands.

    ``title``, ``description``, ``place_text`` and ``contact`` are the citizen's own words and may hold personal data: the
    public sees `helpdesk.public.public_view` only. ``version`` counts changes of state, assignee, priority and labels, so
    that an officer who read an older one is told so. ``state_at`` is when the state last changed, ``solved_at`` when the case
    was done (None again once it is reopened), ``changed_at`` when anything happened. ``merged_into`` is the case that goes on
    in its place; that one is never merged itself. Ids sort by the time of opening. ``link_key`` is the secret of the address
    that is given to the reporter only: numbers are given out in order and can be guessed.
    """

    __tablename__ = "cases"  # not "case", which is a word of SQL
    __table_args__ = (
        Index("ix_cases_state_id", "state", "id"),
        Index("ix_cases_category_id", "category", "id"),
        Index("ix_cases_assignee_id", "assignee", "id"),
        Index("ix_cases_near", "category", "latitude"),
        Index("ix_cases_place_key", "place_key"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("cas"))
    number: Mapped[str] = mapped_column(unique=True)
    key: Mapped[str] = mapped_column(unique=True)  # of the cause: a repeat finds the first case
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    category: Mapped[str]
    title: Mapped[str]
    description: Mapped[str]
    place_text: Mapped[str]
    place_key: Mapped[str] = mapped_column(default="")  # the named place, spelled one way; see `helpdesk.duplicates`
    province: Mapped[str | None]
    district: Mapped[str | None]
    subdistrict: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    happened_at: Mapped[str | None]  # in the citizen's words: "เมื่อคืนประมาณสองทุ่ม"
    contact: Mapped[str | None]  # personal data, kept only with consent
    consent_at: Mapped[datetime | None]
    state: Mapped[str]
    unit: Mapped[str]  # what citizens read
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agency.id"), index=True)  # None: the city's
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    routed_because: Mapped[str] = mapped_column(default="")  # why it is theirs, in Thai
    hops: Mapped[int] = mapped_column(default=0)  # how often it was handed from agency to agency
    first_due_at: Mapped[datetime | None] = mapped_column(index=True)  # when a person must have answered at the latest
    first_answered_at: Mapped[datetime | None]
    update_due_at: Mapped[datetime | None]  # when the citizen must hear again
    solve_due_at: Mapped[datetime | None] = mapped_column(index=True)
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
    source: Mapped[str] = mapped_column(default="")  # the channel it was told on, or walk_in, phone_1111, phone_1567
    assignee: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    solved_at: Mapped[datetime | None] = mapped_column(index=True)
    rating: Mapped[int | None]  # 1 to 5 stars
    rating_text: Mapped[str | None]
    rated_at: Mapped[datetime | None] = mapped_column(index=True)
    link_key: Mapped[str] = mapped_column(default=lambda: secrets.token_urlsafe(12))


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
    """A picture or file of a case.

    ``before`` came with the report, ``after`` with done, ``added`` in between; ``internal`` is staff's own.
    """

    __tablename__ = "case_attachment"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"), primary_key=True, index=True)
    role: Mapped[str]
    event_id: Mapped[str] = mapped_column(ForeignKey("case_event.id"))
    added_at: Mapped[datetime] = mapped_column(default=clock.now)


class CaseLabel(Base):
    """A word that staff put on a case: ``ซ้ำซาก``."""

    __tablename__ = "case_label"
    __table_args__ = (Index("ix_case_label_label", "label", "case_id"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)


class CaseFollower(Base):
    """Somebody who hears of a case without having reported it: they ``joined`` it, or theirs was ``merged`` into it."""

    __tablename__ = "case_follower"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    why: Mapped[str]
    since: Mapped[datetime] = mapped_column(default=clock.now)


class CaseRelation(Base):
    """Two cases that have to do with each other; both directions are kept. ``kind``: related, or split from."""

    __tablename__ = "case_relation"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    kind: Mapped[str]


class CaseWord(Base):
    """A word by which a case is found. Words are compared letter by letter, so that a beginning of one is a range of the key."""

    __tablename__ = "case_word"

    word: Mapped[str] = mapped_column(String().with_variant(String(collation="C"), "postgresql"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
