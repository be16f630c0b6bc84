"""Identities: which account of a sign-in provider (OpenID Connect) belongs to which member of staff.

A provider says who somebody is by a subject that never changes; what they may do is said by their roles here, nowhere else.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base
from helpdesk import staff
from helpdesk.staff import Member
from helpdesk.staff_error import StaffError

LONGEST_SUBJECT = 255  # characters, by OpenID Connect Core


class Identity(Base):
    """One provider's account of one member."""

    __tablename__ = "staff_identity"
    __table_args__ = (UniqueConstraint("staff_id", "provider"),)

    provider: Mapped[str] = mapped_column(primary_key=True)  # its name in the settings
    subject: Mapped[str] = mapped_column(primary_key=True)  # the provider's ``sub``
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    linked_at: Mapped[datetime] = mapped_column(default=clock.now)


async def find(session: AsyncSession, provider: str, subject: str) -> Member | None:
    """The member whose account this is, if they may log in."""
    row = await session.get(Identity, (provider, subject))
    return await staff.find(session, row.staff_id) if row is not None else None


async def link(session: AsyncSession, staff_id: str, provider: str, subject: str, *, actor: str) -> Member:
    """Let this account of a provider log the member in; the member's sessions end.

    Raises:
        StaffError: for an unknown member, a malformed subject, one that is somebody else's, or a second one of a provider.
    """
    if not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise StaffError("subject_malformed")
    changed = await staff.touch(session, staff_id, "staff.identity.link", actor=actor, provider=provider)
    if await session.get(Identity, (provider, subject)) is not None:
        raise StaffError("subject_taken")
    if await _of(session, staff_id, provider) is not None:
        raise StaffError("identity_taken")
    session.add(Identity(provider=provider, subject=subject, staff_id=staff_id))
    await session.flush()
    return changed


async def link_by_email(session: AsyncSession, provider: str, subject: str, email: str) -> Member | None:
    """Link the member whose login is this e-mail address, which the provider must have verified; at the first sign-in only.

    Nobody who is locked, and nobody who has an account of this provider already: an address may be given to a newcomer.
    """
    row = await staff.named(session, email) if email else None
    if row is None or row.locked_at is not None or await _of(session, row.id, provider) is not None:
        return None
    if await session.get(Identity, (provider, subject)) is not None:
        return None
    return await link(session, row.id, provider, subject, actor=f"oidc:{provider}")


async def unlink(session: AsyncSession, staff_id: str, provider: str, *, actor: str) -> Member:
    """Let the provider log the member in no longer; their sessions end.

    Raises:
        StaffError: for an unknown member or one without an account of this provider.
    """
    changed = await staff.touch(session, staff_id, "staff.identity.unlink", actor=actor, provider=provider)
    row = await _of(session, staff_id, provider)
    if row is None:
        raise StaffError("identity_unknown")
    await session.delete(row)
    return changed


async def everybodys(session: AsyncSession) -> Mapping[str, Sequence[Identity]]:
    """All identities by the member's id."""
    found: dict[str, list[Identity]] = defaultdict(list)
    for row in await session.scalars(select(Identity).order_by(Identity.provider)):
        found[row.staff_id].append(row)
    return found


async def _of(session: AsyncSession, staff_id: str, provider: str) -> Identity | None:
    asked = select(Identity).where(Identity.staff_id == staff_id, Identity.provider == provider)
    found: Identity | None = await session.scalar(asked)
    return found
