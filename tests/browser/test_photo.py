"""Photos in the widget."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import expect

from tests.browser.chat import Chat
from tests.unit.web.town import Town

Visitor = Callable[..., Any]


def photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((400, 300), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


async def test_a_photo_with_words(town: Town, chat: Chat) -> None:
    await chat.attach("ไฟดับ.jpg", photo())
    await expect(chat.panel.get_by_text("แนบรูปแล้ว")).to_be_visible()
    await expect(chat.panel.get_by_role("img", name="รูปภาพ")).to_be_visible()
    await chat.field.fill("ตรงนี้ค่ะ")
    await chat.send.click()
    picture = chat.panel.get_by_role("img", name="รูปที่คุณส่ง")
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 400)
    await chat.sees("provide_photo")
    await chat.sees("รับทราบค่ะ: ตรงนี้ค่ะ")


async def test_it_is_there_after_a_reload(chat: Chat) -> None:
    await chat.attach("a.jpg", photo())
    await expect(chat.panel.get_by_text("แนบรูปแล้ว")).to_be_visible()
    await chat.send.click()
    await chat.sees("provide_photo")
    await chat.page.reload()
    await chat.open()
    await expect(chat.panel.get_by_role("img", name="รูปที่คุณส่ง")).to_have_js_property("naturalWidth", 400)


async def test_a_photo_can_be_taken_out_again(town: Town, chat: Chat) -> None:
    await chat.attach("a.jpg", photo())
    await chat.panel.get_by_role("button", name="เอารูปออก").click()
    await expect(chat.panel.get_by_role("img", name="รูปภาพ")).to_have_count(0)
    await chat.send.click(force=True)
    assert await chat.bubbles() == []


async def test_a_pdf_named_like_a_photo(chat: Chat) -> None:
    await chat.attach("บิล.jpg", b"%PDF-1.7 not a picture")
    await expect(chat.panel.get_by_text("ไฟล์นี้ไม่ใช่รูปภาพ")).to_be_visible()
    assert await chat.bubbles() == []


async def test_a_file_of_twenty_megabytes(chat: Chat, tmp_path: Path) -> None:
    large = tmp_path / "ใหญ่.jpg"
    large.write_bytes(b"\xff\xd8\xff" + b"0" * 20 * 1024 * 1024)
    async with chat.page.expect_file_chooser() as chooser:
        await chat.page.get_by_role("button", name="แนบรูป").click()
    await (await chooser.value).set_files(large)
    await expect(chat.panel.get_by_text("รูปใหญ่เกิน 10 MB")).to_be_visible()


async def test_the_assistant_may_ask_for_a_photo(chat: Chat) -> None:
    await chat.say("ขอดูตัวเลือก")
    async with chat.page.expect_file_chooser() as chooser:
        await chat.choice("ส่งรูป").click()
    await (await chooser.value).set_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    await expect(chat.panel.get_by_text("แนบรูปแล้ว")).to_be_visible()
