"""A live chat in two browsers: a citizen at the widget, an officer at the console."""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from helpdesk import staff
from tests.browser.chat import Chat
from tests.browser.conftest import DESK, PHONE, faults
from tests.unit.web.town import Town
from web.console.access import COOKIE
from web.parts import PARTS


@pytest.fixture
async def officer(browser: Browser, town: Town) -> AsyncIterator[Callable[..., Any]]:
    """Opens the console as an officer: ``page = await officer("/console/chats")``."""
    opened: list[BrowserContext] = []
    mistakes: list[str] = []

    async def log_in(address: str, name: str = "เจ้าหน้าที่ประจำเคาน์เตอร์", **settings: Any) -> Page:
        assert town.server is not None
        async with town.database.write() as session:
            login = f"officer-{len(opened)}"
            member = await staff.add(session, login, name, ["officer", "supervisor"], "correct horse battery", actor="cli")
        token, _ = await town.server.app[PARTS].sessions.begin(member)
        settings.setdefault("viewport", DESK)
        context = await browser.new_context(base_url=town.url, reduced_motion="reduce", **settings)
        context.set_default_timeout(10_000)
        await context.add_cookies([{"name": COOKIE, "value": token, "url": town.url}])
        opened.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.on("console", lambda said: mistakes.append(said.text) if "Content Security Policy" in said.text else None)
        await page.goto(address)
        return page

    yield log_in
    for context in opened:
        await context.close()
    assert mistakes == []


async def test_a_talk_from_the_list_to_the_return_without_a_reload(
    chat: Chat, officer: Callable[..., Any], browser: Browser
) -> None:
    page = await officer("/console/chats?show=bot")
    await chat.say("บัตรประชาชนหายต้องทำยังไงคะ")
    await chat.sees("ทำบัตรประชาชนใบใหม่")
    await page.reload()
    await page.get_by_role("link", name="ประชาชน").first.click()
    await page.get_by_role("button", name="รับแชตนี้").click()
    await chat.sees("คุณกำลังคุยกับเจ้าหน้าที่ของเทศบาลเมืองธาราใสแล้วค่ะ")

    box = page.get_by_label("ข้อความถึงประชาชน")
    await box.fill("สวัสดีค่ะ ให้ช่วยอะไรคะ")
    await page.get_by_role("button", name="ส่ง", exact=True).click()
    await chat.sees("สวัสดีค่ะ ให้ช่วยอะไรคะ")
    await expect(chat.page.locator("pracha-chat .entry.staff .author").last).to_have_text("เจ้าหน้าที่")
    await expect(box).to_have_value("")
    await expect(page.locator(".line.staff .delivery").last).to_have_text("ส่งแล้ว")

    await box.fill("กำลังพิมพ์อยู่")
    await chat.say("ทำบัตรใหม่ที่ไหนคะ")
    await expect(page.locator("#talk")).to_contain_text("ทำบัตรใหม่ที่ไหนคะ")
    await expect(box).to_have_value("กำลังพิมพ์อยู่")  # what is typed stays when something comes

    await page.get_by_role("link", name="ใส่ในช่องพิมพ์").first.click()
    await expect(box).to_have_value(re.compile("^กำลังพิมพ์อยู่\nทำได้ที่สำนักทะเบียน"))
    await page.get_by_role("button", name="ส่ง", exact=True).click()
    await chat.sees("ทำได้ที่สำนักทะเบียน")

    await page.get_by_role("button", name="คืนให้ผู้ช่วยอัตโนมัติ").click()
    await chat.sees("กลับมาคุยกับผู้ช่วยอัตโนมัติแล้วค่ะ")
    await chat.say("ขอบคุณค่ะ")
    await chat.sees("รับทราบค่ะ: ขอบคุณค่ะ")


async def test_two_officers_and_a_chat_that_is_taken_over_while_one_writes(chat: Chat, officer: Callable[..., Any]) -> None:
    await chat.say("ขอคุยกับคนค่ะ")
    await chat.sees("รับทราบค่ะ")
    first = await officer("/console/chats?show=bot", "เจ้าหน้าที่ ก")
    await first.get_by_role("link", name="ประชาชน").first.click()
    await first.get_by_role("button", name="รับแชตนี้").click()
    await first.get_by_label("ข้อความถึงประชาชน").fill("ประโยคที่ยังไม่ได้ส่ง")
    second = await officer(first.url.partition("?")[0], "เจ้าหน้าที่ ข")
    await expect(first.get_by_role("status").filter(has_text="เจ้าหน้าที่ ข กำลังดูแชตนี้อยู่")).to_be_visible()
    await second.get_by_role("button", name="รับช่วงต่อ").click()
    await expect(first.locator("#box")).to_contain_text("เจ้าหน้าที่ ข ดูแลแชตนี้อยู่")
    await expect(first.get_by_label("ข้อความที่พิมพ์ไว้ ยังไม่ได้ส่ง")).to_have_value("ประโยคที่ยังไม่ได้ส่ง")
    await expect(first.get_by_role("button", name="ส่ง", exact=True)).to_have_count(0)


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
async def test_axe_finds_nothing_in_the_chats(
    chat: Chat, officer: Callable[..., Any], screen: dict[str, int], request: pytest.FixtureRequest
) -> None:
    await chat.say("บัตรประชาชนหายต้องทำยังไงคะ")
    await chat.sees("ทำบัตรประชาชนใบใหม่")
    page = await officer("/console/chats?show=bot", viewport=screen, bypass_csp=True)
    await page.get_by_role("link", name="ประชาชน").first.click()
    address = page.url
    for press in ("", "รับแชตนี้"):
        if press:
            await page.get_by_role("button", name=press).click()
            await page.get_by_label("ข้อความถึงประชาชน").wait_for()
        assert await faults(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
    for path in ("/console/chats?show=all", "/console/chats", "/console/chats/canned", address):
        await page.goto(path)
        assert await faults(page) == [], path
        assert await page.evaluate("document.documentElement.scrollWidth") <= screen["width"], path
