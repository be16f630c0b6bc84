"""axe finds nothing, on every page and in the open widget, on a phone and at a desk."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from knowledge_base import faq
from tests.browser.chat import Chat
from tests.browser.conftest import DESK, PHONE, faults
from tests.unit.web.town import Town

Visitor = Callable[..., Any]
PAGES = [
    "/",
    "/services",
    "/services?q=%E0%B8%9A%E0%B8%B1%E0%B8%95%E0%B8%A3",
    "/services?q=zzzzzz",
    "/services/group/civil-registration",
    "/services/id-card-lost",
    "/services/id-card-lost?helped=no",
    "/services/tree-cutting",
    "/cases",
    "/cases?number=P69",
    "/cases/P69-000001-5",
    "/api/docs",
    "/nothing",
]


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
async def test_pages(town: Town, visitor: Visitor, screen: dict[str, int]) -> None:
    await town.move_case(await town.open_case(), "accepted", "in_progress", "done")
    async with town.database.write() as session:
        await faq.switch(session, "tree-cutting", "staff:1", on=False)  # its page says that it is being revised

    async def look(language: str) -> None:
        page = await visitor("/", viewport=screen, bypass_csp=True)
        for address in PAGES:
            await page.goto(language + address)
            await expect(page.get_by_role("heading", level=1)).to_have_count(1)
            assert await faults(page) == [], language + address
            assert await page.evaluate("document.documentElement.scrollWidth") <= screen["width"], language + address

    await asyncio.gather(look(""), look("/en"))


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
async def test_the_open_widget(town: Town, visitor: Visitor, screen: dict[str, int]) -> None:
    chat = Chat(await visitor("/", viewport=screen, bypass_csp=True))
    await chat.open()
    assert await faults(chat.page) == []
    for text, answer in (("ขอดูตัวเลือก", "ต้องการให้ส่งเรื่อง"), ("หลายเรื่อง", "หมายถึงเรื่องไหน"), ("อยู่ที่ไหน", "อยู่ตรงไหนคะ")):
        await chat.say(text)
        await chat.sees(answer)
        assert await faults(chat.page) == [], text
    await chat.choice("ส่งตำแหน่งปัจจุบัน").click()
    assert await faults(chat.page) == []
    await chat.field.fill("ก" * 5000)
    assert await faults(chat.page) == []
    await town.stop_web()
    await expect(chat.panel.get_by_text("ขาดการเชื่อมต่อ")).to_be_visible()
    assert await faults(chat.page) == []


async def test_the_widget_in_the_dark(visitor: Visitor) -> None:
    page = await visitor("/", color_scheme="dark", bypass_csp=True)
    await page.evaluate("() => document.querySelector('pracha-chat').setAttribute('theme', 'auto')")
    chat = Chat(page)
    await chat.open()
    for text, answer in (("หลายเรื่อง", "หมายถึงเรื่องไหน"), ("อยู่ที่ไหน", "อยู่ตรงไหนคะ"), ("อันตราย", "<script>")):
        await chat.say(text)
        await chat.sees(answer)
        assert await faults(page) == [], text
    await chat.field.fill("ก" * 5000)
    assert await faults(page) == []


async def test_the_first_tab_leads_past_the_menu(visitor: Visitor) -> None:
    page = await visitor("/")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="ข้ามไปยังเนื้อหา")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()


async def test_answers_are_read_aloud(visitor: Visitor) -> None:
    chat = Chat(await visitor("/"))
    await chat.open()
    log = chat.panel.get_by_role("log", name="บทสนทนา")
    await expect(log).to_have_attribute("aria-live", "polite")
    await chat.say("สวัสดี")
    await expect(log.get_by_text("รับทราบค่ะ: สวัสดี")).to_be_visible()


async def test_a_wrong_number_is_told_to_everybody(visitor: Visitor) -> None:
    page = await visitor("/cases?number=P69-000001-1")
    field = page.get_by_label("หมายเลขเรื่อง")
    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_role("alert")).to_contain_text("ไม่ครบหรือพิมพ์ผิด")
