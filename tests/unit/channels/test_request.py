"""What a citizen may make the engine read as a command, and what not."""

import pytest

from channels import request
from channels.inbox import InboxEvent
from conversations import conversation, message, outbox
from conversations.attachment import Attachment
from conversations.content import Card, Carousel, Choice, Inward, Text
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


@pytest.fixture
async def asked(database: Database, talk: Conversation) -> str:
    """The id of our newest message, which offers five choices."""
    choices = [
        Choice(title="ใช่ ส่งเลย", payload="/affirm"),
        Choice(title="แก้ไขรายละเอียดของเรื่องที่แจ้งไว้", payload='/edit_field{"field": "description"}'),
        Choice(title="เปิดเว็บ", payload="https://city.example", kind="link"),
        Choice(title="ส่งตำแหน่ง", kind="location"),
        Choice(title="แก้ไขรายละเอียดของผู้แจ้ง", payload='/edit_field{"field": "contact"}'),
    ]
    card = Card(title="เรื่องของคุณ", choices=[Choice(title="ดูเรื่องนี้", payload="/check_case_status")])
    async with database.write() as session:
        held = await session.get_one(Conversation, talk.id)
        said = await outbox.put(session, held, "bot", Carousel(text="ตรวจสอบค่ะ", cards=[card], choices=choices), key="k2")
    return said.id


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("ใช่ ส่งเลย", "/affirm"),
        ("  ใช่ ส่งเลย ", "/affirm"),
        ("แก้ไขรายละเอียดของเรื่…", '/edit_field{"field": "description"}'),
        ("ดูเรื่องนี้", "/check_case_status"),
        ("ไฟทาง", OFFERED),  # of the message before, which also stands since the citizen's last word
        ("แก้ไขรายละเอียดของ…", None),  # two titles begin so
        ("แก้…", None),
        ("ใช่", None),
        ("เปิดเว็บ", None),
        ("ส่งตำแหน่ง", None),
        ("…", None),
    ],
)
async def test_a_title_sent_as_words_is_the_choice(
    database: Database, talk: Conversation, asked: str, text: str, payload: str | None
) -> None:
    expected = request.Request(payload=payload) if payload else request.Request(text=text)
    assert await read(database, talk, Inward(kind="text", text=text)) == expected


@pytest.mark.parametrize(
    ("text", "payload"),
    [("14. เรื่องที่ 14", "/x14"), ("14", "/x14"), ("๑๔", "/x14"), ("13", None), ("31", None), ("014", None), ("เรื่องที่ 2", "/x2")],
)
async def test_what_had_no_room_for_a_button_may_be_named_by_its_number(
    database: Database, talk: Conversation, text: str, payload: str | None
) -> None:
    async with database.write() as session:
        held = await session.get_one(Conversation, talk.id)
        many = [Choice(title=f"เรื่องที่ {number}", payload=f"/x{number}") for number in range(1, 31)]
        await outbox.put(session, held, "bot", Text(text="เรื่องใดคะ", choices=many), key="many")
    expected = request.Request(payload=payload) if payload else request.Request(text=text)
    assert await read(database, talk, Inward(kind="text", text=text)) == expected


async def test_a_title_counts_only_until_the_citizen_says_something(database: Database, talk: Conversation, asked: str) -> None:
    said = Inward(kind="text", text="ใช่ ส่งเลย")
    async with database.write() as session:
        held = await session.get_one(Conversation, talk.id)
        await message.append(session, held, "citizen", {"kind": "event", "event": "reaction", "text": "👍"})
    assert await read(database, talk, said) == request.Request(payload="/affirm")
    async with database.write() as session:
        held = await session.get_one(Conversation, talk.id)
        await message.append(session, held, "citizen", {"kind": "text", "text": "เดี๋ยวก่อน"})
    assert await read(database, talk, said) == request.Request(text="ใช่ ส่งเลย")


@pytest.mark.parametrize(
    ("place", "text", "expected"),
    [
        ("0", "", request.Request(payload="/affirm")),
        ("c0.0", "", request.Request(payload="/check_case_status")),
        ("2", "เปิดเว็บ", request.Request(text="เปิดเว็บ")),
        ("3", "", request.Request(payload='/unsupported{"kind": "choice"}')),
        ("9", "อะไรก็ได้", request.Request(text="อะไรก็ได้")),
        ("", "", request.Request(payload='/unsupported{"kind": "choice"}')),
    ],
)
async def test_a_choice_by_its_place(
    database: Database, talk: Conversation, asked: str, place: str, text: str, expected: request.Request
) -> None:
    content = Inward(kind="choice", text=text, details={"choice": f"{asked}:{place}"})
    assert await read(database, talk, content) == expected


async def test_a_choice_of_another_conversation_does_not_count(database: Database, asked: str) -> None:
    async with database.write() as session:
        other = await conversation.find_or_open(session, "web", "default", "somying")
    content = Inward(kind="choice", text="ใช่", details={"choice": f"{asked}:0"})
    assert await read(database, other, content) == request.Request(text="ใช่")


async def test_the_transcript_gets_the_title_of_a_pressed_button(database: Database, talk: Conversation, asked: str) -> None:
    for content in (Inward(kind="choice", details={"choice": f"{asked}:1"}), Inward(kind="choice", payload=OFFERED)):
        shown = (await read(database, talk, content)).content
        assert shown is not None
        assert shown.text in {"แก้ไขรายละเอียดของเรื่องที่แจ้งไว้", "ไฟทาง"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (Inward(kind="event", event="entry", text="report"), request.Request(payload="/report_problem")),
        (Inward(kind="event", event="entry", text="faq_x"), request.Request(payload='/choose_faq{"faq": "x"}')),
        (Inward(kind="text", text="  "), request.Request(payload='/unsupported{"kind": "text"}')),
        (Inward(kind="text", text="ก" * 5000), request.Request(text="ก" * 4000)),
        (Inward(kind="location"), request.Request(payload='/unsupported{"kind": "location"}')),
        (Inward(kind="video", text="น้ำท่วม"), request.Request(text="น้ำท่วม")),
        (
            Inward(kind="image", text="ไฟดับ", attachments=["att_own"]),
            request.Request(text="ไฟดับ", before='/provide_photo{"photo": "att_own"}'),
        ),
    ],
)
async def test_more_requests(database: Database, talk: Conversation, content: Inward, expected: request.Request) -> None:
    assert await read(database, talk, content) == expected
