"""An officer at the case list and on a case's page: keys, filters without leaving, what axe finds, and nothing too wide."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from helpdesk import case as cases
from helpdesk.case import Place
from helpdesk.role import Role
from tests.browser.conftest import DESK, PHONE, faults
from tests.unit.web.console.conftest import hire
from tests.unit.web.town import Town
from web.console.access import COOKIE
from web.parts import PARTS

CASES = "/console/cases"
SHOTS = os.environ.get("PRACHA_SHOTS")  # a folder: pictures of the pages are put there to be looked at
Officer = Callable[..., Awaitable[Page]]


@pytest.fixture
async def officer(visitor: Callable[..., Any], town: Town) -> Officer:
    """A browser in which an officer is logged in: ``page = await officer("/console/cases")``."""
    assert town.server is not None
    member = await hire(town, Role.OFFICER, name="เจ้าหน้าที่เวร")
    token, _ = await town.server.app[PARTS].sessions.begin(member)

    async def open_page(address: str, **settings: Any) -> Page:
        page: Page = await visitor("/healthz", **settings)
        await page.context.add_cookies([{"name": COOKIE, "value": token, "url": town.url}])
        await page.goto(address)
        return page

    return open_page


async def shown(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


async def worked(town: Town) -> cases.Case:
    """A case with all that its page can show."""
    case = await town.open_case(place=Place("หน้าวัดธาราราม ถนนริมน้ำ", 13.75, 100.5))
    await town.open_case(place=Place("ตลาดเก่า", 13.752, 100.501), description="ขยะล้นถังมาสามวัน กลิ่นเหม็นมาก", category="garbage")
    case = await town.move_case(case, "accepted", "in_progress")
    async with town.database.write() as session:
        await cases.relabel(session, case, add=["หน้าฝน", "โรงเรียน"], key="l", actor="cli")
        await cases.set_priority(session, case, "urgent", key="p", actor="cli")
        await cases.add_note(session, case, key="n", text="ช่างแจ้งว่าต้องใช้รถกระเช้า ฝาก @officer ประสาน", actor="cli")
        await cases.add_information(session, case, key="i", text="เสาต้นที่ 12 ค่ะ", photos=[], position=None, actor="citizen:x")
    return case


async def test_the_list_is_walked_with_keys(town: Town, officer: Officer) -> None:
    for number in range(3):
        await town.open_case(description=f"ไฟดับจุดที่ {number}")
    page = await officer(CASES)
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.keyboard.press("k")
    ticked = page.locator("tbody input:checked")
    assert await ticked.count() == 1
    assert "จุดที่ 1" in await page.locator("tr:has(input:checked)").inner_text()
    await page.keyboard.press("?")
    assert await page.locator("#keys dl").is_visible()
    await page.keyboard.press("/")
    await page.keyboard.type("จุดที่")  # in the search letters are letters
    await page.wait_for_url("**text=**")
    await page.locator("h1").click()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{CASES}/P*")
    assert "จุดที่ 2" in await page.locator("h1").inner_text()


async def test_what_was_typed_is_not_lost_when_a_colleague_was_quicker(town: Town, officer: Officer) -> None:
    case = await town.open_case()
    page = await officer(f"{CASES}/{case.number}")
    await page.select_option("#to", "accepted")
    await page.fill("#state-note", "รับเรื่องแล้ว ช่างจะไปพรุ่งนี้เช้า")
    async with town.database.write() as session:
        await cases.set_priority(session, case, "high", key="p", actor="cli")
    await page.click("text=เปลี่ยนสถานะ >> nth=-1")
    await page.wait_for_selector("text=มีผู้แก้ไขเรื่องนี้ไปก่อน")
    assert await page.input_value("#state-note") == "รับเรื่องแล้ว ช่างจะไปพรุ่งนี้เช้า"
    await page.click("section[aria-labelledby='h-state'] button")
    await page.wait_for_selector("text=เปลี่ยนสถานะแล้ว")


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
async def test_axe_finds_nothing_and_nothing_is_too_wide(town: Town, officer: Officer, screen: dict[str, int]) -> None:
    case = await worked(town)
    page = await officer(CASES, viewport=screen, bypass_csp=True)
    addresses = {
        "list": f"{CASES}?label=หน้าฝน",
        "called": f"{CASES}/called",
        "new": f"{CASES}/new",
        "case": f"{CASES}/{case.number}",
        "print": f"{CASES}/{case.number}/print",
        "slip": f"{CASES}/{case.number}/slip",
    }
    found: dict[str, list[str]] = {}
    for name, address in addresses.items():
        await page.goto(address)
        await page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        await shown(page, f"{name}-{screen['width']}")
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[name] = [*await faults(page), *([f"{wide} px too wide"] if wide > 0 else [])]
    assert found == {name: [] for name in addresses}
