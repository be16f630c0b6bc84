"""Several messages in one call: which may go together, and what a repeat of the call carries."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from channels.claim import Claim, claim
from channels.contract import Envelope, Outcome, Retry, Sent, Stop
from channels.settle import settle
from conversations.message import Message
from conversations.outbox import PENDING, SENDING, SENT, STOPPED, Outgoing, again
from core import clock
from tests.unit.channels.sender.post import Post, StandIn

MOST = 5


@pytest.fixture
def line(post: Post) -> StandIn:
    return post.platform(batch=MOST)


async def take(post: Post, head: str, talk: str, holder: str = "sender-1") -> Claim:
    async with post.database.write() as session:
        taken = await claim(session, head, talk, most=MOST, holder=holder, now=clock.now())
    assert taken is not None
    return taken


async def end(post: Post, taken: Claim, outcome: Outcome, *, spared: bool = False, holder: str = "sender-1") -> float:
    async with post.database.write() as session:
        return await settle(session, taken, outcome, holder=holder, spared=spared, now=clock.now())


async def release(post: Post) -> None:
    """What the next process of the same name does, after a crash."""
    async with post.database.write() as session:
        released = update(Outgoing).where(Outgoing.state == SENDING)
        await session.execute(released.values(state=PENDING, lease_holder=None, lease_until=None))


async def due(post: Post) -> None:
    async with post.database.write() as session:
        await session.execute(update(Outgoing).values(due_at=clock.now() - timedelta(seconds=1)))


async def test_an_events_answers_leave_in_one_call(post: Post, line: StandIn) -> None:
    line.usual = lambda envelopes: Sent(len(envelopes), [f"mid-{one.sequence}" for one in envelopes])
    talk = await post.citizen(line)
    await post.put(talk, ["หนึ่ง", "สอง", "สาม"], event="e1")
    await post.put(talk, [f"ข้อ {n}" for n in range(7)], event="e2")
    post.start()
    await post.settled()
    assert line.texts() == [["หนึ่ง", "สอง", "สาม"], [f"ข้อ {n}" for n in range(5)], ["ข้อ 5", "ข้อ 6"]]
    async with post.database.read() as session:
        references = list(await session.scalars(select(Message.reference).order_by(Message.sequence)))
    assert references == [f"mid-{n}" for n in range(1, 11)]
    rows = await post.rows()
    assert [row.batch for row in rows[:3]] == [rows[0].id] * 3


async def test_a_notice_and_a_bots_answer_do_not_leave_together(post: Post, line: StandIn) -> None:
    talk = await post.citizen(line)
    await post.put(talk, ["คำตอบ"], event="e1", version=0)
    await post.put(talk, ["แจ้งเตือน"], event="e1")
    await post.put(talk, ["ยังไม่ถึงเวลา"], event="e1")
    async with post.database.write() as session:
        later = clock.now() + timedelta(hours=1)
        await session.execute(update(Outgoing).where(Outgoing.sequence == 3).values(due_at=later))
    post.start()
    await line.called(2)
    assert line.texts() == [["คำตอบ"], ["แจ้งเตือน"]]


async def test_what_the_channel_could_not_take_in_one_call_leaves_in_the_next(post: Post, line: StandIn) -> None:
    line.usual = lambda envelopes: Sent(min(2, len(envelopes)))
    await post.put(await post.citizen(line), ["ก", "ข", "ค"], event="e1")
    post.start()
    await post.settled()
    assert line.texts() == [["ก", "ข", "ค"], ["ค"]]
    assert [envelope.uncertain for envelope in line.calls[1]] == [False]
    assert [row.attempts for row in await post.rows()] == [1, 1, 1]


async def test_a_repeat_after_a_crash_carries_exactly_the_same_messages(post: Post, line: StandIn) -> None:
    talk = await post.citizen(line)
    ids = await post.put(talk, ["หนึ่ง", "สอง"], event="e1")
    first = await take(post, ids[0], talk)
    await post.put(talk, ["สาม"], event="e1")
    await release(post)
    repeat = await take(post, ids[0], talk)
    assert first.ids == repeat.ids == ids
    assert [one.uncertain for one in first.envelopes] == [False, False]
    assert [one.uncertain for one in repeat.envelopes] == [True, True]


async def test_a_repeat_after_a_lost_answer_carries_exactly_the_same_messages(post: Post, line: StandIn) -> None:
    talk = await post.citizen(line)
    ids = await post.put(talk, ["หนึ่ง", "สอง"], event="e1")
    await end(post, await take(post, ids[0], talk), Retry("คำตอบหาย (timeout)", uncertain=True, broken=True))
    await post.put(talk, ["สาม"], event="e1")
    await due(post)
    repeat = await take(post, ids[0], talk)
    assert repeat.ids == ids
    await end(post, repeat, Retry("ยังไม่ว่าง (429)"))  # of the first attempt we still know nothing
    await due(post)
    third = await take(post, ids[0], talk)
    assert (third.ids, third.uncertain) == (ids, True)
    await end(post, third, Sent(2))
    assert [(row.state, row.uncertain) for row in await post.rows()] == [(SENT, False)] * 2 + [(PENDING, False)]


async def test_after_a_sure_refusal_more_messages_may_go_along(post: Post, line: StandIn) -> None:
    talk = await post.citizen(line)
    ids = await post.put(talk, ["หนึ่ง"], event="e1")
    await end(post, await take(post, ids[0], talk), Retry("ยังไม่ว่าง (429)", notes={"push": True}))
    ids += await post.put(talk, ["สอง"], event="e1")
    await due(post)
    taken = await take(post, ids[0], talk)
    assert taken.ids == ids
    assert [(one.uncertain, dict(one.notes)) for one in taken.envelopes] == [(False, {"push": True}), (False, {})]


async def test_of_a_refused_batch_each_message_is_judged_on_its_own(post: Post, line: StandIn) -> None:
    def answer(envelopes: Sequence[Envelope]) -> Outcome:
        bad = any("ไม่ดี" in getattr(one.content, "text", "") for one in envelopes)
        return Stop("ไม่รับ (400)") if bad else Sent(len(envelopes))

    line.usual = answer
    await post.put(await post.citizen(line), ["ดี", "ไม่ดี", "ดีอีก"], event="e1")
    post.start()
    await post.settled()
    assert line.texts() == [["ดี", "ไม่ดี", "ดีอีก"], ["ดี"], ["ไม่ดี"], ["ดีอีก"]]
    assert [row.state for row in await post.rows()] == [SENT, STOPPED, SENT]


async def test_a_refused_batch_stays_parted_while_it_waits(post: Post, line: StandIn) -> None:
    line.script += [Stop("ไม่รับ (400)"), Retry("ยังไม่ว่าง (429)")]
    await post.put(await post.citizen(line), ["ก", "ข"], event="e1")
    post.start()
    await post.settled()
    assert line.texts() == [["ก", "ข"], ["ก"], ["ก"], ["ข"]]


async def test_who_blocked_us_gets_nothing_of_the_batch(post: Post, line: StandIn) -> None:
    line.usual = Stop("ผู้รับปิดกั้นบัญชีไว้ (403)", blocked=True)
    await post.put(await post.citizen(line), ["ก", "ข"], event="e1")
    post.start()
    await post.settled()
    assert len(line.calls) == 1
    assert [row.state for row in await post.rows()] == [STOPPED, STOPPED]


async def test_dead_letters_that_may_have_arrived_leave_in_the_same_call_again(post: Post, line: StandIn) -> None:
    talk = await post.citizen(line)
    ids = await post.put(talk, ["หนึ่ง", "สอง"], event="e1")
    taken = await take(post, ids[0], talk)
    async with post.database.write() as session:
        await session.execute(update(Outgoing).values(created_at=clock.now() - timedelta(hours=25)))
    old = Claim(taken.envelopes, taken.batch, taken.uncertain, clock.now() - timedelta(hours=25))
    await end(post, old, Retry("คำตอบหาย (timeout)", uncertain=True, broken=True), spared=True)
    assert {(row.state, row.uncertain) for row in await post.rows()} == {(STOPPED, True)}
    async with post.database.write() as session:
        assert await again(session, ids, actor="cli") == ids
    repeat = await take(post, ids[0], talk)
    assert (repeat.ids, repeat.uncertain) == (ids, True)


async def test_a_row_is_taken_once_and_only_as_the_first_of_its_conversation(post: Post, line: StandIn) -> None:
    talk = await post.citizen(line)
    ids = await post.put(talk, ["หนึ่ง", "สอง"])
    async with post.database.write() as session:
        assert await claim(session, ids[1], talk, most=1, holder="sender-1", now=clock.now()) is None
    await take(post, ids[0], talk)
    async with post.database.write() as session:
        assert await claim(session, ids[0], talk, most=1, holder="sender-2", now=clock.now()) is None


async def test_an_outcome_that_comes_after_another_sender_took_over_changes_nothing(post: Post, line: StandIn) -> None:
    talk = await post.citizen(line)
    ids = await post.put(talk, ["หนึ่ง"])
    late = await take(post, ids[0], talk, "sender-1")
    await release(post)
    await take(post, ids[0], talk, "sender-2")
    await end(post, late, Stop("ไม่รับ (400)"), holder="sender-1")
    assert [(row.state, row.lease_holder) for row in await post.rows()] == [(SENDING, "sender-2")]


@pytest.mark.parametrize(("spared", "state"), [(False, STOPPED), (True, PENDING)])
async def test_the_last_attempt_ends_a_message_but_not_while_its_platform_is_broken(
    post: Post, line: StandIn, spared: bool, state: str
) -> None:
    talk = await post.citizen(line)
    ids = await post.put(talk, ["หนึ่ง"])
    async with post.database.write() as session:
        await session.execute(update(Outgoing).values(attempts=11))
    await end(post, await take(post, ids[0], talk), Retry("ล่ม (500)", broken=True), spared=spared)
    ((row),) = await post.rows()
    assert (row.state, row.attempts) == (state, 11 if spared else 12)
    assert "500" in (row.reason or "")


@pytest.mark.parametrize(
    ("attempts", "after", "least", "most"),
    [(1, None, 0.75, 1.25), (4, None, 6, 10), (11, None, 450, 750), (1, 0.0, 0, 0), (1, 30.0, 30, 33), (9, 0.0, 24, 40)],
)
async def test_waits(
    post: Post,
    line: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    attempts: int,
    after: float | None,
    least: float,
    most: float,
) -> None:
    monkeypatch.setattr("channels.settle.FIRST_WAIT", 1.0)
    monkeypatch.setattr("channels.settle.LONGEST_WAIT", 600.0)
    talk = await post.citizen(line)
    ids = await post.put(talk, ["หนึ่ง"])
    async with post.database.write() as session:
        await session.execute(update(Outgoing).values(attempts=attempts - 1))
    wait = await end(post, await take(post, ids[0], talk), Retry("ยังไม่ว่าง (429)", after=after))
    assert least <= wait <= most
