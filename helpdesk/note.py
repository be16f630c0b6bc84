"""Notes of staff to each other, with members called by ``@login`` and with files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import audit
from helpdesk import alert, door, history, record, staff, wording
from helpdesk.error import NoteEmpty
from helpdesk.record import Case
from helpdesk.staff import Member, Staff
from helpdesk.visibility import may_see

_CALLED = re.compile(r"(?<![a-z0-9._@-])@([a-z0-9][a-z0-9._@-]{1,63})", re.IGNORECASE)


@dataclass(frozen=True)
class Mentions:
    """Who was called in a note: members who may read the case, and logins that name nobody who may."""

    members: Sequence[Member]
    unknown: Sequence[str]


def logins(text: str) -> list[str]:
    """The logins called in a text: ``ฝาก @officer@demo ดูต่อด้วย`` gives ``["officer@demo"]``."""
    return list(dict.fromkeys(found.rstrip("._@-").lower() for found in _CALLED.findall(text)))


async def mentions(session: AsyncSession, case: Case, text: str) -> Mentions:
    """Look up who is called in a text about a case."""
    wanted = logins(text)
    rows = (await session.scalars(select(Staff).where(Staff.login.in_(wanted)))).all() if wanted else ()
    found: list[Member] = []
    for row in rows:
        member = await staff.find(session, row.id)
        if member is not None and member.may("case.read") and await may_see(session, member, case):
            found.append(member)
    known = {member.login for member in found}
    return Mentions(found, [login for login in wanted if login not in known])


async def add_note(
    session: AsyncSession,
    case: Case,
    *,
    key: str,
    text: str,
    actor: str,
    public: bool = False,
    files: Sequence[str] = (),
) -> Case:
    """Add an officer's note; only staff see it unless it is public. Members called in it are alerted, citizens are not told.

    Raises:
        NoteEmpty: when there are neither words nor files.
        UnknownPhoto: when a file does not exist.
    """
    own_key, words = f"{record.NOTE}:{key}", wording.clean(text)
    case = await door.locked(session, case)
    if await history.find(session, case, own_key) is not None:
        return case
    if not words and not files:
        raise NoteEmpty()
    await history.check_photos(session, files, None)
    event = await history.append(session, case, record.NOTE, key=own_key, actor=actor, text=words, public=public)
    await history.attach(session, event, files, record.INTERNAL)
    called = (await mentions(session, case, words)).members
    await alert.tell(session, case, event, called, alert.MENTION)
    audit.record(session, actor, "case.note", f"case:{case.number}", event=event.id, public=public)
    return case
