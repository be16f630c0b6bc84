"""The hours in which people answer chats: the one place to change when the office has a calendar."""

from datetime import datetime

from core import clock
from core.settings import settings


async def open_at(moment: datetime) -> bool:
    """Whether somebody answers chats at a moment, by the Bangkok clock."""
    known, local = settings(), clock.local(moment)
    if local.isoweekday() not in known.chat_days:
        return False
    return known.chat_opens == known.chat_closes or known.chat_opens <= local.time() < known.chat_closes
