"""The desk's keeper: nobody waits for ever, and nobody's chat is taken away without need."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import select, update

from conversations import conversation as conversations
from conversations import handover, message, presence, waiting
from conversations.content import Text
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.waiting import Waiting
from core import clock
from core.database import Database
from core.settings import Settings
from helpdesk.record import Case
from pracha.desk import Desk
from tests.valkey import BundledValkey

MINE = "staff:stf_a"
LONG = timedelta(hours=1)


class Hours:
    def __init__(self) -> None:
        self.open = True

    async def at(self, _moment: datetime) -> bool:
        return self.open


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
async def desk(database: Database, valkey: Redis, hours: Hours) -> Desk:
    return Desk(database, valkey, Settings(), hours.at)


@pytest.fixture
async def talk(database: Database) -> str:
    async with database.write() as session:
        conversation = await conversations.find_or_open(session, "line", "main", "somchai")
        await message.append(session, conversation, "citizen", {"kind": "text", "text": "ขอคุยเรื่องน้ำประปาค่ะ"})
        return conversation.id


async def queue(database: Database, talk: str, *, since: timedelta = timedelta()) -> None:
    async with database.write() as session:
        wait = await handover.ask(session, talk, "e1", reason=waiting.ASKED, actor="citizen:x")
        assert wait is not None
        wait.since = clock.now() - since


async def owned(database: Database, talk: str, *, missing: timedelta | None = None) -> None:
    async with database.write() as session:
        conversation = await handover.take(session, talk, actor=MINE, expected="bot")
        conversation.missing_since = clock.now() - missing if missing is not None else None


async def state(database: Database, talk: str) -> tuple[str, bool]:
    """The owner, and whether the owner's screen is missed."""
    async with database.read() as session:
        found = await session.get_one(Conversation, talk)
    return found.owner, found.missing_since is not None


async def last_words(database: Database) -> str:
    async with database.read() as session:
        said = await session.scalar(select(Message).order_by(Message.sequence.desc()).limit(1))
    assert said is not None
    return str(said.content["text"])


async def wait_of(database: Database) -> Waiting:
    async with database.read() as session:
        return (await session.scalars(select(Waiting).order_by(Waiting.since.desc()))).first() or Waiting()


async def test_nobody_took_it_in_time_so_a_case_is_opened_and_its_number_said(
    database: Database, valkey: Redis, desk: Desk, talk: str
) -> None:
    await presence.beat(valkey, MINE)
    await queue(database, talk, since=timedelta(minutes=9))
    await desk.sweep()
    assert await state(database, talk) == ("queue", False)
    async with database.write() as session:
        await session.execute(update(Waiting).values(since=clock.now() - timedelta(minutes=11)))
    await desk.sweep()
    await desk.sweep()
    async with database.read() as session:
        (case,) = (await session.scalars(select(Case))).all()
    assert case.number in await last_words(database)
    assert "กลับมาคุยกับผู้ช่วยอัตโนมัติ" in await last_words(database)
    assert "น้ำประปา" in case.description
    assert await state(database, talk) == ("bot", False)
    wait = await wait_of(database)
    assert (wait.outcome, wait.case_number) == (waiting.LATE, case.number)


async def test_outside_office_hours_nobody_is_kept_waiting(
    database: Database, valkey: Redis, desk: Desk, hours: Hours, talk: str
) -> None:
    await presence.beat(valkey, MINE)
    await queue(database, talk)
    hours.open = False
    await desk.sweep()
    assert "นอกเวลา" in await last_words(database)
    assert (await wait_of(database)).outcome == waiting.CLOSED


async def test_an_empty_desk_is_believed_only_after_a_while(
    database: Database, valkey: Redis, desk: Desk, talk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queue(database, talk)
    await desk.sweep()  # a Valkey that was just emptied looks like this
    assert (await state(database, talk))[0] == "queue"
    await presence.beat(valkey, MINE)
    await desk.sweep()
    await valkey.flushall()
    await desk.sweep()
    assert (await state(database, talk))[0] == "queue"
    monkeypatch.setattr("pracha.desk.EMPTY", timedelta(0))
    await desk.sweep()
    assert (await state(database, talk))[0] == "bot"
    assert (await wait_of(database)).outcome == waiting.NOBODY


async def test_a_screen_that_is_gone_gives_an_unanswered_chat_back(database: Database, desk: Desk, talk: str) -> None:
    await owned(database, talk)
    await desk.sweep()
    assert await state(database, talk) == (MINE, True)
    await desk.sweep()
    assert await state(database, talk) == (MINE, True)  # three minutes have not passed
    async with database.write() as session:
        await session.execute(update(Conversation).values(missing_since=clock.now() - timedelta(minutes=4)))
    await desk.sweep()
    assert await state(database, talk) == ("queue", False)
    wait = await wait_of(database)
    assert (wait.reason, wait.from_actor) == (waiting.LOST, MINE)
    assert "หลุดจากระบบ" in await last_words(database)


async def test_an_answered_chat_waits_for_its_owner(database: Database, desk: Desk, talk: str) -> None:
    await owned(database, talk)
    async with database.write() as session:
        await handover.say(session, talk, Text(text="รอสักครู่นะคะ"), actor=MINE, key="k1")
        await session.execute(update(Conversation).values(missing_since=clock.now() - LONG))
    await desk.sweep()
    assert await state(database, talk) == (MINE, True)


async def test_a_screen_that_comes_back_keeps_its_chat(database: Database, valkey: Redis, desk: Desk, talk: str) -> None:
    await owned(database, talk, missing=LONG)
    await presence.beat(valkey, MINE, talk)
    await desk.sweep()
    assert await state(database, talk) == (MINE, False)


async def test_while_valkey_is_away_nothing_is_taken_from_anybody(
    database: Database, bundled: BundledValkey, desk: Desk, talk: str
) -> None:
    await owned(database, talk, missing=LONG)
    bundled.kill()
    await desk.sweep()
    assert await state(database, talk) == (MINE, False)


async def test_an_emptied_valkey_begins_the_time_anew(database: Database, valkey: Redis, desk: Desk, talk: str) -> None:
    await owned(database, talk)
    await presence.beat(valkey, MINE, talk)
    await desk.sweep()
    await valkey.flushall()
    await desk.sweep()
    assert await state(database, talk) == (MINE, True)
    await presence.beat(valkey, MINE, talk)
    await desk.sweep()
    assert await state(database, talk) == (MINE, False)


async def test_who_was_taken_meanwhile_is_not_given_up(
    database: Database, desk: Desk, hours: Hours, talk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queue(database, talk)
    hours.open = False
    real = desk._give_up

    async def slow(wait: Waiting, outcome: str) -> Any:
        async with database.write() as session:
            await handover.take(session, talk, actor=MINE)
        return await real(wait, outcome)

    monkeypatch.setattr(desk, "_give_up", slow)
    await desk.sweep()
    assert (await state(database, talk))[0] == MINE
    async with database.read() as session:
        assert (await session.scalars(select(Case))).all() == []
