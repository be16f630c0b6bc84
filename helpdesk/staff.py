"""Staff: the people who work in the console, and the only doors through which they change.

Every door works in the caller's transaction and writes the audit line with the change. Whoever's password, roles or lock
changed must log in again: `Member.changed_at` tells a session that it is older than that.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import audit, clock, ids
from core.database import Base, Database
from helpdesk import password as passwords
from helpdesk.role import RIGHTS, TITLES, Role
from helpdesk.staff_error import StaffError

__all__ = ["RIGHTS", "TITLES", "Member", "Role", "Staff", "StaffError"]

LONGEST_NAME = 80  # characters
TEMPORARY = timedelta(days=7)  # how long a password works that somebody else gave
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_PREFIX = "staff:"
_NEVER = datetime(1, 1, 1, tzinfo=UTC)
_OTHERS = {
    "system": "ระบบ",
    "system:content": "เนื้อหาตั้งต้น",
    "cli": "ผู้ดูแลเครื่อง",
    "bot": "ผู้ช่วยอัตโนมัติ",
}


class Staff(Base):
    """One member of staff. ``roles`` are names of `Role`; a locked member keeps their name on what they did."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("stf"))
    login: Mapped[str] = mapped_column(unique=True)  # lower case, like "curator@demo"
    name: Mapped[str]  # as colleagues see it
    password: Mapped[str]  # its argon2id hash
    roles: Mapped[list[Any]]
    locked_at: Mapped[datetime | None]
    password_until: Mapped[datetime | None] = mapped_column(default=None)  # a temporary one; the member is to choose their own
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)  # of password, roles or lock: older sessions end


@dataclass(frozen=True)
class Member:
    """A member of staff as the rest of the system sees them: no password, and what they may do."""

    id: str
    login: str
    name: str
    roles: frozenset[str]  # names of `Role`
    changed_at: datetime = _NEVER
    must_change: bool = False  # their password is a temporary one

    @property
    def actor(self) -> str:
        """How histories and the audit log name them: ``staff:stf_…``."""
        return _PREFIX + self.id

    def may(self, right: str) -> bool:
        """Whether one of their roles has the right; the empty right everybody has who is logged in.

        Raises:
            KeyError: for a right that does not exist.
        """
        return not right or not RIGHTS[right].isdisjoint(self.roles)


async def add(
    session: AsyncSession,
    login: str,
    name: str,
    roles: Collection[str],
    password: str,
    *,
    actor: str,
    temporary: bool = False,
) -> Member:
    """Take somebody in; a ``temporary`` password works for a week and must be changed at the first log-in.

    Raises:
        StaffError: for a login that is malformed or taken, a missing name, an unknown role, or a bad password.
    """
    login, name = _login(login), _name(name)
    _check_roles(roles)
    _check_password(login, password)
    if await session.scalar(select(Staff.id).where(Staff.login == login)) is not None:
        raise StaffError("login_taken")
    row = Staff(login=login, name=name, password=await passwords.hashed(password), roles=sorted(set(roles)), locked_at=None)
    row.password_until = _until(temporary)
    session.add(row)
    await session.flush()
    audit.record(session, actor, "staff.add", _PREFIX + row.id, roles=row.roles)
    return _member(row)


async def change_password(session: AsyncSession, staff_id: str, password: str, *, actor: str, temporary: bool = False) -> Member:
    """Give a new password, for a week only when it is ``temporary``; all sessions with the old one end.

    Raises:
        StaffError: for an unknown member or a bad password.
    """
    row = await _row(session, staff_id)
    _check_password(row.login, password)
    row.password, row.password_until = await passwords.hashed(password), _until(temporary)
    return await _changed(session, row, actor, "staff.password")


async def set_roles(session: AsyncSession, staff_id: str, roles: Collection[str], *, actor: str) -> Member:
    """Give other roles instead of the present ones.

    Raises:
        StaffError: for an unknown member or role, for none, or when nobody else is administrator.
    """
    _check_roles(roles)
    row = await _row(session, staff_id)
    if Role.ADMINISTRATOR not in roles:
        await _keep_an_administrator(session, row)
    row.roles = sorted(set(roles))
    return await _changed(session, row, actor, "staff.roles", roles=row.roles)


async def lock(session: AsyncSession, staff_id: str, *, actor: str) -> Member:
    """End somebody's access at once; nothing they did is lost.

    Raises:
        StaffError: for an unknown member, or when nobody else is administrator.
    """
    row = await _row(session, staff_id)
    await _keep_an_administrator(session, row)
    row.locked_at = clock.now()
    return await _changed(session, row, actor, "staff.lock")


async def unlock(session: AsyncSession, staff_id: str, *, actor: str) -> Member:
    """Let somebody in again.

    Raises:
        StaffError: for an unknown member.
    """
    row = await _row(session, staff_id)
    row.locked_at = None
    return await _changed(session, row, actor, "staff.unlock")


