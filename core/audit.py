"""The audit log: who changed or read what, kept in the same transaction as the change itself.

It only grows: the database itself refuses to change or delete a line (see `_GUARDS`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import DDL, Index, Select, event, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.database import Base


class AuditEntry(Base):
    """One line of the audit log. It names things by id and never holds personal data itself."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_actor", "actor", "id"), Index("ix_audit_action", "action", "id"))

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("aud"))
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    actor: Mapped[str]  # "citizen:<person id>", "staff:<id>", "bot", "system", "cli"
    action: Mapped[str]  # "case.open", "faq.publish", ...
    subject: Mapped[str] = mapped_column(index=True)  # "case:P69-000123-8"
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


@dataclass(frozen=True)
class Filter:
    """Which lines are wanted; what is empty does not narrow. Times are aware: from ``since`` on, before ``until``."""

    actor: str = ""
    action: str = ""  # "case.read", or all of an area: "case"
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def record(session: AsyncSession, actor: str, action: str, subject: str, /, **detail: Any) -> None:
    """Add one line to the log in the caller's transaction; a detail may have any name."""
    session.add(AuditEntry(actor=actor, action=action, subject=subject, detail=detail))


async def find(session: AsyncSession, wanted: Filter, limit: int, before: str = "") -> Sequence[AuditEntry]:
    """The newest ``limit`` lines, older than the line with the id ``before`` when one is given.

    An area's actions are asked for one by one, each along its index: with one condition for all, databases read the whole log.
    """
    asked = _narrowed(wanted).order_by(AuditEntry.id.desc()).limit(limit)
    if before:
        asked = asked.where(AuditEntry.id < before)
    if not wanted.action:
        return list(await session.scalars(asked))
    found: list[AuditEntry] = []
    for action in await _actions(session, wanted.action):
        found += await session.scalars(asked.where(AuditEntry.action == action))
    return sorted(found, key=lambda row: row.id, reverse=True)[:limit]


def _narrowed(wanted: Filter) -> Select[AuditEntry]:
    asked = select(AuditEntry)
    if wanted.actor:
        asked = asked.where(AuditEntry.actor == wanted.actor)
    if wanted.subject:
        asked = asked.where(AuditEntry.subject == wanted.subject)
    if wanted.since is not None:
        asked = asked.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        asked = asked.where(AuditEntry.at < wanted.until)
    return asked


async def _actions(session: AsyncSession, area: str) -> list[str]:
    """The actions that were ever recorded and are ``area`` or within it, found by jumps along the index of actions."""
    kinds = select(func.min(AuditEntry.action).label("action")).cte("kinds", recursive=True)
    following = select(func.min(AuditEntry.action)).where(AuditEntry.action > kinds.c.action).scalar_subquery()
    every = kinds.union_all(select(following).where(kinds.c.action.is_not(None)))
    known = await session.scalars(select(every.c.action).where(every.c.action.is_not(None)))
    return [action for action in known if action == area or action.startswith(f"{area}.")]


_GUARDS = (
    (
        "sqlite",
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END",
    ),
    (
        "sqlite",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END",
    ),
    (
        "postgresql",
        "CREATE OR REPLACE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log only grows' USING ERRCODE = 'restrict_violation'; END $$",
    ),
    (
        "postgresql",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()",
    ),
)
for _dialect, _statement in _GUARDS:
    event.listen(AuditEntry.__table__, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
