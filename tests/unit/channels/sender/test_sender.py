"""The sender as a whole: order, lanes, ends and beginnings."""

import asyncio
import random
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from channels import expiry, reasons
from channels.contract import Envelope, Outcome, Pace, Retry, Sent, Stop
from channels.inbox import InboxEvent
from conversations import outbox, ownership
from conversations.message import Message
from conversations.outbox import PENDING, SENDING, SENT, STOPPED, Outgoing
from conversations.person import ChannelIdentity
from core import clock
from core.audit import AuditEntry
from core.database import Database
from tests.unit.channels.sender.post import Post, StandIn, until


async def test_messages_leave_in_order_and_are_remembered_with_the_platforms_ids(post: Post) -> None:
    line = post.platform()
    line.usual = lambda envelopes: Sent(references=[f"mid-{envelopes[0].sequence}"])
    talk = await post.citizen(line)
    post.start()
    await post.put(talk, ["หนึ่ง", "สอง", "สาม"])
    await post.settled()
    assert line.texts() == [["หนึ่ง"], ["สอง"], ["สาม"]]
    async with post.database.read() as session:
        assert list(await session.scalars(select(Message.reference).order_by(Message.sequence))) == ["mid-1", "mid-2", "mid-3"]
    assert {(row.state, row.uncertain, row.attempts) for row in await post.rows()} == {(SENT, False, 1)}


async def test_the_channel_is_told_what_it_needs_of_the_citizens_event(post: Post) -> None:
    line = post.platform()
    talk = await post.citizen(line)
    at = clock.now() - timedelta(seconds=5)
    async with post.database.write() as session:
        session.add(
            InboxEvent(
                channel="line",
                account="main",
                event_id="e1",
                conversation_id=talk,
                at=at,
                content={},
                details={"reply_token": "t"},
            )
        )
    await post.put(talk, ["สวัสดีค่ะ", "มีอะไรให้ช่วยคะ"], event="e1")
    post.start()
    await post.settled()
    (envelope,), (second,) = line.calls
    assert (envelope.answered, second.answered) == (False, True)
    assert (envelope.event, envelope.event_id, envelope.uncertain, envelope.attempts) == ({"reply_token": "t"}, "e1", False, 1)
    assert envelope.event_at is not None
    assert envelope.event_at > at


async def test_what_may_have_arrived_goes_before_a_backlog(post: Post) -> None:
    line = post.platform()
    for number in range(12):
        await post.put(await post.citizen(line, f"citizen-{number}"), [f"ข้อ {number}"])
    async with post.database.write() as session:
        newest = await session.scalar(select(Outgoing).order_by(Outgoing.due_at.desc()).limit(1))
        assert newest is not None
        newest.uncertain, newest.attempts, newest.batch = True, 1, newest.id
    post.start(workers=1)
    await post.settled()
    assert line.texts()[0] == ["ข้อ 11"]
    assert line.texts()[1:] == [[f"ข้อ {number}"] for number in range(11)]


async def test_a_hanging_platform_slows_no_other(post: Post) -> None:
    line, telegram = post.platform("line"), post.platform("telegram")
    line.open.clear()
    for number in range(20):
        await post.put(await post.citizen(line, f"l{number}"), ["ช้า"])
        await post.put(await post.citizen(telegram, f"t{number}"), ["เร็ว"])
    post.start(workers=2)
    await telegram.called(20, seconds=5)
    assert len(line.calls) == 2  # as many as it has workers
    line.open.set()
    await post.settled()
    assert len(line.calls) == 20


