"""What a citizen may make the engine read as a command, and what not."""

import pytest

from channels import request
from channels.inbox import InboxEvent
from conversations import conversation, outbox
from conversations.attachment import Attachment
from conversations.content import Choice, Inward, Text
from conversations.conversation import Conversation
from core import clock
from core.database import Database

OFFERED = '/choose_category{"category": "street-light"}'


@pytest.fixture
async def talk(database: Database) -> Conversation:
    async with database.write() as session:
        opened = await conversation.find_or_open(session, "web", "default", "somchai")
        await outbox.put(session, opened, "bot", Text(text="เรื่องใดคะ", choices=[Choice(title="ไฟทาง", payload=OFFERED)]), key="k")
        session.add(
            Attachment(id="att_own", conversation_id=opened.id, media_type="image/jpeg", name="a.jpg", size=1, sha256="0")
        )
    return opened


async def read(database: Database, talk: Conversation, content: Inward) -> request.Request:
    row = InboxEvent(channel="web", account="default", event_id="e", at=clock.now(), content=content.model_dump(mode="json"))
    async with database.read() as session:
        return await request.of_event(session, talk, row)


@pytest.mark.parametrize(
    ("content", "text", "payload"),
    [
        (Inward(kind="text", text="/restart"), "/restart", None),
        (Inward(kind="choice", text="ไฟทาง", payload=OFFERED), None, OFFERED),
        (Inward(kind="choice", text="ช่วยอะไรได้บ้าง", payload="/ask_capabilities"), None, "/ask_capabilities"),
        (Inward(kind="choice", text="แก้ไข", payload='/provide_photo{"photo": "att_other"}'), "แก้ไข", None),
        (Inward(kind="image", attachments=["att_own"]), None, '/provide_photo{"photo": "att_own"}'),
        (Inward(kind="image", attachments=["att_other"]), None, '/unsupported{"kind": "image"}'),
        (Inward(kind="sticker"), None, '/unsupported{"kind": "sticker"}'),
        (Inward(kind="sticker", text="ขอบคุณ"), "ขอบคุณ", None),
        (Inward(kind="audio"), None, '/unsupported{"kind": "audio"}'),
        (Inward(kind="event", event="follow"), None, "/session_started"),
    ],
)
async def test_request(database: Database, talk: Conversation, content: Inward, text: str | None, payload: str | None) -> None:
    assert await read(database, talk, content) == request.Request(text=text, payload=payload)
