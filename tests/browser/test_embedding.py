"""The widget on other people's pages."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from tests.browser.chat import Chat
from tests.unit.web.town import Town

PAGE = """<!doctype html><html lang="th"><title>หน่วยงานอื่น</title>
<style>* {{ color: red !important; font: 40px serif !important }} button {{ display: none !important }}</style>
<script src="{server}/widget.js" defer></script><p>หน้าของหน่วยงานอื่น</p></html>"""


@pytest.fixture
async def elsewhere(town: Town) -> AsyncIterator[str]:
    """Another site's page, which embeds the widget with its one script element; gives its address."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text=PAGE.format(server=town.url), content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    yield f"http://localhost:{server.port}"
    await server.close()


async def test_an_allowed_site(town: Town, browser: Browser, elsewhere: str) -> None:
    await town.stop_web()
    await town.start_web(embed_origins=[elsewhere])
    chat = Chat(await browser.new_page())
    await chat.page.goto(elsewhere)
    await chat.open()
    await chat.say("สวัสดีจากเว็บอื่น")
    await chat.sees("รับทราบค่ะ: สวัสดีจากเว็บอื่น")
    # The page's own rules reach nothing inside.
    assert await chat.field.evaluate("node => getComputedStyle(node).fontSize") == "16px"
    await chat.attach("a.jpg", b"%PDF-1.7")
    await expect(chat.panel.get_by_text("ไฟล์นี้ไม่ใช่รูปภาพ")).to_be_visible()


async def test_any_other_site_is_refused_with_a_reason(town: Town, browser: Browser, elsewhere: str) -> None:
    page = await browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    await page.goto(elsewhere)
    await page.get_by_role("button", name="ถาม-แจ้งเรื่อง").click()
    await expect(page.get_by_text("ยังเปิดหน้าต่างสนทนาบนเว็บไซต์นี้ไม่ได้ค่ะ")).to_be_visible()
    assert any(elsewhere in text and "PRACHA_EMBED_ORIGINS" in text for text in said)
