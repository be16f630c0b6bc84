"""The circuit breaker by itself, on a clock of the test's own, and in a sender."""

import pytest

from channels.breaker import LONGEST_OPEN, THRESHOLD, Breaker
from channels.contract import Retry, Sent
from channels.lane import Lane
from conversations.outbox import SENT
from tests.unit.channels.sender.post import Post, StandIn


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def broken(breaker: Breaker, times: int = THRESHOLD) -> None:
    for _ in range(times):
        breaker.leave(probe=breaker.enter(), broken=True)


def test_it_opens_after_broken_calls_in_a_row_and_not_before() -> None:
    breaker = Breaker(Clock())
    broken(breaker, THRESHOLD - 1)
    breaker.leave(probe=breaker.enter(), broken=False)
    broken(breaker, THRESHOLD - 1)
    assert (breaker.closed, breaker.room(4)) == (True, 4)
    broken(breaker, 1)
    assert (breaker.closed, breaker.room(4)) == (False, 0)
    assert 1.5 <= breaker.remaining <= 2.5


def test_one_probe_leaves_and_closes_it() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    broken(breaker)
    clock.now += breaker.remaining
    assert breaker.room(4) == 1
    probe = breaker.enter()
    assert (probe, breaker.room(4)) == (True, 0)
    breaker.leave(probe=True, broken=False)
    assert (breaker.closed, breaker.room(4)) == (True, 4)


def test_broken_probes_open_it_for_longer_up_to_a_minute() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    broken(breaker)
    waits = []
    for _ in range(12):
        waits.append(breaker.remaining)
        clock.now += breaker.remaining
        breaker.leave(probe=breaker.enter(), broken=True)
    assert waits[2] > waits[0]
    assert all(LONGEST_OPEN * 0.75 <= wait <= LONGEST_OPEN * 1.25 for wait in waits[6:])


def test_a_probe_that_asked_nothing_lets_another_go() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    broken(breaker)
    clock.now += breaker.remaining
    breaker.leave(probe=breaker.enter(), broken=None)
    assert (breaker.closed, breaker.room(4)) == (False, 1)


def test_calls_that_began_before_it_opened_do_not_count_afterwards() -> None:
    breaker = Breaker(Clock())
    early = [breaker.enter() for _ in range(3)]
    broken(breaker)
    remaining = breaker.remaining
    breaker.leave(probe=early[0], broken=True)
    breaker.leave(probe=early[1], broken=False)
    assert (breaker.closed, breaker.remaining) == (False, remaining)


async def test_while_a_platform_is_broken_it_is_probed_and_no_attempts_are_used_up(post: Post) -> None:
    line = post.platform()
    line.usual = Retry("ล่ม (500)", broken=True)
    for number in range(10):
        await post.put(await post.citizen(line, f"c{number}"), ["สวัสดีค่ะ"])
    post.start()
    await line.called(THRESHOLD + 12)
    line.usual = Sent()
    await post.settled()
    rows = await post.rows()
    assert {row.state for row in rows} == {SENT}
    assert sum(row.attempts for row in rows) <= THRESHOLD + 3 + len(rows)  # calls under way when it opened, and the last ones


@pytest.mark.parametrize("silent", [Retry("รอดูก่อน", uncertain=True), Retry("ส่งอีกแบบ", asked=False)])
def test_what_asked_nothing_says_nothing_about_the_platform(silent: Retry) -> None:
    lane = Lane(StandIn("line", "main"), workers=4)
    spared = []
    for _ in range(THRESHOLD):
        assert lane.judge(silent, probe=lane.breaker.enter()) is False
        spared.append(lane.judge(Retry("ล่ม (500)", broken=True), probe=lane.breaker.enter()))
    assert not lane.breaker.closed
    assert spared == [False] * (THRESHOLD - 1) + [True]
