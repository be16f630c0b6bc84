import asyncio

import pytest
from sqlalchemy import func, select

from conversations.conversation import Conversation
from conversations.outbox import Outgoing
from core import clock
from core.audit import AuditEntry
from core.database import Database
from helpdesk import case as cases
from helpdesk import number, opening
from helpdesk.case import Case, CaseAttachment, CaseConversation, CaseEvent, Place
from helpdesk.error import CaseError, ConsentMissing, UnknownCategory, UnknownPhoto

from .conftest import Opener, report


async def test_a_case_keeps_what_was_said(opened: Opener, reporter: Conversation) -> None:
    case = await opened(contact=" 081-234-5678 ", consent=True)
    assert case.number == number.make(clock.buddhist_year(clock.now()), 1)
    assert (case.person_id, case.category, case.unit, case.state) == (reporter.person_id, "street-light", "กองช่าง", "new")
    assert (case.title, case.place_text) == ("ไฟถนนดับ 3 ดวง มืดมาก", "หน้าตลาดสด ซอยเทศบาล 3")
    assert (case.latitude, case.longitude, case.province) == (13.75, 100.5, "นนทบุรี")
    assert (case.happened_at, case.contact) == ("เมื่อคืน", "081-234-5678")
    assert case.consent_at is not None
    assert not case.confidential


async def test_history_link_and_audit_are_written_and_no_notice(
    opened: Opener, database: Database, reporter: Conversation, photo
) -> None:
    picture = await photo(reporter)
    case = await opened(photos=[picture, picture])
    async with database.read() as session:
        event = (await session.scalars(select(CaseEvent))).one()
        link = (await session.scalars(select(CaseConversation))).one()
        kept = (await session.scalars(select(CaseAttachment))).one()
        line = (await session.scalars(select(AuditEntry))).one()
        assert (event.sequence, event.kind, event.state, event.public) == (1, "opened", "new", True)
        assert (link.case_id, link.conversation_id) == (case.id, reporter.id)
        assert (kept.attachment_id, kept.role) == (picture, "before")
        assert (line.actor, line.action, line.subject) == (f"citizen:{reporter.person_id}", "case.open", f"case:{case.number}")
        assert await session.scalar(select(func.count()).select_from(Outgoing)) == 0


async def test_twenty_at_once_get_twenty_consecutive_numbers(opened: Opener) -> None:
    made = await asyncio.gather(*(opened(key=f"evt-{index}") for index in range(20)))
    year = clock.buddhist_year(clock.now())
    assert sorted(case.number for case in made) == [number.make(year, index) for index in range(1, 21)]


async def test_a_repeated_key_finds_the_first_case(opened: Opener, database: Database) -> None:
    first = await opened()
    again = await opened(description="อย่างอื่น", contact="081", consent=False)
    assert (again.id, again.description) == (first.id, first.description)
    async with database.read() as session:
        for table in (Case, CaseEvent, CaseConversation, AuditEntry):
            assert await session.scalar(select(func.count()).select_from(table)) == 1


async def test_ten_at_once_with_one_key_are_one_case(opened: Opener) -> None:
    made = await asyncio.gather(*(opened() for _ in range(10)))
    assert len({case.number for case in made}) == 1
    assert (await opened(key="evt-2")).number == number.make(clock.buddhist_year(clock.now()), 2)


async def test_who_loses_the_race_gives_the_number_back(
    opened: Opener, database: Database, reporter: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL lets two transactions look for a key at once; both find none, the unique key stops the second."""
    first = await opened()
    look = opening._by_key
    answers = [None]

    async def blind(session, key):
        return answers.pop() if answers else await look(session, key)

    monkeypatch.setattr(opening, "_by_key", blind)
    assert (await opened()).id == first.id
    assert (await opened(key="evt-2")).number == number.make(clock.buddhist_year(clock.now()), 2)


async def test_a_contact_needs_consent(opened: Opener, database: Database) -> None:
    with pytest.raises(ConsentMissing, match="ความยินยอม"):
        await opened(contact="0812345678")
    assert issubclass(ConsentMissing, ValueError)
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Case)) == 0


@pytest.mark.parametrize("contact", [None, "", "  "])
async def test_no_contact_needs_no_consent(opened: Opener, contact: str | None) -> None:
    case = await opened(contact=contact)
    assert (case.contact, case.consent_at) == (None, None)


async def test_an_unknown_category_is_refused(opened: Opener) -> None:
    with pytest.raises(UnknownCategory):
        await opened(category="ghosts")


async def test_anothers_picture_is_refused(opened: Opener, stranger: Conversation, photo) -> None:
    theirs = await photo(stranger)
    for foreign in (theirs, "att_missing", await photo(None)):
        with pytest.raises(UnknownPhoto) as refused:
            await opened(photos=[foreign])
        assert isinstance(refused.value, CaseError)


async def test_what_a_database_cannot_hold_is_left_out(opened: Opener) -> None:
    case = await opened(description=" ไฟ\x00ดับ \ud83d ", place=None)
    assert case.description == "ไฟดับ ?"
    assert (case.place_text, case.latitude) == ("", None)


async def test_a_case_without_words_is_called_by_its_category(opened: Opener) -> None:
    assert (await opened(description=" ")).title == "ไฟส่องสว่างสาธารณะ"


async def test_a_long_description_gives_a_short_title(opened: Opener) -> None:
    case = await opened(description="ไฟถนนดับ\nหลายดวง " * 50)
    assert len(case.title) <= 60
    assert case.title.startswith("ไฟถนนดับ หลายดวง")
    assert case.title.endswith("…")


async def test_a_pinned_place_has_words(opened: Opener) -> None:
    assert (await opened(place=Place(latitude=13.0, longitude=100.0))).place_text == "ตามตำแหน่งบนแผนที่"


async def test_a_rolled_back_case_leaves_nothing(opened: Opener, database: Database, reporter: Conversation) -> None:
    async def fail() -> None:
        async with database.write() as session:
            await cases.open_case(session, **report(reporter))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert (await opened(key="evt-2")).number == number.make(clock.buddhist_year(clock.now()), 1)


async def test_a_case_is_found_in_any_spelling(opened: Opener, database: Database) -> None:
    case = await opened()
    async with database.read() as session:
        for typed in (case.number, case.number.lower().replace("-", " "), f"เรื่อง {case.number} ค่ะ"):
            found = await cases.find(session, typed)
            assert found is not None
            assert found.id == case.id
        assert await cases.find(session, number.make(2569, 999)) is None
        assert await cases.find(session, "ไม่มี") is None


async def test_a_person_sees_their_own_newest_cases(opened: Opener, database: Database, stranger: Conversation) -> None:
    made = [await opened(key=f"evt-{index}") for index in range(7)]
    await opened(key="other", conversation=stranger)
    async with database.read() as session:
        mine = await cases.of_person(session, made[0].person_id)
        assert [case.number for case in mine] == [case.number for case in made[:1:-1]]
        assert len(await cases.of_person(session, made[0].person_id, limit=50)) == 7
