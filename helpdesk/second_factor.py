"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for who lost it.

The secret lies in the database sealed (`core.cipher`), recovery codes only as hashes. A code is taken once: the time step of
the last one is kept, and nothing of that step or an earlier one is taken again. Every door works in the caller's transaction.
"""

import hashlib
import secrets
import unicodedata
from base64 import b32encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import audit, clock
from core.cipher import Cipher, Unreadable
from core.database import Base
from helpdesk import staff
from helpdesk.staff import Member
from helpdesk.staff_error import StaffError

RECOVERY_CODES = 10
DRIFT = 1  # steps of 30 seconds that a telephone's clock may be early or late
_BYTES = 10  # of a recovery code: 80 bits, so that a plain hash is enough
_ABOUT = "second factor of {}"


class SecondFactor(Base):
    """A member's authenticator; not in force before ``confirmed_at``."""

    __tablename__ = "staff_second_factor"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    secret: Mapped[str]  # sealed
    recovery: Mapped[list[Any]]  # SHA-256 of the codes that were not used yet
    last_step: Mapped[int]  # of the last code that was taken
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


@dataclass(frozen=True)
class State:
    """What a member may know of their own second factor."""

    since: datetime
    recovery_left: int


def required(member: Member, roles: Collection[str]) -> bool:
    """Whether one of the member's roles must have a second factor (``PRACHA_SECOND_FACTOR_ROLES``)."""
    return not member.roles.isdisjoint(roles)


async def state(session: AsyncSession, staff_id: str) -> State | None:
    """The second factor in force, or nothing."""
    row = await session.get(SecondFactor, staff_id)
    return State(row.confirmed_at, len(row.recovery)) if row is not None and row.confirmed_at is not None else None


async def protected(session: AsyncSession) -> Sequence[str]:
    """The ids of all members with a second factor in force."""
    return (await session.scalars(select(SecondFactor.staff_id).where(SecondFactor.confirmed_at.is_not(None)))).all()


async def begin(session: AsyncSession, member: Member, cipher: Cipher) -> str:
    """A new secret for the member's app, in base 32; nothing is in force until `confirm`.

    Raises:
        StaffError: when one is in force already.
    """
    row = await session.get(SecondFactor, member.id, with_for_update=True)
    if row is not None and row.confirmed_at is not None:
        raise StaffError("second_factor_on")
    secret = pyotp.random_base32()
    sealed = cipher.seal(secret, _ABOUT.format(member.id))
    if row is None:
        session.add(SecondFactor(staff_id=member.id, secret=sealed, recovery=[], last_step=0, confirmed_at=None))
    else:
        row.secret, row.created_at = sealed, clock.now()
    await session.flush()
    return secret


async def pending(session: AsyncSession, member: Member, cipher: Cipher) -> str:
    """The secret that waits for its first code.

    Raises:
        StaffError: when there is none.
    """
    row = await session.get(SecondFactor, member.id)
    if row is None or row.confirmed_at is not None:
        raise StaffError("second_factor_off")
    return _secret(row, cipher)


def address(member: Member, secret: str, city: str) -> str:
    """What the QR code holds: ``otpauth://totp/…``, with the city as issuer and the login as account."""
    return pyotp.TOTP(secret).provisioning_uri(name=member.login, issuer_name=city)


async def confirm(session: AsyncSession, member: Member, code: str, cipher: Cipher) -> tuple[Member, list[str]]:
    """Put the second factor in force with the app's first code; gives the recovery codes, which are shown once.

    All sessions of the member end.

    Raises:
        StaffError: for a wrong code, or when nothing waits for one.
    """
    row = await session.get(SecondFactor, member.id, with_for_update=True)
    if row is None or row.confirmed_at is not None:
        raise StaffError("second_factor_off")
    step = _step(_secret(row, cipher), code)
    if step is None:
        raise StaffError("code_wrong")
    row.confirmed_at, row.last_step = clock.now(), step
    codes = _new_codes(row)
    changed = await staff.touch(session, member.id, "staff.second_factor.on", actor=member.actor)
    return changed, codes


async def check(session: AsyncSession, member: Member, code: str, cipher: Cipher) -> bool:
    """Whether this is the app's present code or an unused recovery code; it is used up by that.

    Never without a second factor in force.
    """
    row = await session.get(SecondFactor, member.id, with_for_update=True)
    if row is None or row.confirmed_at is None:
        return False
    step = _step(_secret(row, cipher), code)
    if step is not None and step > row.last_step:
        row.last_step = step
        return True
    return _recovers(session, row, member, code)


async def renew_codes(session: AsyncSession, member: Member) -> list[str]:
    """New recovery codes instead of all older ones.

    Raises:
        StaffError: without a second factor in force.
    """
    row = await _in_force(session, member.id)
    audit.record(session, member.actor, "staff.second_factor.codes", member.actor)
    return _new_codes(row)


async def reset(session: AsyncSession, staff_id: str, *, actor: str) -> Member:
    """Take the second factor away, by oneself or an administrator; all sessions of the member end.

    Raises:
        StaffError: for an unknown member, or without a second factor in force.
    """
    changed = await staff.touch(session, staff_id, "staff.second_factor.off", actor=actor)
    await session.delete(await _in_force(session, staff_id))
    return changed


async def _in_force(session: AsyncSession, staff_id: str) -> SecondFactor:
    row = await session.get(SecondFactor, staff_id, with_for_update=True)
    if row is None or row.confirmed_at is None:
        raise StaffError("second_factor_off")
    return row


def _secret(row: SecondFactor, cipher: Cipher) -> str:
    try:
        return cipher.unseal(row.secret, _ABOUT.format(row.staff_id))
    except Unreadable as error:  # the key was changed: only a reset helps
        raise StaffError("code_wrong") from error


def _step(secret: str, code: str) -> int | None:
    """The time step whose code this is, among the present one and its neighbours."""
    totp, now, typed = pyotp.TOTP(secret), clock.now(), _digits(code)
    fitting = [shift for shift in range(-DRIFT, DRIFT + 1) if secrets.compare_digest(totp.at(now, counter_offset=shift), typed)]
    return totp.timecode(now) + fitting[-1] if fitting else None


def _recovers(session: AsyncSession, row: SecondFactor, member: Member, code: str) -> bool:
    used = _hash(row.staff_id, code)
    if used not in row.recovery:
        return False
    row.recovery = [one for one in row.recovery if one != used]
    audit.record(session, member.actor, "staff.second_factor.recovery", member.actor, left=len(row.recovery))
    return True


def _new_codes(row: SecondFactor) -> list[str]:
    codes = [_grouped(b32encode(secrets.token_bytes(_BYTES)).decode().lower()) for _ in range(RECOVERY_CODES)]
    row.recovery = [_hash(row.staff_id, code) for code in codes]
    return codes


def _grouped(code: str) -> str:
    """``abcdefghijklmnop`` -> ``abcd-efgh-ijkl-mnop``."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _hash(staff_id: str, code: str) -> str:
    letters = "".join(char for char in code.lower() if char.isascii() and char.isalnum())
    return hashlib.sha256(f"{staff_id}:{letters}".encode()).hexdigest()


def _digits(code: str) -> str:
    """The code as apps show it: ``๑๒๓ ๔๕๖`` -> ``123456``. Whatever else was typed fits nothing."""
    kept = (str(unicodedata.decimal(char, "x")) for char in code[:20] if not char.isspace() and char != "-")
    return "".join(kept)
