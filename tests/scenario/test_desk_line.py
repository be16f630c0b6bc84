"""The whole desk with a citizen on LINE: two citizens, an officer, a supervisor and a second agency, all by forms."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientSession, CookieJar
from redis.asyncio import Redis

from tests.browser.test_photo import photo
from tests.citizens import LineCitizen
from tests.staff import Member
from tests.standins import Platforms
from tests.system import RunningSystem

NUMBER = re.compile(r"P\d\d-\d{6}-\d")
CHAT = re.compile(r"/console/chats/(cnv_\w+)")
HOLE = "ถนนเป็นหลุมใหญ่มาก รถมอเตอร์ไซค์ล้มไปสองคันแล้วค่ะ"
WHY = "เป็นทางหลวงแผ่นดิน อยู่ในความดูแลของแขวงทางหลวง"
ASK, MORE = "หลุมอยู่ช่องทางซ้ายหรือขวาคะ", "อยู่ช่องทางซ้ายค่ะ ตรงหน้าปั๊มน้ำมัน"
FIRST, AGAIN = "ปะหลุมด้วยยางมะตอยแล้วค่ะ", "ปูผิวทางใหม่ทั้งช่องทางแล้วค่ะ"
Enter = Callable[[str, str], Awaitable[Member]]


@pytest.fixture
async def enter(system: RunningSystem) -> AsyncIterator[Enter]:
    """Logs somebody in: ``officer = await enter("officer@demo", system.password("officer@demo"))``."""
    async with AsyncExitStack() as open_still:

        async def log_in(login: str, password: str) -> Member:
            http = await open_still.enter_async_context(ClientSession(system.url, cookie_jar=CookieJar(unsafe=True)))
            return await Member(http).enter(login, password)

        yield log_in


@pytest.mark.timeout(240)
async def test_a_case_from_the_report_to_the_stars(
    system: RunningSystem, platforms: Platforms, enter: Enter, highways: dict[str, str], desk: Redis
) -> None:
    await system.until_ready()
    first, second, url = LineCitizen("desk-first", platforms), LineCitizen("desk-second", platforms), system.url
    officer, supervisor = [await enter(login, system.password(login)) for login in ("officer@demo", "supervisor@demo")]
    roads = await enter(**highways)

    # Reported and routed, with a reason that can be read.
    await first.do(url, first.text(HOLE))
    await first.do(url, first.press("ใช่"))
    await first.do(url, first.place(14.1125, 100.7241))
    await first.do(url, first.press("ข้าม"))
    await first.do(url, first.press("ไม่ระบุข้อมูลติดต่อ"))
    opened = NUMBER.search(await first.do(url, first.press("ยืนยันส่งเรื่อง")))
    assert opened is not None
    number = opened.group()
    case = f"/console/cases/{number}"
    assert "ส่งให้ กองช่าง เพราะเป็นเรื่องถนนชำรุด" in await officer.get(case)
    assert await roads.status(case) == 404

    # Somebody else reports the same: asked, they join.
    await second.do(url, second.text(HOLE))
    await second.do(url, second.press("ใช่"))
    asked = await second.do(url, second.place(14.1127, 100.7243))
    assert "มีผู้แจ้งเรื่องคล้ายกันใกล้จุดนี้แล้วค่ะ" in asked
    assert number in asked
    assert "ติดตามเรื่องร่วมแล้วค่ะ" in await second.do(url, second.press("ใช่ ติดตามเรื่องนี้"))
    await officer.fill(case, "state", to="accepted")
    for citizen in (first, second):
        assert "เจ้าหน้าที่รับเรื่อง" in await citizen.answer()

    # The second agency takes over.
    await officer.fill(case, "forward", target="agc_highways", reason=WHY)
    for citizen in (first, second):
        told = await citizen.answer()
        assert "ส่งต่อให้แขวงทางหลวงดูแลแล้วค่ะ" in told
        assert WHY in told
    assert await roads.status(case) == 200

    # A person in between, and back to the assistant.
    await officer.get("/console/chats")
    assert "ส่งต่อให้เจ้าหน้าที่แล้วค่ะ" in await first.do(url, first.text("ขอคุยกับเจ้าหน้าที่"))
    (chat,) = set(CHAT.findall(await officer.get("/console/chats")))
    await officer.fill(f"/console/chats/{chat}", "take")
    assert "คุณกำลังคุยกับเจ้าหน้าที่" in await first.answer()
    await officer.fill(f"/console/chats/{chat}", "say", text="แขวงทางหลวงจะเข้าไปดูพรุ่งนี้เช้าค่ะ")
    assert "แขวงทางหลวงจะเข้าไปดูพรุ่งนี้เช้าค่ะ" in await first.answer()
    await officer.fill(f"/console/chats/{chat}", "give_back")
    assert "กลับมาคุยกับผู้ช่วยอัตโนมัติแล้วค่ะ" in await first.answer()
    assert "08.30" in await first.do(url, first.text("เทศบาลเปิดกี่โมงคะ"))

    # The agency asks, the citizen answers with the button.
    await roads.fill(case, "state", to="waiting_citizen", note=ASK)
    assert ASK in await first.answer()
    await first.do(url, first.press("ตอบเจ้าหน้าที่"))
    assert f"เพิ่มข้อมูลในเรื่อง {number} ให้แล้วค่ะ" in await first.do(url, first.text(MORE))
    shown = await roads.get(case)
    assert MORE in shown
    assert "กำลังดำเนินการ</span>" in shown

    # Done, disputed, and a supervisor is told.
    await roads.fill(case, "state", to="done", note=FIRST, picture=photo())
    assert FIRST in await first.answer()
    assert f"บันทึกคำทักท้วงในเรื่อง {number} แล้ว" in await first.do(url, first.press("ยังไม่เรียบร้อย"))
    assert f"ผู้แจ้งขอให้ตรวจสอบเรื่อง {number} อีกครั้ง" in await supervisor.get("/console/cases/called")

    # Done again, closed, five stars and a word.
    await roads.fill(case, "state", to="done", note=AGAIN, picture=photo())
    assert AGAIN in await first.answer()
    await roads.fill(case, "state", to="closed")
    assert "ให้คะแนน 1 ถึง 5 ดาว" in await first.answer()
    assert "ขอบคุณสำหรับคะแนนค่ะ" in await first.do(url, first.press("5 ★ ดีมาก"))
    await first.do(url, first.press("บอกความเห็นเพิ่ม"))
    assert "ขอบคุณ" in await first.do(url, first.text("ซ่อมเร็วและเรียบร้อยมากค่ะ"))
    shown = await officer.get(case)
    for words in ("5 จาก 5 ดาว", "ซ่อมเร็วและเรียบร้อยมากค่ะ", WHY, ASK, MORE, FIRST, AGAIN):
        assert words in shown
    assert not platforms.judges["line"].violations()