async def test_a_flood_for_a_broken_platform_hides_nobody_elses_message(post: Post) -> None:
    line, telegram = post.platform("line"), post.platform("telegram")
    line.usual = Retry("ล่ม (500)", broken=True)
    for number in range(12):
        await post.put(await post.citizen(line, f"l{number}"), [f"ข้อ {n}" for n in range(20)])
    late = await post.citizen(telegram)
    post.start()
    await line.called(5)
    await post.put(late, ["ยังส่งได้"])
    await telegram.called(1, seconds=3)


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_happens_each_message_arrives_once_and_in_order(post: Post, seed: int) -> None:
    dice = random.Random(seed)
    platform = post.platform(batch=dice.choice([1, 5]), pace=Pace(400, 40, 0.5))
    arrived: dict[str, list[str]] = {}
    taken: dict[str, int] = {}  # by idempotency key: how many of the call's messages

    def answer(envelopes: list[Envelope]) -> Outcome:
        key = envelopes[0].outbox_id
        chance = dice.random()
        if chance < 0.15:
            return Retry("ยังไม่ว่าง (429)", after=dice.choice([None, 0, 0.02]), everyone=dice.random() < 0.3)
        if key not in taken and chance < 0.3:
            return Retry("ล่ม (500)", broken=True, uncertain=dice.random() < 0.5)
        if key not in taken:
            taken[key] = dice.randint(1, len(envelopes))
            arrived.setdefault(envelopes[0].conversation_id, []).extend(one.content.text for one in envelopes[: taken[key]])
        else:
            assert envelopes[0].uncertain
        if chance < 0.45:
            return Retry("คำตอบหาย (timeout)", uncertain=True, broken=True)
        return Sent(taken[key])

    platform.usual = answer
    talks = [await post.citizen(platform, f"c{number}") for number in range(6)]
    post.start()
    for turn in range(3):
        for talk in talks:
            await post.put(talk, [f"{turn}-{n}" for n in range(dice.randint(1, 6))], event=f"e{turn}")
        await platform.called(len(platform.calls) + dice.randint(1, 4))
        await post.stop()  # killed in the middle
        post.start()
    await post.settled()
    for talk in talks:
        async with post.database.read() as session:
            messages = await session.scalars(select(Message).where(Message.conversation_id == talk).order_by(Message.sequence))
            assert arrived[talk] == [message.content["text"] for message in messages]


async def test_two_senders_share_the_work_without_doubling_it(post: Post) -> None:
    line = post.platform(batch=5)
    talks = [await post.citizen(line, f"c{number}") for number in range(8)]
    post.start("sender-1")
    post.start("sender-2")
    for turn in range(4):
        for talk in talks:
            await post.put(talk, [f"{turn}a", f"{turn}b"], event=f"e{turn}")
    await post.settled()
    sent = [envelope.outbox_id for call in line.calls for envelope in call]
    assert len(sent) == len(set(sent)) == 64
    for talk in talks:
        own = [one.sequence for call in line.calls for one in call if one.conversation_id == talk]
        assert own == sorted(own)


async def test_what_a_killed_sender_was_sending_is_sent_by_its_successor_who_knows_it_may_have_arrived(post: Post) -> None:
    line = post.platform()
    line.open.clear()
    await post.put(await post.citizen(line), ["สวัสดีค่ะ"])
    post.start()
    await line.called(1)
    await post.stop()
    ((row),) = await post.rows()
    assert (row.state, row.uncertain) == (SENDING, True)
    line.open.set()
    post.start()
    await post.settled()
    assert [call[0].uncertain for call in line.calls] == [False, True]


async def test_another_sender_takes_over_when_the_lease_has_ended(post: Post) -> None:
    line = post.platform()
    talk = await post.citizen(line)
    await post.put(talk, ["หนึ่ง", "สอง"])
    async with post.database.write() as session:
        past = clock.now() - timedelta(seconds=1)
        first = update(Outgoing).where(Outgoing.sequence == 1)
        await session.execute(
            first.values(state=SENDING, lease_holder="dead", lease_until=past, uncertain=True, batch=Outgoing.id)
        )
    post.start("sender-2")
    await post.settled()
    assert [(call[0].content.text, call[0].uncertain) for call in line.calls] == [("หนึ่ง", True), ("สอง", False)]


