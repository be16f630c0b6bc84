"""Every page of the console, taken from its routes: axe finds nothing, nothing is too wide, on a phone and at a desk."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conversations import utterance
from conversations.search import gather
from conversations.utterance import Guess
from helpdesk import agency_content
from helpdesk import case as cases
from helpdesk.case import Place
from helpdesk.role import Role
from knowledge_base import questions
from tests.browser.conftest import DESK, PHONE, faults
from tests.unit.web.console.conftest import hire
from tests.unit.web.console.test_chats import citizen, queue
from tests.unit.web.town import Town
from web.console.access import COOKIE
from web.console.routes import ROUTES
from web.parts import PARTS

SHOTS = os.environ.get("PRACHA_SHOTS")  # a folder: pictures of the pages are put there to be looked at
NO_PAGES = ("/stream", "/files/{id}", "/files/{file}", ".csv", "/exchange/file")
PIECES = ("/looking", "/talk", "/box", "/aside", "/preview", "/agency")  # of pages that stand here themselves
MORE = ("/console/search?q=บัตร", "/console/search?q=จระเข้", "/console/cases?state=all&text=ไฟ", "/console/faqs/try?q=บัตรหาย")


async def filled(town: Town) -> dict[str, str]:
    """Something to see on every page; gives what to fill into the addresses."""
    case = await town.open_case(place=Place("หน้าวัดธาราราม ถนนริมน้ำ", 13.75, 100.5))
    await town.open_case(category="garbage", description="ขยะล้นถังมาสามวัน กลิ่นเหม็นมาก")
    await town.move_case(case, "accepted", "in_progress")
    chat = await citizen(town)
    await queue(town, await citizen(town, "another", text="ขอคุยกับเจ้าหน้าที่ค่ะ"))
    async with town.database.write() as session:
        await agency_content.seed(session, town.settings)
        await cases.add_note(session, case, key="n", text="ต้องใช้รถกระเช้า", actor="cli")
        asked = await questions.record(session, "จัดงานปล่อยบอลลูนต้องขออนุญาตไหม", "none", "line")
        await utterance.collect(session, "น้ำมันมีกลิ่นแปลก ๆ", "line", [Guess("report_problem/tap-water", 0.41)])
    await gather(town.database)
    assert asked is not None
    return {"number": case.number, "chats": chat, "gaps": str(asked.group), "faqs": "id-card-lost", "agencies": "agc_home"}


def addresses(known: dict[str, str]) -> Iterator[str]:
    """Every page; a new one with an id that is not known here fails the test."""
    for route in ROUTES:
        if route.method == "GET" and not route.path.endswith(NO_PAGES + PIECES):
            area = route.path.removeprefix("/console").strip("/").partition("/")[0]
            yield route.path.replace("{number}", known["number"]).replace("{id}", known.get(area, "{id}"))
    yield from MORE


@pytest.mark.timeout(240)
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
async def test_every_page_is_sound(town: Town, visitor: Callable[..., Any], screen: dict[str, int]) -> None:
    assert town.server is not None
    known = await filled(town)
    member = await hire(town, *Role, name="เจ้าหน้าที่ทุกบทบาท")
    token, _ = await town.server.app[PARTS].sessions.begin(member)
    page = await visitor("/healthz", viewport=screen, bypass_csp=True)
    await page.context.add_cookies([{"name": COOKIE, "value": token, "url": town.url}])
    wrong: dict[str, list[str]] = {}
    for address in addresses(known):
        answer = await page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        await page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        if SHOTS:
            name = address.removeprefix("/console").strip("/").replace("/", "-").replace("?", "-")[:40] or "start"
            await page.screenshot(path=str(Path(SHOTS) / f"{name}-{screen['width']}.png"), full_page=True)
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        headings = await page.get_by_role("heading", level=1).count()
        found = [*await faults(page), *([f"{wide} px too wide"] * (wide > 0)), *([f"{headings} headings"] * (headings != 1))]
        if found:
            wrong[address] = found
    assert wrong == {}
