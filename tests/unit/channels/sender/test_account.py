"""What operators are told of an account: what failed last, the breaker, the quota."""

import pytest
import structlog
from sqlalchemy import select

from channels import quota
from channels.account import ChannelAccount, note
from channels.contract import Retry, Sent, Stop
from core.database import Database
from tests.unit.channels.sender.post import Post, StandIn, until, until_cancelled


class Metered(StandIn):
    """A platform that counts what is pushed."""

    def __init__(self, *answers: tuple[int | None, int] | Exception) -> None:
        super().__init__("line", "main")
        self.answers = list(answers)

    async def quota(self) -> tuple[int | None, int]:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def account(database: Database) -> ChannelAccount | None:
    async with database.read() as session:
        return await session.scalar(select(ChannelAccount))


async def test_what_failed_last_is_kept_for_dead_letters_too(post: Post) -> None:
    line = post.platform()
    line.script += [Stop("ไม่รับ (400)"), Sent()]
    await post.put(await post.citizen(line), ["หนึ่ง", "สอง"])
    post.start()
    await post.settled()

    async def told() -> bool:
        return (await account(post.database)) is not None

    await until(told)
    known = await account(post.database)
    assert known is not None
    assert (known.channel, known.account, known.failure, known.open_until) == ("line", "main", "ไม่รับ (400)", None)
    assert known.failed_at is not None


async def test_an_open_breaker_is_shown_until_it_closes(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.breaker.FIRST_OPEN", 0.5)
    line = post.platform()
    line.script += [Retry("ล่ม (500)", broken=True)] * 5
    for number in range(5):
        await post.put(await post.citizen(line, f"c{number}"), ["สวัสดีค่ะ"])
    post.start()

    async def shown() -> bool:
        known = await account(post.database)
        return known is not None and known.open_until is not None

    async def closed() -> bool:
        return not await shown()

    await until(shown)
    await post.settled()
    await until(closed)
    known = await account(post.database)
    assert known is not None
    assert known.failure == "ล่ม (500)"


async def test_notes_change_only_what_they_name(database: Database) -> None:
    async with database.write() as session:
        await note(session, "line", "main", failure="ล่ม (500)")
    async with database.write() as session:
        await note(session, "line", "main", quota_used=3)
    known = await account(database)
    assert known is not None
    assert (known.failure, known.quota_used) == ("ล่ม (500)", 3)


async def test_the_quota_is_asked_for_warned_of_and_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "EVERY", 0.0)
    line = Metered((500, 100), OSError(), (500, 400), (500, 410), RuntimeError(), (500, 500))
    with structlog.testing.capture_logs() as logs:
        async with until_cancelled(quota.watch(database, [line, StandIn("web", "default")])):

            async def spent() -> bool:
                known = await account(database)
                return known is not None and known.quota_used == 500 and any(one["event"] == "quota_spent" for one in logs)

            await until(spent)
    known = await account(database)
    assert known is not None
    assert (known.quota_limit, known.quota_used) == (500, 500)
    assert [one["event"] for one in logs if one["event"] in {"quota_running_out", "quota_spent"}] == [
        "quota_running_out",
        "quota_spent",
    ]


async def test_channels_without_a_quota_are_not_asked(database: Database) -> None:
    await quota.watch(database, [StandIn("web", "default")])
    assert await account(database) is None
