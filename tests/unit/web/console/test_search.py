"""The search over cases and chats, and what another agency's people see of chats."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from conversations import handover, presence, search
from conversations.waiting import Waiting
from core.audit import AuditEntry
from helpdesk.agency import Agency, StaffAgency
from tests.unit.web.console.test_chats import BASE, citizen, owner, queue, take
from tests.unit.web.town import Town

Console = Callable[..., Any]
ROADS = "แขวงทางหลวง"


@pytest.fixture
async def roads(town: Town, console: Console) -> Any:
    """An officer of another agency."""
    desk = await console("officer", name="เจ้าหน้าที่แขวงทางหลวง")
    async with town.database.write() as session:
        areas = {"province": None, "district": None, "subdistrict": None}
        session.add(Agency(id="agc_roads", level="central", name_th=ROADS, name_en="Highways", **areas))
        await session.flush()
        session.add(StaffAgency(staff_id=desk.member.id, agency_id="agc_roads", unit_id=None))
    return desk


async def gather(town: Town) -> None:
    while await search.gather(town.database):
        pass


async def test_cases_and_chats_are_found_by_words(town: Town, console: Console) -> None:
    officer, chat = await console("officer"), await citizen(town, text="มีงูเห่าเข้าบ้านค่ะ")
    case = await town.open_case(description="งูเห่าอยู่ในท่อระบายน้ำ")
    await gather(town)
    assert "พิมพ์คำ" in await officer.get("/console/search")
    text = await officer.get("/console/search?q=งูเห่า")
    assert f'href="{BASE}/{chat}"' in text
    assert "มีงูเห่าเข้าบ้านค่ะ" in text
    assert f'href="/console/cases/{case.number}"' in text
    piece = await officer.get("/console/search?q=จระเข้", htmx=True)
    assert piece.count("ไม่พบ") == 2
    assert "<html" not in piece
    async with town.database.read() as session:
        (entry,) = await session.scalars(select(AuditEntry).where(AuditEntry.action == "chat.search"))
    assert "งูเห่า" not in str(entry.detail), "a question may hold a citizen's name"


async def test_odd_questions_find_nothing(console: Console) -> None:
    officer = await console("officer")
    for question in ("%00", "%25_", "'--", "x" * 3000, "%F0%9F%98%80"):
        await officer.get(f"/console/search?q={question}")


async def test_another_agency_sees_the_chats_that_were_passed_on_to_it(town: Town, console: Console, roads: Any) -> None:
    officer, chat, other = await console("officer"), await citizen(town, text="หลุมบนทางหลวงค่ะ"), await citizen(town, "b")
    await queue(town, other)
    await take(town, chat, officer)
    await gather(town)
    for path in ("", "/talk", "/box", "/aside", "/stream", "/files/att_1"):
        await roads.get(f"{BASE}/{chat}{path}", status=404)
    for action in ("take", "say", "give_back", "requeue", "case", "typing", "card", "again", "pass_on"):
        await roads.post(
            f"{BASE}/{chat}/{action}", {"expected": officer.member.actor, "text": "x", "description": "x"}, status=404
        )
    assert chat not in await roads.get("/console/search?q=ทางหลวง")
    for tab in ("waiting", "all", "others", "bot"):
        page = await roads.get(f"{BASE}?show={tab}")
        assert chat not in page
        assert other not in page

    assert f"<option>{ROADS}</option>" in await officer.get(f"{BASE}/{chat}")
    answer = await officer.post(f"{BASE}/{chat}/requeue", {"unit": ROADS, "note": "ถามเรื่องทางหลวง"}, status=303)
    assert answer.headers["Location"].startswith(f"{BASE}/{chat}")
    async with town.database.read() as session:
        assert {one.unit for one in await session.scalars(select(Waiting))} == {None, ROADS}
    page = await roads.get(BASE)
    assert chat in page
    assert other not in page
    assert chat in await roads.get("/console/search?q=ทางหลวง")
    await roads.post(f"{BASE}/{chat}/take", {"expected": "queue"}, status=303)
    assert await owner(town, chat) == roads.member.actor
    assert "หลุมบนทางหลวงค่ะ" in await roads.get(f"{BASE}/{chat}")

    answer = await roads.post(f"{BASE}/{chat}/requeue", {"unit": "", "note": ""}, status=303)
    assert answer.headers["Location"] == f"{BASE}?done=requeued"
    await roads.get(f"{BASE}/{chat}", status=404)
    await officer.get(f"{BASE}/{chat}")


async def test_who_sees_no_queue_makes_nobody_wait(town: Town, console: Console, roads: Any) -> None:
    await roads.get(BASE)
    assert await presence.at_desk(town.valkey) == {roads.member.actor}
    assert await presence.at_reception(town.valkey) == set()
    officer = await console("officer")
    await officer.get(BASE)
    assert await presence.at_reception(town.valkey) == {officer.member.actor}


async def test_a_chat_goes_from_hand_to_hand_within_the_agency(town: Town, console: Console, roads: Any) -> None:
    colleague, chat = await console("officer"), await citizen(town)
    async with town.database.write() as session:
        session.add(StaffAgency(staff_id=colleague.member.id, agency_id="agc_roads", unit_id=None))
        await handover.take(session, chat, actor=roads.member.actor, expected="bot")
    await colleague.post(f"{BASE}/{chat}/take", {"expected": roads.member.actor}, status=303)
    assert await owner(town, chat) == colleague.member.actor
    await roads.get(f"{BASE}/{chat}")
