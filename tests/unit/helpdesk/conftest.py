"""A reporter, and reports that differ only in what a test is about."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from conversations import conversation as conversations
from conversations.attachment import Attachment
from conversations.conversation import Conversation
from core.database import Database
from helpdesk import case as cases
from helpdesk import password as passwords
from helpdesk.case import Case, Place

from .desk import Desk, cheap_passwords

Opener = Callable[..., Awaitable[Case]]


@pytest.fixture
async def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The agencies that come with the project, and nobody in them yet."""
    monkeypatch.setattr(passwords, "_HASHER", cheap_passwords())
    made = Desk(database)
    await made.seed()
    return made


@pytest.fixture
async def reporter(database: Database) -> Conversation:
    """The conversation in which reports are made."""
    async with database.write() as session:
        return await conversations.find_or_open(session, "line", "city", "U1")


@pytest.fixture
async def stranger(database: Database) -> Conversation:
    """Somebody else's conversation."""
    async with database.write() as session:
        return await conversations.find_or_open(session, "line", "city", "U2")


def report(conversation: Conversation, **changes: Any) -> dict[str, Any]:
    """The arguments of `open_case`: a lamp that does not burn."""
    return {
        "key": "evt-1",
        "conversation": conversation,
        "category": "street-light",
        "description": "ไฟถนนดับ 3 ดวง มืดมาก",
        "place": Place("หน้าตลาดสด ซอยเทศบาล 3", 13.75, 100.5, "นนทบุรี", "ปากเกร็ด", "บางพูด"),
        "photos": [],
        "contact": None,
        "consent": False,
        "happened_at": "เมื่อคืน",
        "actor": f"citizen:{conversation.person_id}",
    } | changes


@pytest.fixture
def opened(database: Database, reporter: Conversation) -> Opener:
    """Opens a case in a transaction of its own: ``await opened(category="noise")``."""

    async def opener(**changes: Any) -> Case:
        async with database.write() as session:
            return await cases.open_case(session, **report(changes.pop("conversation", reporter), **changes))

    return opener


@pytest.fixture
def moved(database: Database) -> Callable[..., Awaitable[Case]]:
    """Moves a case through states, each in a transaction of its own: ``await moved(case, "accepted", "done")``."""

    async def mover(case: Case, *path: str) -> Case:
        for state in path:
            async with database.write() as session:
                case = await cases.change(
                    session, case, state, key=f"{case.version}-{state}", actor="staff:1", note="เปลี่ยนหลอดไฟแล้ว"
                )
        return case

    return mover


@pytest.fixture
def photo(database: Database) -> Callable[..., Awaitable[str]]:
    """Stores a picture's description and gives its id; ``await photo(None)`` is an officer's."""

    async def storer(conversation: Conversation | None) -> str:
        async with database.write() as session:
            stored = Attachment(
                conversation_id=conversation.id if conversation else None,
                media_type="image/jpeg",
                name="a.jpg",
                size=1,
                width=1,
                height=1,
                sha256="0",
            )
            session.add(stored)
            await session.flush()
            return stored.id

    return storer
