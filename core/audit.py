"""The audit log: who changed or read what, kept in the same transaction as the change itself."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.database import Base


class AuditEntry(Base):
    """One line of the audit log. It names things by id and never holds personal data itself."""

    __tablename__ = "audit"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("aud"))
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    actor: Mapped[str]  # "citizen:<person id>", "staff:<id>", "bot", "system", "cli"
    action: Mapped[str]  # "case.open", "faq.publish", ...
    subject: Mapped[str] = mapped_column(index=True)  # "case:P69-000123-8"
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


def record(session: AsyncSession, actor: str, action: str, subject: str, **detail: Any) -> None:
    """Add one line to the log in the caller's transaction."""
    session.add(AuditEntry(actor=actor, action=action, subject=subject, detail=detail))
