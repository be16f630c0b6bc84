"""The list of groups: filters, counts and trend."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.database import Database
from knowledge_base import counter, gap, inbox, questions
from knowledge_base.gap import GapNotFound
from knowledge_base.inbox import Group
from knowledge_base.questions import QuestionCount, Reason, UnansweredQuestion
from tests.unit.knowledge_base.samples import STAFF

ELEPHANT, BALLOON, KITE = "เลี้ยงช้างในบ้านได้ไหม", "จัดงานปล่อยบอลลูนต้องขออนุญาตไหม", "เล่นว่าวใกล้สนามบินผิดหรือเปล่า"


async def ask(
    database: Database, text: str, *, days_ago: int = 0, reason: Reason = "none", channel: str = "line", times: int = 1
) -> str:
    for _ in range(times):
        async with database.write() as session:
            row = await questions.record(session, text, reason, channel)
            assert row is not None
            if days_ago:
                own = QuestionCount.question_id == row.id
                moved = update(QuestionCount).where(own, QuestionCount.day == counter.today())
                await session.execute(moved.values(day=counter.today() - timedelta(days=days_ago), times=times))
        if days_ago:
            break
    return str(row.group)


async def listed(database: Database, **filters: object) -> list[Group]:
    async with database.read() as session:
        return list((await inbox.groups(session, **filters)).groups)  # type: ignore[arg-type]


@pytest.fixture
async def town(database: Database) -> Database:
    """Elephants often but long ago, balloons today on the web, kites once and unhelpful."""
    await ask(database, ELEPHANT, days_ago=10, times=5)
    await ask(database, ELEPHANT + "คะพี่", days_ago=2)
    await ask(database, BALLOON, channel="web", times=3)
    await ask(database, KITE, reason="unhelpful")
    return database


async def test_the_most_asked_comes_first_with_its_wordings_and_trend(town: Database) -> None:
    elephant, balloon, kite = await listed(town)
    assert [one.text for one in (elephant, balloon, kite)] == [ELEPHANT, BALLOON, KITE]
    assert (elephant.total, elephant.recent, elephant.earlier) == (6, 1, 5)
    assert [wording.text for wording in elephant.wordings] == [ELEPHANT, ELEPHANT + "คะพี่"]
    assert (elephant.channels, elephant.reasons) == ({"line": 6}, {"none": 6})
    assert (len(balloon.days), balloon.days[-1], sum(balloon.days)) == (inbox.DAYS, 3, 3)
    assert (elephant.days[-11], elephant.days[-3]) == (5, 1)


async def test_other_orders(town: Database) -> None:
    assert [one.text for one in await listed(town, order="trend")] == [BALLOON, KITE, ELEPHANT]
    assert [one.text for one in await listed(town, order="newest")] == [KITE, BALLOON, ELEPHANT]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"channel": "web"}, [BALLOON]),
        ({"reason": "unhelpful"}, [KITE]),
        ({"text": "คะพี่"}, [ELEPHANT]),
        ({"text": "%"}, []),
        ({"state": "done"}, []),
        ({"assignee": STAFF}, []),
        ({"since": counter.today() - timedelta(days=5), "order": "count"}, [BALLOON, KITE, ELEPHANT]),
    ],
)
async def test_filters(town: Database, filters: dict[str, object], found: list[str]) -> None:
    assert sorted(one.text for one in await listed(town, **filters)) == sorted(found)


async def test_counts_keep_to_the_filters(town: Database) -> None:
    (elephant,) = await listed(town, text="ช้าง", since=counter.today() - timedelta(days=5))
    assert elephant.total == 1


async def test_pages_know_how_many_there_are(town: Database) -> None:
    async with town.read() as session:
        page = await inbox.groups(session, limit=1, offset=1)
        assert ([one.text for one in page.groups], page.number) == ([BALLOON], 3)
        assert (await inbox.groups(session, offset=9)).groups == ()


async def test_tabs_count_groups_by_state(town: Database) -> None:
    elephant = (await listed(town))[0]
    async with town.write() as session:
        await gap.take(session, elephant.id, STAFF)
    async with town.read() as session:
        assert await inbox.states(session) == {"new": 2, "in_work": 1}
    assert [one.assignee for one in await listed(town, state="in_work")] == [STAFF]


async def test_what_was_taken_back_is_not_listed(database: Database) -> None:
    await ask(database, KITE, reason="unsure")
    async with database.write() as session:
        await questions.take_back(session, KITE, "unsure", "line")
    assert await listed(database) == []
    async with database.read() as session:
        assert await inbox.states(session) == {}


async def test_one_group_with_its_days_and_where_a_merged_one_went(town: Database) -> None:
    elephant, balloon, _ = await listed(town)
    async with town.write() as session:
        await gap.merge(session, [elephant.id, balloon.id], STAFF)
    async with town.read() as session:
        merged = await inbox.find(session, elephant.id)
        days = await inbox.by_day(session, elephant.id)
        assert await inbox.home(session, balloon.id) == elephant.id
        assert await inbox.home(session, "unq_none") is None
        with pytest.raises(GapNotFound):
            await inbox.find(session, balloon.id)
    assert (merged.total, len(merged.wordings), merged.channels) == (9, 3, {"line": 6, "web": 3})
    assert (len(days), days[-1][1], sum(times for _, times in days)) == (30, 3, 9)


async def test_a_group_that_was_done_and_came_back_says_so(town: Database) -> None:
    kite = (await listed(town))[2]
    async with town.write() as session:
        await session.execute(
            update(UnansweredQuestion).where(UnansweredQuestion.id == kite.id).values(state="done", faq_id="kites")
        )
    await ask(town, KITE)
    assert [one.returned for one in await listed(town, state="new", text="ว่าว")] == [True]
