"""The help centre in a browser: search while typing, thumbs, sharing, and all of it without scripts."""

from collections.abc import Callable
from typing import Any

from playwright.async_api import Page, expect

from knowledge_base import questions
from tests.browser.conftest import PHONE
from tests.unit.web.town import Town

Visitor = Callable[..., Any]
COUNT_REQUESTS = "performance.getEntriesByType('resource').filter((entry) => entry.name.includes('typing=1')).length"


async def type_words(page: Page, words: str, delay: int = 30) -> None:
    field = page.get_by_role("searchbox")
    await field.clear()
    await field.press_sequentially(words, delay=delay)


async def test_results_come_while_somebody_types_and_go_with_the_words(visitor: Visitor) -> None:
    page = await visitor("/services", viewport=PHONE)
    await type_words(page, "บัตรประชาชนหาย")
    await expect(page.locator("#results").get_by_role("link", name="บัตรประชาชนหาย ต้องทำอย่างไร").first).to_be_visible()
    await expect(page.get_by_role("status")).to_contain_text("พบ")
    await expect(page.get_by_role("heading", name="เลือกตามหมวด")).to_be_hidden()
    assert await page.evaluate(COUNT_REQUESTS) == 1
    await page.get_by_role("searchbox").clear()
    await expect(page.get_by_role("heading", name="เลือกตามหมวด")).to_be_visible()
    await expect(page.locator("#results")).to_be_empty()


async def test_enter_leads_to_a_page_of_results_and_back(visitor: Visitor) -> None:
    page = await visitor("/services")
    await type_words(page, "มิเตอร์น้ำ", delay=0)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/services?q=*")
    await page.get_by_role("link", name="ขอติดตั้งมิเตอร์น้ำประปา").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("ขอติดตั้งมิเตอร์น้ำประปา")
    await page.get_by_role("navigation", name="เส้นทาง").get_by_role("link", name="ไฟฟ้าและประปา").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("ไฟฟ้าและประปา")


async def test_what_is_not_found_can_be_asked_in_the_chat(visitor: Visitor) -> None:
    page = await visitor("/services?q=zzzzzz")
    await page.get_by_role("button", name="ถามในแชต").click()
    await expect(page.locator("pracha-chat").get_by_text("รับทราบค่ะ: zzzzzz")).to_be_visible()


async def test_a_thumb_down_asks_what_was_missing_without_leaving_the_page(town: Town, visitor: Visitor) -> None:
    page = await visitor("/services/id-card-lost", viewport=PHONE)
    await page.evaluate("window.stayed = true")
    await page.get_by_role("button", name="ยังไม่ช่วย").click()
    await page.get_by_label("อยากทราบอะไรเพิ่ม").fill("ต้องใช้รูปถ่ายไหม")
    await page.get_by_role("button", name="ส่ง", exact=True).click()
    await expect(page.get_by_text("ส่งให้ผู้ดูแลคำตอบแล้ว")).to_be_visible()
    assert await page.evaluate("window.stayed")
    async with town.database.read() as session:
        assert await questions.thumbs(session, "id-card-lost") == (0, 1)


async def test_the_address_is_copied_where_a_browser_cannot_share(visitor: Visitor) -> None:
    page = await visitor("/services/id-card-lost", permissions=["clipboard-read", "clipboard-write"])
    await page.evaluate("() => { delete Navigator.prototype.share }")
    await page.get_by_role("button", name="แชร์").click()
    await expect(page.get_by_text("คัดลอกลิงก์แล้ว")).to_be_visible()
    assert (await page.evaluate("navigator.clipboard.readText()")).endswith("/services/id-card-lost")


async def test_everything_but_sharing_works_without_scripts(town: Town, visitor: Visitor) -> None:
    page = await visitor("/services", java_script_enabled=False)
    await page.get_by_role("searchbox").fill("ตัดกิ่งไม้")
    await page.get_by_role("button", name="ค้นหา").click()
    await page.get_by_role("link", name="ขอให้ตัดกิ่งไม้หน้าบ้าน").first.click()
    await expect(page.get_by_role("button", name="แชร์")).to_be_hidden()
    await page.get_by_role("button", name="ช่วยได้").first.click()
    await expect(page.get_by_text("ดีใจที่คำตอบนี้ช่วยได้")).to_be_visible()
    async with town.database.read() as session:
        assert await questions.thumbs(session, "tree-cutting") == (1, 0)


async def test_a_printed_answer_is_the_answer_alone(visitor: Visitor) -> None:
    page = await visitor("/services/id-card-lost")
    await page.emulate_media(media="print")
    await expect(page.get_by_text("ถ่ายรูปและรับบัตร")).to_be_visible()
    await expect(page.get_by_text("พิมพ์เมื่อ")).to_be_visible()
    for gone in ("คำตอบนี้ช่วยได้ไหม", "เรื่องที่เกี่ยวข้อง", "เว็บไซต์สาธิต", "ถามต่อในแชต"):
        await expect(page.get_by_text(gone).first).to_be_hidden()
