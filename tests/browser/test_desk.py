"""The whole desk in browsers over the running system: two citizens, an officer, a supervisor and a second agency."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, FilePayload, Page, expect
from redis.asyncio import Redis

from tests.browser.chat import Chat
from tests.browser.conftest import PHONE
from tests.browser.test_photo import photo
from tests.system import RunningSystem

NUMBER = re.compile(r"P\d{2}-\d{6,}-\d")
HOLE = "ถนนเป็นหลุมใหญ่มาก รถมอเตอร์ไซค์ล้มไปสองคันแล้วค่ะ"
PLACE, NEAR = {"latitude": 14.0125, "longitude": 100.6241}, {"latitude": 14.0128, "longitude": 100.6243}  # 40 m apart
WHY = "เป็นทางหลวงแผ่นดิน อยู่ในความดูแลของแขวงทางหลวง"
Citizen = Callable[[dict[str, float]], Awaitable[Chat]]


@pytest.fixture
async def citizen(browser: Browser, system: RunningSystem) -> AsyncIterator[Citizen]:
    """Opens the chat on a new citizen's telephone, which may tell its position."""
    opened: list[BrowserContext] = []

    async def open_chat(place: dict[str, float]) -> Chat:
        context = await browser.new_context(
            base_url=system.url, viewport=PHONE, geolocation=place, permissions=["geolocation"], reduced_motion="reduce"
        )
        context.set_default_timeout(20_000)
        opened.append(context)
        chat = Chat(await context.new_page())
        await chat.page.goto("/")
        await chat.open()
        return chat

    yield open_chat
    for context in opened:
        await context.close()


async def tell(chat: Chat) -> None:
    """Report the hole at the place where the citizen stands, until a photo or something else is asked for."""
    await chat.say(HOLE)
    await chat.sees("ถนนชำรุด")
    await chat.choice("ใช่").click()
    await chat.choice("ส่งตำแหน่งปัจจุบัน").click()
    await chat.panel.get_by_role("button", name="ส่งตำแหน่ง", exact=True).click()


async def report(chat: Chat) -> str:
    """Report it to the end; gives the case's number."""
    await tell(chat)
    await chat.choice("ข้าม").click()
    await chat.choice("ไม่ระบุข้อมูลติดต่อ").click()
    await chat.choice("ยืนยันส่งเรื่อง").click()
    opened = await chat.sees("ส่งเรื่องเรียบร้อยแล้วค่ะ")
    found = NUMBER.search(await opened.inner_text())
    assert found is not None
    return found.group()


