"""The main job, end to end, over the whole running system: a citizen asks, reports and follows a case."""

import re
import sqlite3
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from tests.browser.chat import Chat
from tests.browser.conftest import PHONE
from tests.browser.test_photo import photo
from tests.system import RunningSystem

NUMBER = re.compile(r"P\d{2}-\d{6,}-\d")
PLACE = {"latitude": 13.8621, "longitude": 100.5144}


@pytest.fixture
async def phone(browser: Browser, system: RunningSystem) -> AsyncIterator[BrowserContext]:
    """A citizen's telephone, which may tell its position."""
    context = await browser.new_context(
        base_url=system.url, viewport=PHONE, geolocation=PLACE, permissions=["geolocation"], reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    yield context
    expect.set_options(timeout=5_000)
    await context.close()


@pytest.mark.timeout(240)
async def test_a_citizen_asks_reports_and_follows_a_case(phone: BrowserContext, system: RunningSystem) -> None:
    page = await phone.new_page()
    await page.goto("/")
    chat = Chat(page)
    await chat.open()

    await chat.say("สวัสดีค่ะ")
    await chat.sees("ผู้ช่วยอัตโนมัติ")

    await chat.say("บัตร ปชช หาย ทำไง")
    await chat.sees("สำนักทะเบียน")
    await chat.say("ต่อใบขับขี่ทำไง")
    await chat.sees("กรมการขนส่งทางบก")
    await chat.say("ต่อภาษีรถยนต์ที่ไหนได้บ้าง")
    await chat.sees("ภาษีรถ")

    unknown = "ขออนุญาตเลี้ยงเพนกวินในคอนโดต้องยื่นที่ไหนคะ"
    await chat.say(unknown)
    await chat.sees("ยังไม่มีคำตอบ")
    assert _count(system, "select count(*) from unanswered_question where text like '%เพนกวิน%'") == 1

    await chat.say("ไฟทางดับมา 3 วันแล้วค่ะ มืดมาก")
    await chat.sees("ไฟส่องสว่าง")
    await chat.choice("ใช่").click()
    await chat.choice("ส่งตำแหน่งปัจจุบัน").click()
    await chat.panel.get_by_role("button", name="ส่งตำแหน่ง", exact=True).click()
    await chat.choice("ส่งรูป").wait_for()

    await page.reload()  # in the middle of the report
    chat = Chat(page)
    await chat.open()
    await chat.sees("เพนกวิน")
    await chat.say("เทศบาลเปิดกี่โมงคะ")  # a digression
    await chat.sees("08.30")
    await chat.attach("ไฟดับ.jpg", photo())
    await expect(chat.panel.get_by_text("แนบรูปแล้ว")).to_be_visible()
    await chat.send.click()
    await chat.choice("ไม่ระบุข้อมูลติดต่อ").click()
    await chat.sees("ตรวจสอบก่อนส่งเรื่อง")
    await chat.say("แก้สถานที่เป็นหน้าวัดบัวขวัญซอย 5")  # a correction
    summary = await chat.sees("หน้าวัดบัวขวัญซอย 5")
    await expect(summary).to_contain_text("ไฟส่องสว่างสาธารณะ")
    await chat.choice("ยืนยันส่งเรื่อง").click()
    opened = await chat.sees("ส่งเรื่องเรียบร้อยแล้วค่ะ")
    match = NUMBER.search(await opened.inner_text())
    assert match is not None
    number = match.group()

    await chat.say("เรื่องที่แจ้งไปถึงไหนแล้วคะ")
    await expect(chat.panel.locator(".bubble").last).to_contain_text(number)

    await page.goto("/cases")
    await page.get_by_label("หมายเลขเรื่อง").fill(number.lower().replace("-", " "))
    await page.get_by_role("button", name="ดูสถานะ").click()
    await expect(page).to_have_url(re.compile(number))
    await expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    await expect(page.get_by_text("ไฟส่องสว่างสาธารณะ").first).to_be_visible()


def _count(system: RunningSystem, sql: str) -> int:
    with sqlite3.connect(f"file:{system.folder / 'pracha.sqlite3'}?mode=ro", uri=True) as connection:
        return int(connection.execute(sql).fetchone()[0])
