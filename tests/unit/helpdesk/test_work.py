"""Who works on a case: assignee, priority, labels, notes with mentions; each door once, with history and audit line."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select

from conversations.conversation import Conversation
from conversations.outbox import Outgoing
from core.audit import AuditEntry
from core.database import Database
from helpdesk import case as cases
from helpdesk import listing, note, record, staff, staff_notice
from helpdesk.agency import HOME, Agency, StaffAgency
from helpdesk.error import CaseChanged, LabelRefused, NotAssignable, NoteEmpty, UnknownPriority
from helpdesk.record import Case, CaseAttachment, CaseEvent
from helpdesk.staff import Member

from .conftest import Opener

Hire = Callable[..., Awaitable[Member]]


@pytest.fixture
def hire(database: Database) -> Hire:
    async def hired(login: str, *roles: str) -> Member:
        async with database.write() as session:
            return await staff.add(session, login, login, roles or ("officer",), "correct horse battery", actor="cli")

    return hired


async def events(database: Database, case: Case, kind: str) -> list[CaseEvent]:
    async with database.read() as session:
        query = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == kind).order_by(CaseEvent.sequence)
        return list(await session.scalars(query))


async def told(database: Database, member: Member) -> list[str]:
    async with database.read() as session:
        return [notice.kind for notice, _ in await staff_notice.latest(session, member)]


async def test_an_assignee_is_told_and_the_change_is_written_down(database: Database, opened: Opener, hire: Hire) -> None:
    case, officer = await opened(), await hire("one@demo")
    async with database.write() as session:
        done = await cases.assign(session, case, officer.id, key="f1", actor="staff:boss", version=case.version)
    assert (done.assignee, done.version) == (officer.id, 2)
    assert [event.text for event in await events(database, case, record.ASSIGNED)] == ["one@demo"]
    assert await told(database, officer) == ["assigned"]
    async with database.read() as session:
        line = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "case.assign"))).one()
        assert (line.actor, line.detail["new"]) == ("staff:boss", officer.id)
        assert await session.scalar(select(func.count()).select_from(Outgoing)) == 0


async def test_who_takes_a_case_is_not_told_of_it(database: Database, opened: Opener, hire: Hire) -> None:
    case, officer = await opened(), await hire("one@demo")
    async with database.write() as session:
        await cases.assign(session, case, officer.id, key="f1", actor=officer.actor)
    assert await told(database, officer) == []


async def test_the_same_form_assigns_once(database: Database, opened: Opener, hire: Hire) -> None:
    case, one, two = await opened(), await hire("one@demo"), await hire("two@demo")
    for member in (one, two):
        async with database.write() as session:
            case = await cases.assign(session, case, member.id, key="f1", actor="staff:boss")
    assert case.assignee == one.id
    async with database.write() as session:
        case = await cases.assign(session, case, None, key="f2", actor="staff:boss")
    assert case.assignee is None


async def test_the_second_of_two_officers_is_told_to_look_again(database: Database, opened: Opener, hire: Hire) -> None:
    case, officer = await opened(), await hire("one@demo")
    async with database.write() as session:
        await cases.set_priority(session, case, "urgent", key="f1", actor="staff:a", version=1)
    async with database.write() as session:
        with pytest.raises(CaseChanged):
            await cases.assign(session, case, officer.id, key="f2", actor="staff:b", version=1)
        with pytest.raises(CaseChanged):
            await cases.relabel(session, case, add=["ด่วน"], key="f3", actor="staff:b", version=1)
        with pytest.raises(CaseChanged):
            await cases.change(session, case, "accepted", key="f4", actor="staff:b", version=1)


@pytest.mark.parametrize("roles", [("auditor",), ("curator",), ("administrator",)])
async def test_only_who_works_on_cases_is_given_one(
    database: Database, opened: Opener, hire: Hire, roles: tuple[str, ...]
) -> None:
    case, member = await opened(), await hire("one@demo", *roles)
    async with database.write() as session:
        with pytest.raises(NotAssignable):
            await cases.assign(session, case, member.id, key="f1", actor="staff:boss")


async def test_an_officer_of_another_agency_is_not_given_a_case_they_cannot_see(
    database: Database, opened: Opener, hire: Hire
) -> None:
    case, member = await opened(), await hire("far@demo")
    async with database.write() as session:
        session.add(Agency(id="agc_far", level="provincial", name_th="แขวงทางหลวง", name_en="Highways"))
        session.add(Agency(id=HOME, level="local", name_th="เทศบาล", name_en="Town"))
        await session.flush()
        session.add(StaffAgency(staff_id=member.id, agency_id="agc_far"))
    async with database.write() as session:
        with pytest.raises(NotAssignable):
            await cases.assign(session, case, member.id, key="f1", actor="staff:boss")
        assert (await note.mentions(session, case, "@far@demo")).unknown == ["far@demo"]


async def test_a_priority_is_one_of_four(database: Database, opened: Opener) -> None:
    case = await opened()
    async with database.write() as session:
        case = await cases.set_priority(session, case, "high", key="f1", actor="staff:a")
        with pytest.raises(UnknownPriority):
            await cases.set_priority(session, case, "extreme", key="f2", actor="staff:a")
        case = await cases.set_priority(session, case, "high", key="f3", actor="staff:a")
    assert (case.priority, case.version) == ("high", 2)
    assert [event.text for event in await events(database, case, record.PRIORITY)] == ["สูง"]


async def test_labels_are_put_on_and_taken_off(database: Database, opened: Opener) -> None:
    case = await opened()
    async with database.write() as session:
        await cases.relabel(session, case, add=["  หน้า  ฝน ", "VIP"], key="f1", actor="staff:a")
        await cases.relabel(session, case, add=["vip"], remove=["หน้า ฝน", "ไม่มี"], key="f2", actor="staff:a")
    async with database.read() as session:
        assert await listing.labels_of(session, [case.id]) == {case.id: ["vip"]}
    assert [event.text for event in await events(database, case, record.LABELLED)] == ["+vip +หน้า ฝน", "-หน้า ฝน"]


@pytest.mark.parametrize("labels", [[""], ["ก" * 41], [str(number) for number in range(13)]])
async def test_labels_that_would_not_help_are_refused(database: Database, opened: Opener, labels: list[str]) -> None:
    case = await opened()
    async with database.write() as session:
        with pytest.raises(LabelRefused):
            await cases.relabel(session, case, add=labels, key="f1", actor="staff:a")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ฝาก @officer@demo ดูต่อด้วย", ["officer@demo"]),
        ("@One@demo, @two.", ["one@demo", "two"]),
        ("ส่งไปที่ someone@city.example แล้ว", []),
        ("(@one) @one", ["one"]),
        ("ค่าใช้จ่าย 5@10", []),
    ],
)
def test_logins_are_read_out_of_thai_sentences(text: str, found: list[str]) -> None:
    assert note.logins(text) == found


async def test_who_is_called_in_a_note_is_told_and_nobody_else(database: Database, opened: Opener, hire: Hire) -> None:
    case = await opened()
    one, writer, curator = await hire("one@demo"), await hire("two@demo"), await hire("cur@demo", "curator")
    text = "ฝาก @one@demo @two@demo @cur@demo @nobody ดูหน่อย"
    async with database.write() as session:
        for _ in range(2):
            await cases.add_note(session, case, key="f1", text=text, actor=writer.actor)
        assert (await note.mentions(session, case, text)).unknown == ["cur@demo", "nobody"]
    assert await told(database, one) == ["mention"]
    assert await told(database, writer) == []
    assert await told(database, curator) == []
    assert len(await events(database, case, record.NOTE)) == 1


async def test_a_note_may_be_a_file_but_not_nothing(
    database: Database, opened: Opener, photo: Callable[[Conversation | None], Awaitable[str]]
) -> None:
    case, file = await opened(), await photo(None)
    async with database.write() as session:
        with pytest.raises(NoteEmpty):
            await cases.add_note(session, case, key="f1", text=" \n", actor="staff:a")
        await cases.add_note(session, case, key="f2", text="", files=[file], actor="staff:a")
    async with database.read() as session:
        held = (await session.scalars(select(CaseAttachment))).one()
    assert (held.attachment_id, held.role) == (file, record.INTERNAL)
    async with database.read() as session:
        assert "note" not in [entry.kind for entry in await cases.timeline(session, case)]