async def move(page: Page, state: str, note: str = "", *, picture: bool = False) -> None:
    """Move the case on the page to another state."""
    await page.get_by_label("สถานะใหม่").select_option(label=state)
    await page.get_by_label("หมายเหตุถึงผู้แจ้ง").fill(note)
    if picture:
        file: FilePayload = {"name": "ซ่อมแล้ว.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        await page.get_by_label("รูปหลังดำเนินการ").set_input_files(file)
    await page.get_by_role("button", name="เปลี่ยนสถานะ").click()


async def is_now(page: Page, state: str) -> None:
    await expect(page.locator(".marks .badge").first).to_have_text(state)


@pytest.mark.timeout(300)
async def test_a_case_from_the_report_to_the_stars(
    system: RunningSystem, enter: Callable[..., Any], citizen: Citizen, highways: dict[str, str], desk: Redis
) -> None:
    await system.until_ready()
    first = await citizen(PLACE)
    number = await report(first)
    address = f"/console/cases/{number}"

    # It went to whom it belongs, and why can be read.
    officer = await enter("officer@demo")
    await officer.goto("/console/cases")
    await officer.get_by_role("link", name="ถนนเป็นหลุมใหญ่มาก").first.click()
    await expect(officer).to_have_url(re.compile(number))
    await expect(officer.locator(".agency")).to_contain_text("ส่งให้ กองช่าง เพราะเป็นเรื่องถนนชำรุด")
    await move(officer, "รับเรื่องแล้ว")
    await is_now(officer, "รับเรื่องแล้ว")
    await first.sees("เจ้าหน้าที่รับเรื่อง")

    # Somebody else reports the same: asked, they join instead.
    second = await citizen(NEAR)
    await tell(second)
    await expect(await second.sees("มีผู้แจ้งเรื่องคล้ายกันใกล้จุดนี้แล้วค่ะ")).to_contain_text(number)
    await second.choice("ใช่ ติดตามเรื่องนี้").click()
    await second.sees("ติดตามเรื่องร่วมแล้วค่ะ")
    await officer.reload()
    await expect(officer.get_by_text("ผู้ติดตามร่วม 1 คน")).to_be_visible()

    # A case of the city's own, written down at the counter: with a slip to take home.
    await officer.goto("/console/cases/new")
    await officer.get_by_label("ประเภทเรื่อง").select_option(label="ต้นไม้และกิ่งไม้")
    await officer.get_by_label("รายละเอียด").fill("กิ่งไม้พาดสายไฟหน้าบ้าน")
    await officer.get_by_label("สถานที่").fill("ปากซอยสุขสันต์ 9")
    await officer.get_by_role("button", name="เปิดเรื่อง").click()
    await expect(officer).to_have_url(re.compile("/slip$"))
    other = NUMBER.search(officer.url)
    assert other is not None

    # The case goes to the second agency, which sees it and nothing else.
    await officer.goto(address)
    await officer.get_by_text("ส่งต่อหน่วยงานอื่น").click()
    await officer.locator("#forward-target").select_option(label="แขวงทางหลวง")
    await officer.locator("#forward-reason").fill(WHY)
    await officer.get_by_role("button", name="ส่งต่อเรื่อง").click()
    await expect(officer.get_by_role("status").first).to_contain_text("ส่งต่อเรื่องแล้ว")
    for chat in (first, second):
        await expect(await chat.sees("ส่งต่อให้แขวงทางหลวงดูแลแล้วค่ะ")).to_contain_text(WHY)
    roads = await enter(**highways)
    await roads.goto("/console/cases?state=all")
    await expect(roads.get_by_role("row").filter(has_text=number)).to_have_count(1)
    await expect(roads.get_by_text("กิ่งไม้พาดสายไฟ")).to_have_count(0)
    for piece in ("", "/print", "/slip", "/agency"):
        refused = await roads.goto(f"/console/cases/{other.group()}{piece}")
        assert refused is not None
        assert refused.status == 404, piece

    # A live chat in between, and back to the assistant.
    await officer.goto("/console/chats")
    await first.say("ขอคุยกับเจ้าหน้าที่ค่ะ")
    await first.sees("ส่งต่อให้เจ้าหน้าที่แล้วค่ะ")
    await officer.get_by_role("row", name="ขอคุยกับเจ้าหน้าที่").get_by_role("link").first.click()
    await officer.get_by_role("button", name="รับแชตนี้").click()
    await first.sees("คุณกำลังคุยกับเจ้าหน้าที่")
    await expect(officer.locator(".aside")).to_contain_text(number)
    await officer.get_by_label("ข้อความถึงประชาชน").fill("แขวงทางหลวงจะเข้าไปดูพรุ่งนี้เช้าค่ะ")
    await officer.get_by_role("button", name="ส่ง", exact=True).click()
    await first.sees("แขวงทางหลวงจะเข้าไปดูพรุ่งนี้เช้าค่ะ")
    await first.say("ขอบคุณค่ะ แค่นี้ก่อนนะคะ")
    await expect(officer.locator("#talk")).to_contain_text("แค่นี้ก่อนนะคะ")
    await officer.get_by_role("button", name="คืนให้ผู้ช่วยอัตโนมัติ").click()
    await first.sees("กลับมาคุยกับผู้ช่วยอัตโนมัติแล้วค่ะ")
    await first.say("เทศบาลเปิดกี่โมงคะ")
    await first.sees("08.30")

    # The agency needs to know more; the citizen presses the button and answers, and the case goes on.
    await roads.goto(address)
    await move(roads, "รอข้อมูลเพิ่มเติมจากผู้แจ้ง", "หลุมอยู่ช่องทางซ้ายหรือขวาคะ")
    await is_now(roads, "รอข้อมูลเพิ่มเติมจากผู้แจ้ง")
    await first.sees("หลุมอยู่ช่องทางซ้ายหรือขวาคะ")
    await first.choice("ตอบเจ้าหน้าที่").last.click()
    await first.say("อยู่ช่องทางซ้ายค่ะ ตรงหน้าปั๊มน้ำมัน")
    await first.sees(f"เพิ่มข้อมูลในเรื่อง {number} ให้แล้วค่ะ")
    await roads.reload()
    await is_now(roads, "กำลังดำเนินการ")
    await expect(roads.locator(".history")).to_contain_text("อยู่ช่องทางซ้ายค่ะ ตรงหน้าปั๊มน้ำมัน")

    # Done needs a picture here; what was typed is not lost without one.
    await move(roads, "ดำเนินการเสร็จแล้ว", "ปะหลุมด้วยยางมะตอยแล้วค่ะ")
    await expect(roads.get_by_role("alert").filter(has_text="รูป").first).to_be_visible()
    await expect(roads.get_by_label("หมายเหตุถึงผู้แจ้ง")).to_have_value("ปะหลุมด้วยยางมะตอยแล้วค่ะ")
    await move(roads, "ดำเนินการเสร็จแล้ว", "ปะหลุมด้วยยางมะตอยแล้วค่ะ", picture=True)
    await is_now(roads, "ดำเนินการเสร็จแล้ว")
    await expect(roads.get_by_role("img", name=re.compile("รูปหลังดำเนินการ"))).to_have_js_property("naturalWidth", 400)

    # The citizen disputes it: reopened, and a supervisor is told.
    await first.sees("ปะหลุมด้วยยางมะตอยแล้วค่ะ")
    await first.choice("ยังไม่เรียบร้อย").last.click()
    await first.sees(f"บันทึกคำทักท้วงในเรื่อง {number} แล้ว")
    await second.sees("เปิดเรื่อง")
    supervisor = await enter("supervisor@demo")
    await supervisor.goto("/console/cases/called")
    await supervisor.get_by_role("link", name=f"ผู้แจ้งขอให้ตรวจสอบเรื่อง {number} อีกครั้ง").click()
    await is_now(supervisor, "เปิดเรื่องอีกครั้ง")

    # Done again and closed; the reporter gives stars and a word.
    await roads.reload()
    await move(roads, "ดำเนินการเสร็จแล้ว", "ปูผิวทางใหม่ทั้งช่องทางแล้วค่ะ", picture=True)
    await is_now(roads, "ดำเนินการเสร็จแล้ว")
    await move(roads, "ปิดเรื่องแล้ว")
    await is_now(roads, "ปิดเรื่องแล้ว")
    await first.choice("5 ★ ดีมาก").click()
    await first.sees("ขอบคุณสำหรับคะแนนค่ะ")
    await first.choice("บอกความเห็นเพิ่ม").click()
    await first.say("ซ่อมเร็วและเรียบร้อยมากค่ะ")
    await first.sees("ขอบคุณสำหรับความคิดเห็นค่ะ")

    # All of it stands on the case's page, for the agency and for the city that passed it on.
    for page in (roads, officer):
        await page.goto(address)
        await expect(page.get_by_label("5 จาก 5 ดาว")).to_be_visible()
        await expect(page.locator(".facts")).to_contain_text("ซ่อมเร็วและเรียบร้อยมากค่ะ")
        for words in (WHY, "หลุมอยู่ช่องทางซ้ายหรือขวาคะ", "ปะหลุมด้วยยางมะตอยแล้วค่ะ", "ปูผิวทางใหม่ทั้งช่องทางแล้วค่ะ"):
            await expect(page.locator(".history")).to_contain_text(words)
