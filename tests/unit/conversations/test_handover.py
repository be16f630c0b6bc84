"""The doors between assistant, queue and people: one owner, and everybody is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from conversations import conversation as conversations
from conversations import handover, ownership, waiting
from conversations.content import Text
from conversations.conversation import Conversation
from conversations.handover import OwnerChanged, StillSending
from conversations.message import Message
from conversations.outbox import SENT, Outgoing
from conversations.person import Person
from conversations.waiting import Waiting
from core import clock
from core.audit import AuditEntry
from core.database import Database

MINE, OTHERS = "staff:stf_a", "staff:stf_b"


@pytest.fixture
async def talk(database: Database) -> str:
    async with database.write() as session:
        return (await conversations.find_or_open(session, "line", "main", "somchai")).id


async def ask(database: Database, talk: str, event: str = "e1") -> Waiting | None:
    async with database.write() as session:
        return await handover.ask(session, talk, event, reason=waiting.ASKED, actor="citizen:x")


async def take(database: Database, talk: str, actor: str = MINE, expected: str = "queue") -> None:
    async with database.write() as session:
        await handover.take(session, talk, actor=actor, expected=expected)


async def owner(database: Database, talk: str) -> str:
    async with database.read() as session:
        return (await session.get_one(Conversation, talk)).owner


async def lines(database: Database) -> list[tuple[str, str]]:
    async with database.read() as session:
        return [(one.author, one.content["text"]) for one in await session.scalars(select(Message).order_by(Message.sequence))]


async def test_both_ends_of_the_human_part_are_told(database: Database, talk: str) -> None:
    await ask(database, talk)
    await take(database, talk)
    async with database.write() as session:
        await handover.give_back(session, talk, actor=MINE, unsent=True)
    assert await lines(database) == [
        ("system", "คุณกำลังคุยกับเจ้าหน้าที่ของเทศบาลเมืองธาราใสแล้วค่ะ"),
        ("system", "กลับมาคุยกับผู้ช่วยอัตโนมัติแล้วค่ะ"),
    ]
    assert await owner(database, talk) == "bot"


async def test_who_reads_english_is_told_in_english(database: Database, talk: str) -> None:
    async with database.write() as session:
        (await session.scalars(select(Person))).one().language = "en"
    await take(database, talk, expected="bot")
    assert "member of staff" in (await lines(database))[0][1]


async def test_the_same_event_waits_once_and_other_owners_are_left_alone(database: Database, talk: str) -> None:
    first, again = await ask(database, talk), await ask(database, talk)
    assert first is not None
    assert again is not None
    assert first.id == again.id
    await take(database, talk)
    assert await ask(database, talk, "e2") is None  # a person has it
    assert await owner(database, talk) == MINE


async def test_two_take_and_one_gets_it(database: Database, talk: str) -> None:
    await ask(database, talk)
    await take(database, talk)
    with pytest.raises(OwnerChanged) as told:
        await take(database, talk, OTHERS)
    assert told.value.owner == MINE
    async with database.read() as session:
        wait = (await session.scalars(select(Waiting))).one()
    assert (wait.outcome, wait.taken_by) == (waiting.TAKEN, MINE)


async def test_only_the_owner_speaks(database: Database, talk: str) -> None:
    await take(database, talk, expected="bot")
    async with database.write() as session:
        await handover.say(session, talk, Text(text="สวัสดีค่ะ"), actor=MINE, key="k1")
    async with database.write() as session:
        await handover.say(session, talk, Text(text="สวัสดีค่ะ"), actor=MINE, key="k1")
        with pytest.raises(OwnerChanged):
            await handover.say(session, talk, Text(text="แทรกค่ะ"), actor=OTHERS, key="k2")
    assert [author for author, _ in await lines(database)] == ["system", MINE]


async def test_words_under_way_are_not_lost_by_giving_back_too_early(database: Database, talk: str) -> None:
    await take(database, talk, expected="bot")
    async with database.write() as session:
        await handover.say(session, talk, Text(text="ขอบคุณค่ะ"), actor=MINE, key="k1")
    async with database.write() as session:
        with pytest.raises(StillSending):
            await handover.give_back(session, talk, actor=MINE)
    async with database.write() as session:
        (await session.scalars(select(Outgoing).where(Outgoing.key == "k1"))).one().state = SENT
    async with database.write() as session:
        await handover.give_back(session, talk, actor=MINE)
    assert await owner(database, talk) == "bot"


async def test_to_a_colleague_and_to_the_queue_of_another_unit(database: Database, talk: str) -> None:
    await take(database, talk, expected="bot")
    async with database.write() as session:
        await handover.pass_on(session, talk, OTHERS, actor=MINE)
    async with database.write() as session:
        with pytest.raises(OwnerChanged):
            await handover.requeue(session, talk, owner=MINE, actor=MINE)
    async with database.write() as session:
        wait = await handover.requeue(session, talk, owner=OTHERS, actor=OTHERS, unit="กองช่าง", note="ถามเรื่องใบอนุญาต")
    assert (wait.reason, wait.from_actor, wait.unit, wait.note) == (waiting.PASSED_ON, OTHERS, "กองช่าง", "ถามเรื่องใบอนุญาต")
    assert [text.split("ค่ะ")[0] for _, text in await lines(database)] == [
        "คุณกำลังคุยกับเจ้าหน้าที่ของเทศบาลเมืองธาราใสแล้ว",
        "เจ้าหน้าที่ของเทศบาลเมืองธาราใสอีกคนมาดูแลต่อแล้ว",
        "เจ้าหน้าที่ส่งต่อให้ผู้รับผิดชอบเรื่องนี้",
    ]


async def test_leaving_ends_the_wait_unless_somebody_has_come(database: Database, talk: str) -> None:
    await ask(database, talk)
    async with database.write() as session:
        assert await handover.leave(session, talk, actor="citizen:x")
        assert not await handover.leave(session, talk, actor="citizen:x")
    assert await owner(database, talk) == "bot"
    await ask(database, talk, "e2")
    await take(database, talk)
    async with database.write() as session:
        assert not await handover.leave(session, talk, actor="citizen:x")
    assert await owner(database, talk) == MINE


async def test_every_change_of_owner_stands_in_the_audit_log(database: Database, talk: str) -> None:
    await ask(database, talk)
    await take(database, talk)
    async with database.read() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action == "conversation.owner").order_by(AuditEntry.id))
        changes = [(row.actor, row.detail["old"], row.detail["new"]) for row in rows]
    assert changes == [("citizen:x", "bot", "queue"), (MINE, "queue", MINE)]


async def test_the_queue_has_places_by_time(database: Database, talk: str) -> None:
    first = await ask(database, talk)
    async with database.write() as session:
        other = (await conversations.find_or_open(session, "line", "main", "somying")).id
    second = await ask(database, other)
    async with database.read() as session:
        assert first is not None
        assert second is not None
        assert [await waiting.position(session, one) for one in (first, second)] == [1, 2]
        assert [one.id for one in await waiting.everybody(session)] == [first.id, second.id]


@pytest.mark.parametrize(
    ("minutes", "known"),
    [
        ([1, 2, 3], None),  # too few to say anything
        ([1, 2, 3, 4], None),
        ([1, 1, 2, 3, 9], 3),
        ([2.2, 3, 3, 14, 13, 12], 15),  # told in fives beyond ten
        ([1, 1, 1, None, None], None),  # nobody came to two of five: nothing is promised
        ([1, 1, 1, 1, None], 1),
    ],
)
async def test_the_waiting_time_is_told_only_where_it_is_known(
    database: Database, talk: str, minutes: list[float | None], known: int | None
) -> None:
    async with database.write() as session:
        for number, length in enumerate(minutes):
            end = clock.now() - timedelta(hours=1)
            outcome = waiting.LATE if length is None else waiting.TAKEN
            since = end - timedelta(minutes=length or 10)
            session.add(
                Waiting(conversation_id=talk, key=str(number), reason=waiting.ASKED, since=since, ended_at=end, outcome=outcome)
            )
    async with database.read() as session:
        assert await waiting.estimate(session) == known


async def test_waits_of_long_ago_and_of_who_left_say_nothing(database: Database, talk: str) -> None:
    async with database.write() as session:
        for number in range(10):
            end = clock.now() - timedelta(days=8 if number % 2 else 1)
            outcome = waiting.TAKEN if number % 2 else waiting.LEFT
            session.add(
                Waiting(conversation_id=talk, key=str(number), reason=waiting.ASKED, since=end, ended_at=end, outcome=outcome)
            )
    async with database.read() as session:
        assert await waiting.estimate(session) is None


async def test_a_change_forgets_that_a_screen_was_gone(database: Database, talk: str) -> None:
    await take(database, talk, expected="bot")
    async with database.write() as session:
        (await session.get_one(Conversation, talk)).missing_since = clock.now()
    async with database.write() as session:
        assert await ownership.change(session, talk, MINE, OTHERS, actor=MINE)
    async with database.read() as session:
        conversation = await session.get_one(Conversation, talk)
    assert conversation.missing_since is None
    assert conversation.owner_since is not None
