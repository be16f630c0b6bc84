"""Uses and what they tell."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from core.database import Database
from knowledge_base import counter, faq, questions, use
from knowledge_base.use import FaqUse, Kind, Outcome, Period
from tests.unit.knowledge_base.samples import entry


@pytest.fixture
async def town(database: Database) -> Database:
    """Two answers."""
    async with database.write() as session:
        for one in ("boat-licence", "kite-permit"):
            await faq.seed_entry(session, entry(one), "system:content", state="published", reason="test")
    return database


async def count(database: Database, faq_id: str, *kinds: Kind, channel: str = "line") -> None:
    async with database.write() as session:
        for kind in kinds:
            await use.count(session, faq_id, kind, channel)


async def thumb(database: Database, faq_id: str, *votes: bool) -> None:
    async with database.write() as session:
        for number, yes in enumerate(votes):
            await questions.helpful(session, faq_id, yes, f"{faq_id}-{number}")


async def test_many_processes_count_without_losing_one(town: Database, tmp_path: Path) -> None:
    others = [Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}") for _ in range(3)]
    await asyncio.gather(*(count(own, "boat-licence", "answered") for own in others for _ in range(5)))
    for own in others:
        await own.close()
    async with town.read() as session:
        row = await session.get(FaqUse, ("boat-licence", counter.today(), "answered", "line"))
    assert row is not None
    assert row.times == 15


async def test_a_faq_that_does_not_exist_is_not_counted(town: Database) -> None:
    with pytest.raises(IntegrityError):
        await count(town, "no-such-faq", "answered")


async def test_faqs_are_listed_by_how_often_they_answered(town: Database) -> None:
    await count(town, "boat-licence", "answered", "viewed")
    await count(town, "kite-permit", "offered", "offered", "chosen", "answered", channel="web")
    await thumb(town, "kite-permit", True, False, False)
    async with town.read() as session:
        kite, boat = await use.faqs(session, Period.of(7))
        on_line = await use.faqs(session, Period.of(7, "line"))
    assert (kite.id, kite.asked, kite.offered, kite.chosen) == ("kite-permit", 2, 2, 1)
    assert (kite.helpful, kite.unhelpful, kite.helpful_share) == (1, 2, pytest.approx(1 / 3))
    assert (boat.asked, boat.viewed, boat.helpful_share) == (1, 1, None)
    assert boat.title == "จดทะเบียนเรือหางยาวทำอย่างไร"
    assert on_line[0].id == "boat-licence"


async def test_the_least_helpful_comes_first_once_enough_citizens_judged(town: Database) -> None:
    await thumb(town, "boat-licence", True, True, False)
    await thumb(town, "kite-permit", False, False)
    async with town.read() as session:
        rows = await use.faqs(session, Period.of(7))
    assert [row.id for row in use.least_helpful(rows)] == ["boat-licence"]
    assert [row.id for row in use.least_helpful(rows, thumbs=2)] == ["kite-permit", "boat-licence"]


async def test_what_became_of_the_questions_of_a_day_and_a_channel(town: Database) -> None:
    await count(town, "boat-licence", "answered", "answered", "offered", "chosen")
    await count(town, "boat-licence", "answered", channel="web")
    async with town.write() as session:
        await questions.record(session, "เลี้ยงช้าง", "none", "line")
        await questions.record(session, "เล่นว่าว", "unsure", "line")
        await questions.record(session, "ปล่อยบอลลูน", "unhelpful", "line")
    async with town.read() as session:
        days = await use.by_day(session, Period.of(7))
        channels = dict(await use.by_channel(session, Period.of(7)))
        web = use.together(outcome for _, outcome in await use.by_day(session, Period.of(7, "web")))
    assert len(days) == 7
    assert days[-1] == (counter.today(), Outcome(answered=3, chosen=1, left=1, not_found=1, unhelpful=1))
    assert (days[-1][1].asked, days[-1][1].offered) == (6, 2)
    assert channels["line"].share(channels["line"].answered) == pytest.approx(0.4)
    assert (list(channels), web.asked, Outcome().share(0)) == (["line", "web"], 1, 0)


async def test_a_period_ends_where_it_says(town: Database) -> None:
    await count(town, "boat-licence", "answered")
    await thumb(town, "boat-licence", True)
    async with town.write() as session:
        await session.execute(update(FaqUse).values(day=counter.today() - timedelta(days=7)))
    async with town.read() as session:
        assert [row.answered for row in await use.faqs(session, Period.of(7))] == [0]
        assert [row.answered for row in await use.faqs(session, Period.of(8))] == [1]
        yesterday = Period(counter.today() - timedelta(days=8), counter.today() - timedelta(days=1))
        assert [row.helpful for row in await use.faqs(session, yesterday)] == [0]
