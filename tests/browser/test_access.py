"""Getting in with a second factor, and the pages of access: axe finds nothing, on a phone and at a desk."""

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from playwright.async_api import expect
from pydantic import SecretStr

from core.settings import OidcProvider
from helpdesk import staff
from tests.browser.conftest import DESK, PHONE, faults
from tests.unit.web.town import Town

PASSWORD = "correct horse battery"
KEY = SecretStr("a key for tests that is long enough")


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
async def test_an_administrator_sets_up_a_second_factor_and_comes_in_with_it(
    town: Town, visitor: Callable[..., Any], screen: dict[str, int]
) -> None:
    await town.stop_web()
    elsewhere = OidcProvider(issuer="https://login.city.example", client_id="pracha", title="บัญชีเทศบาล")
    await town.start_web(secret_key=KEY, oidc={"city": elsewhere}, second_factor_roles=["administrator"])
    async with town.database.write() as session:
        await staff.add(session, "admin@demo", "ผู้ดูแลระบบ", ["administrator"], PASSWORD, actor="cli")
    page = await visitor("/console/login?next=/console/staff", viewport=screen, bypass_csp=True)

    async def log_in() -> None:
        await page.get_by_label("ชื่อเข้าใช้").fill("admin@demo")
        await page.get_by_label("รหัสผ่าน").fill(PASSWORD)
        await page.get_by_role("button", name="เข้าสู่ระบบ").click()

    async def is_sound(heading: str) -> None:
        await expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert await faults(page) == [], heading
        assert await page.evaluate("document.documentElement.scrollWidth") <= screen["width"], heading

    await is_sound("เข้าสู่ระบบ")
    await log_in()
    await is_sound("การยืนยันสองขั้น")  # the role needs it: nothing else opens
    await page.get_by_role("button", name="เริ่มตั้งค่า").click()
    await is_sound("การยืนยันสองขั้น")
    app = pyotp.TOTP((await page.locator("#secret").inner_text()).replace(" ", ""))
    await page.get_by_label("ใส่รหัส 6 หลัก").fill(app.now())
    await page.get_by_role("button", name="เปิดใช้งาน").click()
    await expect(page.locator("#codes li")).to_have_count(10)
    await is_sound("การยืนยันสองขั้น")
    recovery = await page.locator("#codes li").first.inner_text()
    for address, heading in (
        ("/console/account", "บัญชีของฉัน"),
        ("/console/account/second-factor", "การยืนยันสองขั้น"),
        ("/console/staff", "บุคลากร"),
        ("/console/audit", "บันทึกการใช้งาน"),
    ):
        await page.goto(address)
        await is_sound(heading)
    await page.get_by_role("button", name="ออกจากระบบ").click()
    await log_in()
    await is_sound("ยืนยันขั้นที่สอง")
    await page.get_by_label("รหัส 6 หลัก").fill(recovery)
    await page.get_by_role("button", name="ยืนยัน").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("สวัสดี ผู้ดูแลระบบ")
