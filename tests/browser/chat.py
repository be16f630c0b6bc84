"""The chat as a visitor uses it."""

import re

from playwright.async_api import Locator, Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeout


class Chat:
    """What one does with the widget of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.get_by_role("button", name="ถาม-แจ้งเรื่อง")
        self.panel = page.get_by_role("dialog")
        self.field = page.get_by_label("พิมพ์ข้อความ")
        self.send = page.get_by_role("button", name="ส่งข้อความ")

    async def open(self) -> None:
        await self.launcher.click()
        await expect(self.field).to_be_visible()

    async def say(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def sees(self, text: str | re.Pattern[str]) -> Locator:
        """Wait until a bubble holds this text."""
        found = self.panel.locator(".bubble", has_text=text).last
        await expect(found).to_be_visible()
        return found

    def choice(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=name, exact=True)

    async def bubbles(self) -> list[str]:
        return [
            (await text).strip() for text in [one.inner_text() for one in await self.panel.locator(".messages .bubble").all()]
        ]

    async def attach(self, name: str, data: bytes, media_type: str = "image/jpeg") -> None:
        async with self.page.expect_file_chooser() as chooser:
            await self.page.get_by_role("button", name="แนบรูป").click()
        await (await chooser.value).set_files({"name": name, "mimeType": media_type, "buffer": data})

    async def appears(self, one: Locator) -> bool:
        """Tell whether something comes up within a few seconds."""
        try:
            await one.first.wait_for(timeout=4_000)
        except PlaywrightTimeout:
            return False
        return True
