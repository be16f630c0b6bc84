import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from conversations.content import plain_text
from conversations.conversation import Conversation
from core.database import Database
from helpdesk import case as cases
from helpdesk import intake
from helpdesk.case import Case, CaseEvent, Place, PublicCase

from .conftest import Opener, report

DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
PHONES = st.from_regex(r"0[689][0-9]{8}", fullmatch=True)
WORDS = st.text(alphabet="กขคงนมยรลสอะาิีเแโ่้ \n", max_size=20)


async def view(database: Database, case: Case) -> PublicCase:
    async with database.read() as session:
        return await cases.public_view(session, case)


def digits(text: str) -> str:
    return re.sub(r"\D", "", text.translate(DIGITS))


async def test_the_public_sees_what_was_reported(opened: Opener, database: Database, moved) -> None:
    case = await moved(await opened(), "accepted", "done")
    seen = await view(database, case)
    assert (seen.number, seen.state, seen.state_label) == (case.number, "done", "ดำเนินการเสร็จแล้ว")
    assert (seen.category, seen.unit) == ("ไฟส่องสว่างสาธารณะ", "กองช่าง")
    assert (seen.place, seen.description) == ("หน้าตลาดสด ซอยเทศบาล 3", "ไฟถนนดับ 3 ดวง มืดมาก")
    assert [(entry.label, entry.text) for entry in seen.timeline] == [
        ("ส่งเรื่องแล้ว", ""),
        ("รับเรื่องแล้ว", "เปลี่ยนหลอดไฟแล้ว"),
        ("ดำเนินการเสร็จแล้ว", "เปลี่ยนหลอดไฟแล้ว"),
    ]


async def test_dates_are_thai_and_of_bangkok(opened: Opener, database: Database) -> None:
    case = await opened()
    late = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)  # already the 23rd in Bangkok
    async with database.write() as session:
        await session.execute(update(Case).values(opened_at=late, state_at=late))
        await session.execute(update(CaseEvent).values(at=late))
    async with database.read() as session:
        found = await cases.find(session, case.number)
        assert found is not None
        seen = await cases.public_view(session, found)
    assert (seen.opened, seen.changed) == ("23 พฤศจิกายน 2569", "23 พฤศจิกายน 2569")
    assert seen.timeline[0].date == "23 พฤศจิกายน 2569 เวลา 01.30 น."


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(phone=PHONES, contact=PHONES, words=WORDS, gap=st.sampled_from(["", " ", "-"]), key=st.uuids())
async def test_nothing_personal_gets_through(
    database: Database, reporter: Conversation, phone: str, contact: str, words: str, gap: str, key: object
) -> None:
    written = phone[:3] + gap + phone[3:6] + gap + phone[6:]
    personal = f"{words} โทร {written} นายสมชาย ใจดี, บ้านเลขที่ 987/65 a.somchai@mail.go.th"
    async with database.write() as session:
        case = await cases.open_case(
            session,
            **report(
                reporter,
                key=str(key),
                description=personal,
                place=Place(f"บ้านคุณสมชาย {written}", 13.987654, 100.123456),
                contact=contact,
                consent=True,
            ),
        )
        case = await cases.add_information(
            session, case, key="1", text=f"{words} {written}", photos=[], position=None, actor="citizen:1"
        )
        case = await cases.add_note(session, case, key="2", text="ภายใน", actor="staff:42")
        case = await cases.change(session, case, "rejected", key="3", actor="staff:42", note=personal)
        seen = await cases.public_view(session, case)
    shown = seen.model_dump_json(exclude={"timeline": {"__all__": {"at", "date"}}})
    for secret in (phone, contact):
        assert secret not in digits(shown.replace(case.number, ""))
    for secret in ("สมชาย", "ใจดี", "987", "somchai", "ภายใน", "13.98", "100.12", "staff", "เมื่อคืน"):
        assert secret not in shown
    for secret in (reporter.id, reporter.person_id, case.id, reporter.external_id + '"'):
        assert secret not in shown
    assert [entry.kind for entry in seen.timeline] == ["opened", "state"]


@pytest.mark.parametrize("category", ["staff-conduct", "corruption"])
async def test_a_confidential_case_shows_state_and_time_line_only(
    opened: Opener, database: Database, moved, category: str
) -> None:
    case = await moved(await opened(category=category), "accepted")
    assert case.confidential
    seen = await view(database, case)
    assert (seen.category, seen.unit, seen.place, seen.description) == (None, None, None, None)
    assert [(entry.label, entry.text) for entry in seen.timeline] == [("ส่งเรื่องแล้ว", ""), ("รับเรื่องแล้ว", "")]
    shown = seen.model_dump_json() + plain_text(intake.public_card(seen))
    for secret in (case.title, case.place_text, case.unit, "เปลี่ยนหลอดไฟแล้ว"):
        assert secret not in shown


async def disputed(database: Database, case: Case) -> Case:
    async with database.write() as session:
        case = await cases.add_information(session, case, key="1", text="คำของผู้แจ้ง", photos=[], position=None, actor="citizen:1")
        case = await cases.add_note(session, case, key="2", text="บันทึกภายใน", actor="staff:1")
        case = await cases.add_note(session, case, key="3", text="ช่างไปแล้ว", actor="staff:1", public=True)
        return await cases.dispute(session, case, key="4", text="ยังไม่เสร็จเลย", actor="citizen:1")


async def test_everyone_sees_their_own_time_line(opened: Opener, database: Database, moved) -> None:
    case = await disputed(database, await moved(await opened(), "accepted", "done"))
    async with database.read() as session:
        public = [entry.text for entry in await cases.timeline(session, case)]
        reporter = [entry.text for entry in await cases.timeline(session, case, "reporter")]
        staff = [entry.text for entry in await cases.timeline(session, case, "staff")]
    told = ["", "เปลี่ยนหลอดไฟแล้ว", "เปลี่ยนหลอดไฟแล้ว"]
    assert public == [*told, "ช่างไปแล้ว", ""]
    assert reporter == [*told, "คำของผู้แจ้ง", "ช่างไปแล้ว", "ยังไม่เสร็จเลย"]
    assert staff == [*told, "คำของผู้แจ้ง", "บันทึกภายใน", "ช่างไปแล้ว", "ยังไม่เสร็จเลย"]


async def test_a_dispute_is_seen_by_all_without_its_words(opened: Opener, database: Database, moved) -> None:
    case = await disputed(database, await moved(await opened(), "accepted", "done"))
    last = (await view(database, case)).timeline[-1]
    assert (last.label, last.state, last.text, last.public) == ("ผู้แจ้งขอให้ตรวจสอบอีกครั้ง", "reopened", "", True)
