"""The pace: in all, for each recipient, and what a whole account waits for."""

import asyncio
import time

import pytest

from channels.contract import Pace, Retry
from channels.pace import Pacer
from tests.unit.channels.sender.post import Post


async def test_without_a_pace_everything_may_leave() -> None:
    pacer = Pacer(None)
    await pacer.take("somchai")
    assert (pacer.room(7), pacer.held(), pacer.remaining(), len(pacer)) == (7, set(), None, 0)


async def test_an_account_lets_only_a_fifth_of_a_second_leave_at_once() -> None:
    pacer = Pacer(Pace(per_second=25, recipient=5, recipient_seconds=5))
    for number in range(5):
        assert pacer.room(8) == 5 - number
        await pacer.take(f"citizen-{number}")
    assert pacer.room(8) == 0
    assert 0 < (pacer.remaining() or 0) <= 0.05


async def test_a_recipient_is_held_back_alone_and_forgotten_when_quiet() -> None:
    pacer = Pacer(Pace(per_second=1000, recipient=2, recipient_seconds=0.2))
    await pacer.take("somchai")
    assert pacer.held() == set()
    await pacer.take("somchai")
    await pacer.take("malee")
    assert pacer.held() == {"somchai"}
    await asyncio.sleep(pacer.remaining() or 0)
    assert pacer.held() == set()
    await asyncio.sleep(0.21)
    pacer.held()
    assert len(pacer) == 0


@pytest.mark.parametrize("batch", [1, 5])
async def test_one_recipients_pace_is_kept_and_keeps_no_worker_from_others(post: Post, batch: int) -> None:
    line = post.platform(batch=batch, pace=Pace(per_second=500, recipient=2, recipient_seconds=0.4))
    busy = await post.citizen(line, "busy")
    for number in range(6):
        await post.put(busy, [f"ข้อ {number}"], event=f"e{number}")
    for number in range(20):
        await post.put(await post.citizen(line, f"c{number}"), ["สวัสดีค่ะ"])
    post.start(workers=1)
    await post.settled()
    times = [at for call, at in zip(line.calls, line.times, strict=True) if call[0].conversation_id == busy]
    others = [at for call, at in zip(line.calls, line.times, strict=True) if call[0].conversation_id != busy]
    assert times[-1] - times[0] >= 0.6  # two at once, then four at 0.2 seconds each, less what the first was late
    assert sum(at < times[-1] for at in others) >= 18


async def test_an_accounts_pace_is_kept(post: Post) -> None:
    line = post.platform(pace=Pace(per_second=50, recipient=10, recipient_seconds=1))
    for number in range(40):
        await post.put(await post.citizen(line, f"c{number}"), ["สวัสดีค่ะ"])
    post.start(workers=40)
    await post.settled()
    assert line.times[-1] - line.times[0] >= 0.5  # ten at once, then thirty at 50 a second


async def test_when_all_must_wait_all_wait_as_long_as_the_platform_says(post: Post) -> None:
    line, telegram = post.platform("line"), post.platform("telegram")
    line.script.append(Retry("ยังไม่ว่าง (429)", after=0.8, everyone=True))
    for platform in (line, telegram):
        for number in range(3):
            await post.put(await post.citizen(platform, f"c{number}"), ["สวัสดีค่ะ"])
    post.start(workers=1)
    await post.settled()
    assert line.times[1] - line.times[0] >= 0.8
    assert telegram.times[1] < line.times[1]
    assert max(row.attempts for row in await post.rows()) == 1  # nobody's attempts were used up


async def test_a_platform_that_names_no_time_is_asked_again_after_growing_pauses(post: Post) -> None:
    line = post.platform()
    line.script += [Retry("โทเค็นไม่ถูกต้อง (401)", everyone=True)] * 4
    await post.put(await post.citizen(line), ["หนึ่ง"])
    post.start()
    begun = time.monotonic()
    await post.settled()
    assert len(line.calls) == 5
    assert time.monotonic() - begun >= 0.1
