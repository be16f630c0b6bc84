"""Roll-back, review, sending back, and what the agency's word is worth after a change."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import clock
from core.database import Database
from knowledge_base import faq
from knowledge_base.faq import EditConflict, Faq, FaqNotFound, ReasonNeeded, SecondPersonNeeded, WrongState
from tests.unit.knowledge_base.samples import SECOND, STAFF, entry

ID = "boat-licence"


def fee(amount: str, **more: Any) -> Any:
    return entry(fee=amount, **more)


async def published_twice(database: Database) -> Faq:
    async with database.write() as session:
        await faq.save(session, fee("100 บาท"), STAFF, seen=None)
        await faq.publish(session, ID, SECOND, seen=1)
        await faq.save(session, fee("200 บาท"), STAFF, seen=2, reason="ขึ้นราคา")
        return await faq.publish(session, ID, SECOND, seen=3)


async def told(database: Database) -> list[str | None]:
    async with database.read() as session:
        return [one.fee for one in await faq.live_entries(session)]


async def test_the_old_text_is_a_draft_until_a_second_person_publishes_it(database: Database) -> None:
    await published_twice(database)
    async with database.write() as session:
        row = await faq.restore(session, ID, 1, SECOND, seen=4, reason="ประกาศใหม่ถูกยกเลิก")
        assert (row.state, row.live, row.version, row.body["fee"]) == ("draft", 4, 5, "100 บาท")
        with pytest.raises(SecondPersonNeeded):
            await faq.publish(session, ID, SECOND, seen=5)
    assert await told(database) == ["200 บาท"]
    async with database.write() as session:
        await faq.publish(session, ID, STAFF, seen=5)
        newest = await faq.version(session, ID, 5)
        assert (newest.action, newest.author, newest.reason) == ("restore", SECOND, "ประกาศใหม่ถูกยกเลิก")
    assert await told(database) == ["100 บาท"]


async def test_a_roll_back_is_refused_when_it_makes_no_sense(database: Database) -> None:
    await published_twice(database)
    async with database.write() as session:
        with pytest.raises(WrongState):
            await faq.restore(session, ID, 3, STAFF, seen=4, reason="เหมือนเดิม")
        with pytest.raises(ReasonNeeded):
            await faq.restore(session, ID, 1, STAFF, seen=4, reason=" ")
        with pytest.raises(FaqNotFound):
            await faq.restore(session, ID, 99, STAFF, seen=4, reason="ลอง")
        with pytest.raises(EditConflict) as raised:
            await faq.restore(session, ID, 1, STAFF, seen=3, reason="ช้าไป")
    assert raised.value.author == SECOND
    assert abs(raised.value.at - clock.now()) < timedelta(minutes=1)


async def test_an_archived_text_can_be_rolled_back_to_itself(database: Database) -> None:
    await published_twice(database)
    async with database.write() as session:
        await faq.archive(session, ID, STAFF, seen=4)
        assert (await faq.restore(session, ID, 4, STAFF, seen=5, reason="ยังใช้อยู่")).state == "draft"


async def test_an_edit_needs_a_reason_and_a_new_faq_does_not(database: Database) -> None:
    async with database.write() as session:
        await faq.save(session, entry(), STAFF, seen=None)
        with pytest.raises(ReasonNeeded):
            await faq.save(session, fee("1 บาท"), STAFF, seen=1, reason="\n")


async def test_a_text_is_sent_back_with_a_reason(database: Database) -> None:
    async with database.write() as session:
        await faq.save(session, entry(), STAFF, seen=None)
        with pytest.raises(WrongState):
            await faq.send_back(session, ID, SECOND, seen=1, reason="ยังไม่ครบ")
        await faq.submit(session, ID, STAFF, seen=1)
        with pytest.raises(ReasonNeeded):
            await faq.send_back(session, ID, SECOND, seen=2, reason="")
        row = await faq.send_back(session, ID, SECOND, seen=2, reason="ขาดเอกสาร")
        assert row.state == "draft"
        assert await faq.writers(session, ID) == [STAFF]  # the reviewer did not become its author
        assert (await faq.version(session, ID, 3)).action == "return"


async def test_a_colleague_who_adds_a_way_to_ask_does_not_become_the_only_author(database: Database) -> None:
    await published_twice(database)
    async with database.write() as session:
        row = await faq.save(session, fee("300 บาท"), STAFF, seen=4, reason="ขึ้นราคาอีก")
        more = entry(fee="300 บาท", variants=["ทะเบียนเรือทำไง"])
        row = await faq.save(session, more, SECOND, seen=row.version, reason="เพิ่มสำนวน")
        assert await faq.writers(session, ID) == [SECOND, STAFF]
        for writer in (STAFF, SECOND):
            with pytest.raises(SecondPersonNeeded):
                await faq.publish(session, ID, writer, seen=row.version)
        await faq.publish(session, ID, "staff:third", seen=row.version)


async def test_a_review_without_change_sets_the_next_day_and_waits_for_a_second_person(database: Database) -> None:
    await published_twice(database)
    today = date(2027, 5, 1)
    async with database.write() as session:
        row = await faq.reviewed(session, ID, SECOND, seen=4, review_by=date(2028, 5, 1), today=today)
        assert (row.state, row.live, row.review_by) == ("in_review", 4, date(2028, 5, 1))
        assert (row.body["reviewed"], row.body["review_by"], row.body["fee"]) == ("2027-05-01", "2028-05-01", "200 บาท")
        with pytest.raises(SecondPersonNeeded):
            await faq.publish(session, ID, SECOND, seen=row.version)
        with pytest.raises(WrongState):
            await faq.reviewed(session, ID, STAFF, seen=row.version, review_by=today)
        await faq.publish(session, ID, STAFF, seen=row.version)


async def test_only_who_speaks_for_the_agency_makes_a_text_verified(database: Database) -> None:
    async with database.write() as session:
        row = await faq.save(session, entry(verified=True), STAFF, seen=None)
        assert row.body["verified"] is False
        row = await faq.save(session, entry(verified=True), STAFF, seen=1, reason="หน่วยงานตอบแล้ว", confirms=True)
        assert row.body["verified"] is True


async def test_the_agencys_word_stays_with_the_facts_it_was_given_for(database: Database) -> None:
    async with database.write() as session:
        await faq.save(session, fee("100 บาท"), STAFF, seen=None)
        row = await faq.publish(session, ID, SECOND, seen=1, confirms=True)
        assert row.body["verified"] is True
        other = fee("100 บาท", verified=True, variants=["เรือ"], review_by=date(2028, 1, 1))
        row = await faq.save(session, other, STAFF, seen=2, reason="เพิ่มสำนวน")
        assert row.body["verified"] is True
        row = await faq.save(session, fee("150 บาท", verified=True), STAFF, seen=3, reason="ราคาใหม่")
        assert row.body["verified"] is False
        row = await faq.restore(session, ID, 2, STAFF, seen=4, reason="ราคาเดิม")
        assert row.body["verified"] is False


async def test_confirming_takes_a_second_person_and_is_seen_at_once(database: Database) -> None:
    await published_twice(database)
    async with database.write() as session:
        with pytest.raises(SecondPersonNeeded):
            await faq.confirm(session, ID, STAFF, seen=4, reason="โทรถาม")
        with pytest.raises(ReasonNeeded):
            await faq.confirm(session, ID, SECOND, seen=4, reason="")
        row = await faq.confirm(session, ID, SECOND, seen=4, reason="กรมเจ้าท่ายืนยันทางหนังสือ")
        assert (row.state, row.live, row.version) == ("published", 5, 5)
        assert [one.verified for one in await faq.live_entries(session)] == [True]
        with pytest.raises(WrongState):
            await faq.confirm(session, ID, SECOND, seen=5, reason="อีกครั้ง")
        await faq.save(session, fee("300 บาท"), STAFF, seen=5, reason="ขึ้นราคา")
        with pytest.raises(WrongState):  # a newer draft must not slip through
            await faq.confirm(session, ID, SECOND, seen=6, reason="โทรถาม")
