"""The hours in which people answer chats: the office's own, holidays included, or day and night."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from core.database import Database
from core.settings import Settings
from helpdesk import office


def hours(database: Database, settings: Settings) -> Callable[[datetime], Awaitable[bool]]:
    """Give a function that tells whether somebody answers chats at a moment."""

    async def is_open(moment: datetime) -> bool:
        if settings.chat_always:
            return True
        async with database.read() as session:
            return (await office.calendar(session)).is_open(moment)

    return is_open
