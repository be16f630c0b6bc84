"""How much the assistant answered alone."""

from datetime import timedelta

from conversations import conversation as conversations
from conversations import handover, message, ownership, share
from conversations.share import Answered
from core import clock
from core.database import Database


async def test_alone_is_where_nobody_else_owned_the_conversation(database: Database) -> None:
    since, long_ago = clock.now() - timedelta(days=7), clock.now() - timedelta(days=30)
    async with database.write() as session:
        for name in ("alone", "queued", "left", "long ago", "silent", "before"):
            told = await conversations.find_or_open(session, "web" if name == "alone" else "line", "city", name)
            if name != "silent":
                await message.append(
                    session, told, "citizen", {"type": "text", "text": "ก"}, at=long_ago if name == "before" else None
                )
            if name in ("queued", "left", "long ago"):
                await handover.ask(session, told.id, "e", reason="asked", actor="citizen:1")
            if name == "left":
                await handover.leave(session, told.id, actor="citizen:1")
            if name == "long ago":
                await ownership.change(session, told.id, "queue", "bot", actor="system")
                (await handover.locked(session, told.id)).owner_since = long_ago
    async with database.read() as session:
        found = await share.by_channel(session, since)
    assert found == {"line": Answered(3, 1), "web": Answered(1, 1)}
    assert list(found) == ["line", "web"]
    assert (Answered(3, 1) + Answered(1, 1)).share == 0.5
    assert Answered().share is None
