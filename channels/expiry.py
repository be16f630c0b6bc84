"""Expiry: what has waited a day for a platform that does not come back is given up, and staff can see why."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from channels import dead_letter, reasons
from channels.due import Account
from channels.settle import LONGEST_AGE
from conversations.outbox import PENDING, Outgoing, since

AT_ONCE = 500


async def stop_old(session: AsyncSession, known: Collection[Account], broken: Collection[Account], now: datetime) -> int:
    """Stop what is older than a day and waits for a broken account or one that is not configured; gives how many.

    An account that is missing from the settings gets the same day: it may be a slip of the pen in `.env`.
    """
    account = tuple_(Outgoing.channel, Outgoing.account)
    rows = await session.scalars(
        select(Outgoing)
        .where(Outgoing.state == PENDING, Outgoing.created_at < now - LONGEST_AGE)
        .where(or_(account.in_(list(broken)), account.not_in(list(known))))
        .order_by(Outgoing.created_at)
        .limit(AT_ONCE)
    )
    old = [row for row in rows if now - since(row) > LONGEST_AGE]
    for row in old:
        dead_letter.stop(row, reasons.OUTAGE if (row.channel, row.account) in known else reasons.NOT_CONFIGURED)
    return len(old)