async def touch(session: AsyncSession, staff_id: str, action: str, *, actor: str, **detail: Any) -> Member:
    """Write ``action`` into the audit log and end all of the member's sessions: for what else belongs to their access.

    Raises:
        StaffError: for an unknown member.
    """
    return await _changed(session, await _row(session, staff_id), actor, action, **detail)


async def check(database: Database, login: str, password: str) -> Member | None:
    """Whoever has this login and password and is not locked; it takes the same time whether the login exists or not.

    The hash is worked out while no transaction is open, since one takes some 60 ms and SQLite has one writer.
    """
    async with database.read() as session:
        row = await session.scalar(select(Staff).where(Staff.login == login.strip().lower()))
    right = await passwords.fits(row.password if row is not None else None, password[: passwords.LONGEST + 1])
    if row is None or not right or row.locked_at is not None or _expired(row):
        return None
    if passwords.outdated(row.password):
        await _hash_anew(database, row, password)
    return _member(row)


def record_login(session: AsyncSession, member: Member, method: str = "password") -> None:
    """Write into the audit log that somebody logged in, and how: with their password or by which provider."""
    audit.record(session, member.actor, "staff.login", member.actor, method=method)


async def find(session: AsyncSession, staff_id: str) -> Member | None:
    """The member with this id who may log in; nobody who is locked."""
    row = await session.get(Staff, staff_id)
    return _member(row) if row is not None and row.locked_at is None else None


async def everybody(session: AsyncSession) -> Sequence[Staff]:
    """All rows, locked ones last, by login."""
    return (await session.scalars(select(Staff).order_by(Staff.locked_at.is_not(None), Staff.login))).all()


async def members(session: AsyncSession, right: str = "") -> list[Member]:
    """Those who may log in and have the right, by name: the ones to whom something may be assigned."""
    rows = await session.scalars(select(Staff).where(Staff.locked_at.is_(None)).order_by(Staff.name))
    return [member for member in map(_member, rows) if member.may(right)]


async def named(session: AsyncSession, login: str) -> Staff | None:
    """The row with this login."""
    found: Staff | None = await session.scalar(select(Staff).where(Staff.login == login.strip().lower()))
    return found


async def names(session: AsyncSession, actors: Iterable[str | None]) -> Mapping[str, str]:
    """What to call each actor on the screen: ``staff:stf_…`` by their name, ``cli`` and others by what they are."""
    asked = {actor for actor in actors if actor}
    wanted = [actor.removeprefix(_PREFIX) for actor in asked if actor.startswith(_PREFIX)]
    rows = await session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(wanted))) if wanted else ()
    known = {_PREFIX + staff_id: name for staff_id, name in rows}
    return {actor: known.get(actor) or _OTHERS.get(actor) or actor for actor in asked}


def _member(row: Staff) -> Member:
    return Member(row.id, row.login, row.name, frozenset(row.roles), row.changed_at, row.password_until is not None)


def _until(temporary: bool) -> datetime | None:
    return clock.now() + TEMPORARY if temporary else None


def _expired(row: Staff) -> bool:
    return row.password_until is not None and row.password_until < clock.now()


async def _row(session: AsyncSession, staff_id: str) -> Staff:
    row = await session.get(Staff, staff_id, with_for_update=True)
    if row is None:
        raise StaffError("staff_unknown")
    return row


async def _changed(session: AsyncSession, row: Staff, actor: str, action: str, **detail: Any) -> Member:
    row.changed_at = clock.now()
    audit.record(session, actor, action, _PREFIX + row.id, **detail)
    await session.flush()
    return _member(row)


async def _keep_an_administrator(session: AsyncSession, row: Staff) -> None:
    if Role.ADMINISTRATOR not in row.roles or row.locked_at is not None:
        return
    others = await session.scalars(select(Staff).where(Staff.id != row.id, Staff.locked_at.is_(None)).with_for_update())
    if not any(Role.ADMINISTRATOR in other.roles for other in others):
        raise StaffError("last_administrator")


async def _hash_anew(database: Database, row: Staff, password: str) -> None:
    """Keep today's kind of hash; the password is the same, so no session ends."""
    stronger = await passwords.hashed(password)
    async with database.write() as session:
        present = await session.get(Staff, row.id, with_for_update=True)
        if present is not None and present.password == row.password:
            present.password = stronger


def _login(text: str) -> str:
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise StaffError("login_malformed")
    return login


def _name(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise StaffError("name_missing")
    return name


def _check_roles(roles: Collection[str]) -> None:
    if not roles:
        raise StaffError("role_missing")
    if not set(roles) <= set(Role):
        raise StaffError("role_unknown")


def _check_password(login: str, password: str) -> None:
    if len(password) < passwords.SHORTEST:
        raise StaffError("password_short")
    if len(password) > passwords.LONGEST:
        raise StaffError("password_long")
    if passwords.guessable(password, login):
        raise StaffError("password_weak")
