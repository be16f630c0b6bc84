"""Cases of several people: duplicates found at intake, joined, merged, split, linked; who is told what."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from conversations.conversation import Conversation
from conversations.message import Message
from core.database import Database
from helpdesk import case as cases
from helpdesk import category as categories
from helpdesk import duplicates, follower, listing, record, relation, staff, staff_notice
from helpdesk.duplicates import place_key
from helpdesk.error import CaseMerged, MergeRefused, NotJoinable, RelationRefused, UnknownPhoto
from helpdesk.place import Place
from helpdesk.record import Case, CaseAttachment, CaseEvent

from .conftest import Opener

MARKET = Place("หน้าตลาดสด ซอยเทศบาล 3", 13.75, 100.5, "นนทบุรี", "ปากเกร็ด", "บางพูด")
Mover = Callable[..., Awaitable[Case]]
Photographer = Callable[[Conversation | None], Awaitable[str]]


async def near(database: Database, category: str = "street-light", place: Place | None = MARKET) -> Case | None:
    async with database.read() as session:
        found = await duplicates.find(session, category, place)
        return found.case if found else None


async def heard(database: Database, conversation: Conversation) -> list[str]:
    """The titles of the cards and the texts that a conversation was sent."""
    async with database.read() as session:
        query = select(Message).where(Message.conversation_id == conversation.id).order_by(Message.sequence)
        return [row.content.get("title") or row.content["text"] for row in await session.scalars(query)]


async def said(database: Database, conversation: Conversation) -> str:
    async with database.read() as session:
        return str(
            [row.content for row in await session.scalars(select(Message).where(Message.conversation_id == conversation.id))]
        )


async def join(database: Database, case: Case, who: Conversation, key: str = "j1", text: str = "ดับทั้งซอย") -> Case:
    async with database.write() as session:
        return await cases.join(session, case, key=key, conversation=who, text=text, actor=f"citizen:{who.person_id}")


@pytest.mark.parametrize(
    "place",
    [
        Place("ปากซอย", 13.7509, 100.5),  # 100 m
        Place("หน้าตลาดสด ซ.เทศบาล ๓"),
        Place("หน้าตลาดสด, ซอยเทศบาล 3", district="ปากเกร็ด"),
    ],
)
async def test_the_same_matter_near_or_at_the_same_named_place_is_found(database: Database, opened: Opener, place: Place) -> None:
    case = await opened()
    found = await near(database, place=place)
    assert found is not None
    assert found.id == case.id


@pytest.mark.parametrize(
    "place",
    [
        None,
        Place("หน้าตลาดสด ซอยเทศบาล 3", 13.7530, 100.5),  # 330 m away, whatever it is called
        Place("หน้าตลาดสด ซอยเทศบาล 4"),
        Place("หน้าตลาดสด ซอยเทศบาล 3", district="เมือง"),
        Place(district="ปากเกร็ด"),
    ],
)
async def test_what_is_elsewhere_is_another_matter(database: Database, opened: Opener, place: Place | None) -> None:
    await opened()
    assert await near(database, place=place) is None


async def test_other_kinds_finished_and_old_cases_are_not_offered(database: Database, opened: Opener, moved: Mover) -> None:
    case = await opened()
    assert await near(database, "flooding") is None
    async with database.write() as session:
        await session.execute(update(Case).values(opened_at=case.opened_at - timedelta(days=31)))
    assert await near(database) is None
    async with database.write() as session:
        await session.execute(update(Case).values(opened_at=case.opened_at))
    assert await near(database) is not None
    await moved(case, "accepted", "done")
    assert await near(database) is None


async def test_a_confidential_case_is_never_offered(database: Database, opened: Opener) -> None:
    await opened(category="corruption")
    assert await near(database, "corruption") is None


async def test_of_several_the_nearest_is_offered(database: Database, opened: Opener) -> None:
    await opened(key="a", place=Place("ต้นซอย", 13.7512, 100.5))
    nearest = await opened(key="b", place=Place("กลางซอย", 13.7503, 100.5))
    found = await near(database)
    assert found is not None
    assert found.id == nearest.id


@pytest.mark.parametrize("text", ["หน้าบ้าน", "แถวบ้านผม", "ซอยนี้", "ที่นี่", "ปากเกร็ด", "อำเภอปากเกร็ด", "ซ.3"])
def test_words_that_name_no_place_are_no_place(text: str) -> None:
    assert place_key(Place(text, district="ปากเกร็ด")) == ""


@given(st.floats(13, 14), st.floats(100, 101), st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))
def test_distances_are_those_of_the_plane_for_short_ways(lat: float, lon: float, north: float, east: float) -> None:
    import math

    there = (lat + north, lon + east)
    flat = math.hypot(north * 111_195, east * 111_195 * math.cos(math.radians(lat + north / 2)))
    assert duplicates.metres((lat, lon), there) == pytest.approx(flat, rel=1e-3, abs=0.01)
    assert duplicates.metres(there, (lat, lon)) == pytest.approx(duplicates.metres((lat, lon), there))


async def test_who_joins_hears_of_the_case_masked_and_the_reporter_as_before(
    database: Database, opened: Opener, moved: Mover, reporter: Conversation, stranger: Conversation
) -> None:
    case = await opened(description="ไฟดับ ติดต่อนายสมชาย 081-234-5678")
    await join(database, case, stranger)
    assert await heard(database, reporter) == []  # nobody is told that somebody joined
    await moved(case, "accepted")
    assert await heard(database, reporter) == await heard(database, stranger) == ["รับเรื่องแล้ว"]
    assert "081-234-5678" in await said(database, reporter)
    others = await said(database, stranger)
    assert "081-234-5678" not in others
    assert "สมชาย" not in others
    assert case.link_key not in others


async def test_joining_twice_is_joining_once(database: Database, opened: Opener, stranger: Conversation) -> None:
    case = await opened()
    for _ in range(2):
        await join(database, case, stranger)
    async with database.read() as session:
        assert await follower.people(session, case) == [case.person_id, stranger.person_id]
        events = (await session.scalars(select(CaseEvent).where(CaseEvent.kind == record.JOINED))).all()
        assert [event.text for event in events] == ["ดับทั้งซอย"]
        assert "ดับทั้งซอย" not in str(await cases.timeline(session, case, "reporter"))


async def test_a_finished_or_confidential_case_is_not_joined(
    database: Database, opened: Opener, moved: Mover, stranger: Conversation
) -> None:
    finished = await moved(await opened(), "accepted", "done")
    secret = await opened(key="s", category="staff-conduct")
    for case in (finished, secret):
        with pytest.raises(NotJoinable):
            await join(database, case, stranger)


async def test_who_follows_may_add_but_only_their_own_pictures(
    database: Database, opened: Opener, stranger: Conversation, reporter: Conversation, photo: Photographer
) -> None:
    case, own, others = await opened(), await photo(stranger), await photo(reporter)
    await join(database, case, stranger)
    for picture, refused in ((own, False), (others, True)):
        async with database.write() as session:
            adding = cases.add_information(
                session, case, key=picture, text="ยังดับอยู่", photos=[picture], position=None,
                actor=f"citizen:{stranger.person_id}", person_id=stranger.person_id,
            )  # fmt: skip
            if refused:
                with pytest.raises(UnknownPhoto):
                    await adding
            else:
                await adding
    async with database.read() as session:
        assert "ยังดับอยู่" not in str(await cases.timeline(session, case, "reporter"))
        assert "ยังดับอยู่" in str(await cases.timeline(session, case, "staff"))


async def test_after_a_merge_everybody_follows_the_case_that_goes_on(
    database: Database, opened: Opener, moved: Mover, reporter: Conversation, stranger: Conversation
) -> None:
    first, second = await opened(key="a"), await opened(key="b", conversation=stranger)
    async with database.write() as session:
        gone, kept = await cases.merge(session, second, first, key="m1", actor="staff:1", version=second.version)
    assert (gone.state, gone.merged_into) == ("closed", first.id)
    assert await heard(database, stranger) == ["รวมเรื่องแล้ว"]
    assert kept.number in await said(database, stranger)
    assert await heard(database, reporter) == []
    await moved(kept, "accepted")
    assert await heard(database, stranger) == ["รวมเรื่องแล้ว", "รับเรื่องแล้ว"]
    async with database.read() as session:
        assert (await cases.survivor(session, gone)).id == first.id
        assert [entry.kind for entry in await cases.timeline(session, gone)] == ["opened", "merged"]
        assert [(kind, case.id) for kind, case in await relation.related(session, first)] == [("merged", second.id)]
        assert [(kind, case.id) for kind, case in await relation.related(session, gone)] == [("into", first.id)]


async def test_what_was_merged_before_goes_along(database: Database, opened: Opener, reporter: Conversation) -> None:
    one, two, three = [await opened(key=key) for key in "abc"]
    async with database.write() as session:
        await cases.merge(session, one, two, key="m1", actor="staff:1")
        await cases.merge(session, two, three, key="m2", actor="staff:1")
        again = await cases.merge(session, two, three, key="m2", actor="staff:1")
    assert again[0].merged_into == three.id
    async with database.read() as session:
        assert {case.id for _, case in await relation.related(session, three)} == {one.id, two.id}


async def test_a_merged_case_is_not_worked_on_any_more(database: Database, opened: Opener) -> None:
    one, two = await opened(key="a"), await opened(key="b")
    async with database.write() as session:
        one, two = await cases.merge(session, one, two, key="m", actor="staff:1")
        doors = (
            cases.change(session, one, "reopened", key="1", actor="staff:1"),
            cases.dispute(session, one, key="2", text="ยังไม่เสร็จ", actor="citizen:1"),
            cases.assign(session, one, "stf_x", key="3", actor="staff:1"),
            cases.set_priority(session, one, "high", key="4", actor="staff:1"),
            cases.relabel(session, one, add=["ก"], key="5", actor="staff:1"),
            cases.add_information(session, one, key="6", text="x", photos=[], position=None, actor="citizen:1"),
        )
        for door in doors:
            with pytest.raises(CaseMerged, match=two.number):
                await door


async def test_merges_that_would_hurt_somebody_are_refused(
    database: Database, opened: Opener, moved: Mover, stranger: Conversation
) -> None:
    one, secret = await opened(key="a"), await opened(key="s", category="corruption")
    others = await opened(key="t", category="corruption", conversation=stranger)
    rejected = await moved(await opened(key="r"), "rejected")
    for case, into in ((one, one), (one, secret), (secret, one), (secret, others), (one, rejected)):
        async with database.write() as session:
            with pytest.raises(MergeRefused):
                await cases.merge(session, case, into, key="m", actor="staff:1")


async def test_a_second_matter_gets_a_number_of_its_own(
    database: Database, opened: Opener, reporter: Conversation, photo: Photographer
) -> None:
    picture, other = await photo(reporter), await photo(reporter)
    case = await opened(photos=[picture])
    async with database.write() as session:
        with pytest.raises(UnknownPhoto):
            await cases.split(session, case, key="x", category="garbage", description="ขยะ", photos=[other], actor="staff:1")
        made = [
            await cases.split(session, case, key="s", category="garbage", description="ขยะล้น", photos=[picture], actor="staff:1")
            for _ in range(2)
        ]
    new = made[0]
    assert made[1].id == new.id
    assert (new.category, new.person_id, new.place_text, new.state) == ("garbage", case.person_id, case.place_text, "new")
    assert new.unit == categories.category("garbage").unit
    assert await heard(database, reporter) == ["แยกเป็นเรื่องใหม่"]
    async with database.read() as session:
        held = await session.scalars(select(CaseAttachment.case_id).where(CaseAttachment.attachment_id == picture))
        assert set(held) == {case.id, new.id}
        assert [(kind, one.id) for kind, one in await relation.related(session, new)] == [("split", case.id)]


async def test_linked_cases_show_each_other(database: Database, opened: Opener) -> None:
    one, two = await opened(key="a"), await opened(key="b")
    async with database.write() as session:
        for key in ("l1", "l2"):
            await cases.relate(session, one, two, key=key, actor="staff:1")
        with pytest.raises(RelationRefused):
            await cases.relate(session, one, one, key="l3", actor="staff:1")
    async with database.read() as session:
        for case, other in ((one, two), (two, one)):
            assert [(kind, found.id) for kind, found in await relation.related(session, case)] == [("related", other.id)]
            events = await session.scalars(
                select(CaseEvent.text).where(CaseEvent.case_id == case.id, CaseEvent.kind == "related")
            )
            assert list(events) == [f"เกี่ยวข้องกับเรื่อง {other.number}"]


async def test_an_answer_of_the_citizen_ends_the_waiting_and_the_officer_is_told(
    database: Database, opened: Opener, moved: Mover
) -> None:
    case = await moved(await opened(), "waiting_citizen")
    async with database.write() as session:
        officer = await staff.add(session, "one@demo", "one", ["officer"], "correct horse battery", actor="cli")
        await cases.assign(session, case, officer.id, key="a", actor="staff:boss")
        for _ in range(2):
            case = await cases.add_information(
                session, case, key="i", text="เสาต้นที่ 12 ค่ะ", photos=[], position=None, actor=f"citizen:{case.person_id}"
            )
    assert case.state == "in_progress"
    async with database.read() as session:
        kinds = [notice.kind for notice, _ in await staff_notice.latest(session, officer)]
        assert sorted(kinds) == ["answered", "assigned"]
        states = [entry.state for entry in await cases.timeline(session, case, "reporter")]
        assert states == ["new", "waiting_citizen", "waiting_citizen", "in_progress"]


async def test_the_list_finds_what_was_joined_by_its_words(database: Database, opened: Opener, stranger: Conversation) -> None:
    from sqlalchemy import true

    case = await opened()
    await join(database, case, stranger, text="หม้อแปลงระเบิด")
    async with database.read() as session:
        found = await listing.page(session, true(), listing.Filter(text="หม้อแปลง"))
    assert [row.id for row in found.rows] == [case.id]
    assert not found.loose