async def test_a_sender_that_ends_lets_a_call_finish(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.sender.GRACE_SECONDS", 5)
    line = post.platform()
    line.open.clear()
    await post.put(await post.citizen(line), ["สวัสดีค่ะ"])
    post.start()
    await line.called(1)
    ending = asyncio.create_task(post.stop())
    await asyncio.sleep(0)
    line.open.set()
    await ending
    ((row),) = await post.rows()
    assert row.state == SENT


async def test_a_call_that_takes_too_long_is_repeated_as_uncertain(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.sender.SEND_SECONDS", 0.1)
    line = post.platform()
    line.open.clear()
    await post.put(await post.citizen(line), ["สวัสดีค่ะ"])
    post.start()
    await line.called(2)
    line.open.set()
    await post.settled()
    assert [call[0].uncertain for call in line.calls][:2] == [False, True]


async def test_an_adapters_fault_is_an_attempt_and_ends_as_a_dead_letter(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.settle.LAST_ATTEMPT", 3)
    line = post.platform()

    def fault(_: object) -> Outcome:
        raise KeyError("the words of a citizen")

    line.usual = fault
    talk = await post.citizen(line)
    await post.put(talk, ["หนึ่ง"])
    post.start()
    await post.settled()
    ((row),) = await post.rows()
    assert (len(line.calls), row.state, row.uncertain) == (3, STOPPED, True)
    assert "KeyError" in (row.reason or "")
    assert "words" not in (row.reason or "")


async def test_what_was_written_under_an_earlier_owner_does_not_leave(post: Post) -> None:
    line = post.platform()
    talk = await post.citizen(line)
    await post.put(talk, ["ของบอต"], version=0)
    await post.put(talk, ["แจ้งเตือน"])
    async with post.database.write() as session:
        assert await ownership.change(session, talk, "bot", "staff:officer", actor="staff:officer")
    post.start()
    await post.settled()
    assert line.texts() == [["แจ้งเตือน"]]
    assert [(row.state, row.reason) for row in await post.rows()] == [(STOPPED, reasons.OWNER_CHANGED), (SENT, None)]


async def test_who_has_blocked_us_is_not_written_to(post: Post) -> None:
    line = post.platform()
    talk = await post.citizen(line)
    line.script.append(Stop("ผู้รับปิดกั้นบัญชีไว้ (403)", blocked=True))
    await post.put(talk, ["หนึ่ง", "สอง"])
    post.start()
    await post.settled()
    assert line.texts() == [["หนึ่ง"]]
    assert [row.reason for row in await post.rows()] == ["ผู้รับปิดกั้นบัญชีไว้ (403)", reasons.BLOCKED]
    async with post.database.write() as session:
        assert await session.scalar(select(ChannelIdentity.blocked_at)) is not None
        await session.execute(update(ChannelIdentity).values(blocked_at=None))
    await post.put(talk, ["กลับมาแล้ว"])
    await post.settled()
    assert line.texts()[-1] == ["กลับมาแล้ว"]


async def test_a_content_that_cannot_be_read_stops_and_holds_up_nobody(post: Post) -> None:
    line = post.platform(batch=5)
    talk = await post.citizen(line)
    await post.put(talk, ["หนึ่ง", "สอง", "สาม"])
    async with post.database.write() as session:
        await session.execute(update(Message).where(Message.sequence == 2).values(content={"type": "?"}))
    post.start()
    await post.settled()
    assert line.texts() == [["หนึ่ง"], ["สาม"]]
    assert [row.reason for row in await post.rows()] == [None, reasons.UNREADABLE, None]


async def test_an_account_without_settings_gets_a_day_to_come_back(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.sender.EXPIRY_SECONDS", 0.05)
    line, gone = post.platform(), StandIn("line", "gone")
    old, new = await post.citizen(gone, "a"), await post.citizen(gone, "b")
    await post.put(old, ["เก่า"])
    await post.put(new, ["ใหม่"])
    async with post.database.write() as session:
        long_ago = clock.now() - timedelta(hours=25)
        await session.execute(update(Outgoing).where(Outgoing.conversation_id == old).values(created_at=long_ago))
    post.start()

    async def stopped() -> bool:
        return (await post.rows(old))[0].state == STOPPED

    await until(stopped)
    assert ((await post.rows(old))[0].reason, (await post.rows(new))[0].state) == (reasons.NOT_CONFIGURED, PENDING)
    assert line.calls == []


async def test_an_outage_of_a_day_stops_what_waited_so_long_and_nothing_that_was_put_back_since(post: Post) -> None:
    line, telegram = post.platform("line"), post.platform("telegram")
    (old,) = await post.put(await post.citizen(line, "a"), ["เก่า"])
    (back,) = await post.put(await post.citizen(line, "b"), ["ส่งใหม่"])
    (well,) = await post.put(await post.citizen(telegram), ["ระบบปกติ"])
    async with post.database.write() as session:
        await session.execute(update(Outgoing).values(created_at=clock.now() - timedelta(hours=25)))
        await session.execute(update(Outgoing).where(Outgoing.id == back).values(state=STOPPED))
        await outbox.again(session, [back], actor="cli")
    await post.put(await post.citizen(line, "c"), ["ใหม่"])
    async with post.database.write() as session:
        assert await expiry.stop_old(session, list(post.channels), [("line", "main")], clock.now()) == 1
    assert {row.id: row.reason for row in await post.rows() if row.state == STOPPED} == {old: reasons.OUTAGE}
    assert well not in {row.id for row in await post.rows() if row.state != PENDING}


async def test_a_dead_letter_can_be_sent_again_and_goes_on_where_it_was(post: Post) -> None:
    line = post.platform()
    talk = await post.citizen(line)
    line.script += [Retry("สายหลุด", notes={"gone": 2}), Stop("ไม่รับ (400)")]
    (row_id,) = await post.put(talk, ["ยาวมาก"])
    post.start()
    await post.settled()
    async with post.database.write() as session:
        assert await outbox.again(session, [row_id, "out_none"], actor="cli") == [row_id]
        assert await outbox.again(session, [row_id], actor="cli") == []  # it waits already
    await post.settled()
    ((row),) = await post.rows()
    assert (row.state, row.attempts, row.reason) == (SENT, 1, None)
    assert line.calls[-1][0].notes["gone"] == 2
    async with post.database.read() as session:
        entries = list(await session.scalars(select(AuditEntry)))
    assert [(one.actor, one.action, one.subject) for one in entries] == [("cli", "outbox.again", f"outbox:{row_id}")]


async def test_an_old_dead_letter_gets_a_new_day(database: Database, post: Post) -> None:
    line = post.platform()
    (row_id,) = await post.put(await post.citizen(line), ["เก่า"])
    async with database.write() as session:
        await session.execute(update(Outgoing).values(state=STOPPED, created_at=clock.now() - timedelta(days=30)))
        await outbox.again(session, [row_id], actor="cli")
    line.script += [Retry("ยังไม่ว่าง (429)")]
    post.start()
    await post.settled()
    assert [row.state for row in await post.rows()] == [SENT]


@pytest.mark.parametrize(
    ("state", "after"), [(PENDING, SENT), (SENDING, SENT), (SENT, SENT), (STOPPED, STOPPED)], ids=lambda state: str(state)
)
async def test_an_echo_settles_what_is_not_settled_yet(post: Post, state: str, after: str) -> None:
    line = post.platform()
    (row_id,) = await post.put(await post.citizen(line), ["สวัสดีค่ะ"])
    async with post.database.write() as session:
        await session.execute(update(Outgoing).values(state=state, uncertain=True))
        await outbox.arrived(session, row_id)
        await outbox.arrived(session, "out_none")
    assert [row.state for row in await post.rows()] == [after]


async def test_an_echo_before_the_answer_wins_over_it(post: Post) -> None:
    line = post.platform()
    line.open.clear()
    talk = await post.citizen(line)
    (row_id, _) = await post.put(talk, ["หนึ่ง", "สอง"])
    post.start()
    await line.called(1)
    async with post.database.write() as session:
        await outbox.arrived(session, row_id)
    line.script.append(Retry("คำตอบหาย (timeout)", uncertain=True, broken=True))
    line.open.set()
    await post.settled()
    assert line.texts() == [["หนึ่ง"], ["สอง"]]
    assert [row.state for row in await post.rows()] == [SENT, SENT]
