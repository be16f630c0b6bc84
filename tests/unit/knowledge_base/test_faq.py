"""The doors through which a FAQ changes."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.database import Database
from knowledge_base import faq, revision
from knowledge_base.faq import EditConflict, FaqNotFound, SecondPersonNeeded, WrongState
from tests.unit.knowledge_base.samples import SECOND, STAFF, entry


async def published(database: Database) -> None:
    async with database.write() as session:
        await faq.save(session, entry(), STAFF, seen=None, reason="เรื่องใหม่")
        await faq.publish(session, "boat-licence", SECOND, seen=1)


async def live(database: Database) -> list[str]:
    async with database.read() as session:
        return [one.summary.en for one in await faq.live_entries(session)]


async def number(database: Database) -> int:
    async with database.read() as session:
        return await revision.current(session)


def edited(text: str) -> object:
    return entry(summary={"th": "ค่ะ", "en": text})


async def test_a_draft_is_not_live_and_a_second_person_publishes(database: Database) -> None:
    async with database.write() as session:
        await faq.save(session, entry(), STAFF, seen=None)
    assert await live(database) == []
    async with database.write() as session:
        with pytest.raises(SecondPersonNeeded):
            await faq.publish(session, "boat-licence", STAFF, seen=1)
    async with database.write() as session:
        await faq.submit(session, "boat-licence", STAFF, seen=1)
        with pytest.raises(SecondPersonNeeded):  # handing it in does not make somebody else its author
            await faq.publish(session, "boat-licence", STAFF, seen=2)
        await faq.publish(session, "boat-licence", SECOND, seen=2)
    assert await live(database) == ["Contact the Marine Department."]


async def test_what_is_live_stays_while_a_new_text_is_written(database: Database) -> None:
    await published(database)
    async with database.write() as session:
        row = await faq.save(session, edited("Better."), SECOND, seen=2, reason="ชัดขึ้น")
        assert (row.state, row.version, row.live) == ("draft", 3, 2)
    assert await live(database) == ["Contact the Marine Department."]
    async with database.write() as session:
        await faq.publish(session, "boat-licence", STAFF, seen=3)
    assert await live(database) == ["Better."]


async def test_the_second_of_two_editors_is_told(database: Database) -> None:
    await published(database)
    async with database.write() as session:
        await faq.save(session, edited("First."), STAFF, seen=2, reason="แก้คำผิด")
    async with database.write() as session:
        with pytest.raises(EditConflict) as raised:
            await faq.save(session, edited("Second."), SECOND, seen=2, reason="แก้คำผิด")
    assert (raised.value.seen, raised.value.current, raised.value.author) == (2, 3, STAFF)
    for change in (faq.publish, faq.archive, faq.submit):
        async with database.write() as session:
            with pytest.raises(EditConflict):
                await change(session, "boat-licence", SECOND, seen=2)


async def test_of_many_editors_at_once_one_wins(database: Database, tmp_path: Path) -> None:
    await published(database)
    others = [Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}") for _ in range(4)]

    async def save(own: Database, text: str) -> bool:
        async with own.write() as session:
            try:
                await faq.save(session, edited(text), STAFF, seen=2, reason="แก้คำผิด")
            except EditConflict:
                return False
            return True

    saved = await asyncio.gather(*(save(own, f"Text {place}.") for place, own in enumerate(others)))
    for own in others:
        await own.close()
    assert sum(saved) == 1


async def test_a_taken_id_is_a_conflict_and_an_unknown_one_an_error(database: Database) -> None:
    await published(database)
    async with database.write() as session:
        with pytest.raises(EditConflict):
            await faq.save(session, entry(), STAFF, seen=None)
        with pytest.raises(FaqNotFound):
            await faq.save(session, entry("no-such"), STAFF, seen=1)
        with pytest.raises(FaqNotFound):
            await faq.publish(session, "no-such", STAFF, seen=1)
        with pytest.raises(FaqNotFound):
            await faq.switch(session, "no-such", STAFF, on=False)


async def test_changes_that_do_not_fit_the_state_are_refused(database: Database) -> None:
    await published(database)
    async with database.write() as session:
        with pytest.raises(WrongState):
            await faq.publish(session, "boat-licence", SECOND, seen=2)
        with pytest.raises(WrongState):
            await faq.submit(session, "boat-licence", SECOND, seen=2)
        await faq.archive(session, "boat-licence", SECOND, seen=2)
        with pytest.raises(WrongState):
            await faq.archive(session, "boat-licence", SECOND, seen=3)


async def test_an_archived_faq_comes_back_as_a_draft(database: Database) -> None:
    await published(database)
    async with database.write() as session:
        await faq.archive(session, "boat-licence", STAFF, seen=2)
    assert await live(database) == []
    async with database.write() as session:
        assert (await faq.save(session, entry(), STAFF, seen=3, reason="กลับมาใช้")).state == "draft"
    assert await live(database) == []


async def test_the_switch_needs_no_version_and_keeps_the_state(database: Database) -> None:
    await published(database)
    async with database.write() as session:
        row = await faq.switch(session, "boat-licence", STAFF, on=False, reason="ค่าธรรมเนียมผิด")
        assert (row.on, row.state, row.version) == (False, "published", 3)
    assert await live(database) == []
    before = await number(database)
    async with database.write() as session:
        assert (await faq.switch(session, "boat-licence", STAFF, on=False)).version == 3  # off already: nothing happened
    assert await number(database) == before
    async with database.write() as session:
        await faq.switch(session, "boat-licence", STAFF, on=True)
    assert await live(database) == ["Contact the Marine Department."]


async def test_every_change_leaves_a_version_an_audit_line_and_a_revision(database: Database) -> None:
    await published(database)
    async with database.write() as session:
        await faq.switch(session, "boat-licence", SECOND, on=False, reason="ผิด")
        await faq.archive(session, "boat-licence", STAFF, seen=3)
    async with database.read() as session:
        versions = await faq.history(session, "boat-licence")
        lines = (await session.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
    assert [(v.number, v.action, v.author, v.reason) for v in versions] == [
        (4, "archive", STAFF, ""),
        (3, "switch_off", SECOND, "ผิด"),
        (2, "publish", SECOND, ""),
        (1, "save", STAFF, "เรื่องใหม่"),
    ]
    assert all(version.body == entry().body() for version in versions)
    assert {line.subject for line in lines} == {"faq:boat-licence"}
    assert sorted(line.action for line in lines) == ["faq.archive", "faq.publish", "faq.save", "faq.switch_off"]
    assert await number(database) == 4


async def test_a_change_that_fails_leaves_nothing(database: Database) -> None:
    async def interrupted() -> None:
        async with database.write() as session:
            await faq.save(session, entry(), STAFF, seen=None)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        await interrupted()
    assert await number(database) == 0
    async with database.read() as session:
        assert await session.get(faq.Faq, "boat-licence") is None
        assert (await session.scalars(select(AuditEntry))).all() == []
