"""What curators do with questions that found no answer."""

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from core.audit import AuditEntry
from core.database import Database
from knowledge_base import faq, gap, questions
from knowledge_base.faq import EditConflict, Faq, FaqNotFound
from knowledge_base.gap import GapNotFound, GapTaken, NothingNew
from knowledge_base.questions import UnansweredQuestion
from tests.unit.knowledge_base.samples import SECOND, STAFF, entry

BOAT = "เรือหางยาวต้องจดทะเบียนไหม"


async def asked(database: Database, *texts: str) -> list[str]:
    """Record questions; gives the group of each."""
    found = []
    for text in texts:
        async with database.write() as session:
            row = await questions.record(session, text, "none", "line")
        assert row is not None
        found.append(str(row.group))
    return found


async def group(database: Database, group_id: str) -> UnansweredQuestion:
    async with database.read() as session:
        return await gap.find(session, group_id)


async def done(database: Database) -> list[str]:
    """The audit log's actions on groups."""
    async with database.read() as session:
        return list(
            (
                await session.scalars(
                    select(AuditEntry.action).where(AuditEntry.action.startswith("gap.")).order_by(AuditEntry.at, AuditEntry.id)
                )
            ).all()
        )


async def boats(database: Database) -> Faq:
    """A published FAQ about boats."""
    async with database.write() as session:
        return await faq.seed_entry(session, entry(), "system:content", state="published", reason="test")


async def test_a_group_is_taken_given_back_and_ignored(database: Database) -> None:
    (one,) = await asked(database, BOAT)
    async with database.write() as session:
        await gap.take(session, one, STAFF)
    async with database.write() as session:
        with pytest.raises(GapTaken) as taken:
            await gap.take(session, one, SECOND)
    assert taken.value.assignee == STAFF
    async with database.write() as session:
        await gap.give_back(session, one, STAFF)
        await gap.take(session, one, SECOND)
        await gap.ignore(session, one, SECOND, reason="ไม่ใช่งานของเทศบาล")
    assert (await group(database, one)).state == "ignored"
    assert await done(database) == ["gap.take", "gap.give_back", "gap.take", "gap.ignore"]


async def test_a_wording_is_added_as_a_draft_and_done_once_it_is_published(database: Database) -> None:
    shown = await boats(database)
    one, _ = await asked(database, f"{BOAT} โทร 081-234-5678", f"{BOAT}คะ")
    async with database.write() as session:
        texts = (await session.scalars(select(UnansweredQuestion.text).order_by(UnansweredQuestion.id))).all()
        draft = await gap.adopt(session, one, shown.id, texts, STAFF, seen=shown.version)
    assert draft.state == "draft"
    assert draft.body["variants"][-2:] == [f"{BOAT} โทร", f"{BOAT}คะ"]
    held = await group(database, one)
    assert (held.state, held.assignee, held.faq_id) == ("in_work", STAFF, shown.id)

    async with database.write() as session:
        await faq.publish(session, shown.id, SECOND, seen=draft.version)
        assert await gap.published(session, shown.id, SECOND) == 1
        assert await gap.published(session, shown.id, SECOND) == 0
    assert (await group(database, one)).state == "done"
    assert await done(database) == ["gap.link", "gap.done"]


async def test_adding_a_wording_to_a_faq_that_changed_meanwhile_changes_nothing(database: Database) -> None:
    shown = await boats(database)
    (one,) = await asked(database, BOAT)
    async with database.write() as session:
        await faq.save(session, entry(fee="100 บาท"), SECOND, seen=shown.version, reason="ค่าธรรมเนียมใหม่")
    with pytest.raises(EditConflict):
        async with database.write() as session:
            await gap.adopt(session, one, shown.id, [BOAT], STAFF, seen=shown.version)
    assert (await group(database, one)).state == "new"


async def test_a_wording_that_is_known_or_too_long_is_refused(database: Database) -> None:
    shown = await boats(database)
    (one,) = await asked(database, BOAT)
    async with database.write() as session:
        with pytest.raises(NothingNew):
            await gap.adopt(session, one, shown.id, ["อยากจดทะเบียน เรือหาปลา ค่ะ", "[เบอร์โทร]"], STAFF, seen=shown.version)
        with pytest.raises(ValidationError):
            await gap.adopt(session, one, shown.id, ["จดทะเบียนเรือ" * 60], STAFF, seen=shown.version)
        with pytest.raises(FaqNotFound):
            await gap.adopt(session, one, "no-such-faq", [BOAT], STAFF, seen=1)


async def test_a_group_may_be_answered_by_a_faq_as_it_stands(database: Database) -> None:
    shown = await boats(database)
    (one,) = await asked(database, BOAT)
    async with database.write() as session:
        await gap.close(session, one, shown.id, STAFF)
        with pytest.raises(FaqNotFound):
            await gap.close(session, one, "no-such-faq", STAFF)
    held = await group(database, one)
    assert (held.state, held.faq_id) == ("done", shown.id)


async def test_groups_are_merged_under_the_first_and_new_wordings_follow(database: Database) -> None:
    tail, fishing = await asked(database, BOAT, "ขึ้นทะเบียนเรือประมงพื้นบ้าน")
    async with database.write() as session:
        await gap.take(session, fishing, STAFF)
        await gap.merge(session, [fishing, tail], SECOND)
    held = await group(database, tail)
    assert (held.state, held.assignee) == ("in_work", STAFF)
    with pytest.raises(GapNotFound):
        await group(database, fishing)
    assert await asked(database, "ขึ้นทะเบียนเรือประมงพื้นบ้าน ยังไง") == [tail]


async def test_a_wording_is_taken_out_of_its_group(database: Database) -> None:
    one, same = await asked(database, BOAT, f"{BOAT}ครับพี่")
    assert one == same
    async with database.write() as session:
        second = (await session.scalars(select(UnansweredQuestion).where(UnansweredQuestion.id != one))).one()
        await gap.split(session, second.id, STAFF)
        with pytest.raises(GapNotFound):
            await gap.split(session, one, STAFF)
    assert (await group(database, second.id)).state == "new"


async def test_a_new_faq_is_begun_with_the_words_asked_most(database: Database) -> None:
    await asked(database, f"{BOAT} คุณสมชาย", f"{BOAT}นะ", f"{BOAT}นะ", f"{BOAT}นะคะ")
    (one,) = set(await asked(database, BOAT))
    async with database.read() as session:
        filled = await gap.prefill(session, one)
        with pytest.raises(GapNotFound):
            await gap.prefill(session, "unq_none")
    assert filled == gap.Prefill(one, f"{BOAT}นะ", (f"{BOAT} คุณ",))
