"""Real browsers before a running town, or before the whole running system."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from core.database import Database
from tests.browser.chat import Chat
from tests.system import RunningSystem
from tests.unit.web.town import ENTRIES, Town
from tests.valkey import BundledValkey

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
async def town(database: Database, bundled: BundledValkey, tmp_path: Path) -> AsyncIterator[Town]:
    made = Town(database, bundled, tmp_path)
    await made.publish(ENTRIES)
    await made.start()
    made.work()
    yield made
    await made.stop()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("needs Debian's chromium at /usr/bin/chromium")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, "--no-first-run"])
        yield opened
        await opened.close()


@pytest.fixture
async def visitor(browser: Browser, town: Town) -> AsyncIterator[Callable[..., Any]]:
    """Opens a page in a browser of its own; a mistake in its scripts fails the test: ``page = await visitor("/")``."""
    contexts: list[BrowserContext] = []
    mistakes: list[str] = []

    async def open_page(address: str = "/", **settings: Any) -> Page:
        settings.setdefault("viewport", DESK)
        settings.setdefault("reduced_motion", "reduce")
        context = await browser.new_context(base_url=town.url, **settings)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.on("console", lambda said: mistakes.append(said.text) if "Content Security Policy" in said.text else None)
        await page.goto(address)
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert mistakes == []


@pytest.fixture
async def chat(visitor: Callable[..., Any]) -> Chat:
    """An open chat on the front page of a desk's screen."""
    opened = Chat(await visitor("/"))
    await opened.open()
    return opened


@pytest.fixture
async def enter(browser: Browser, system: RunningSystem) -> AsyncIterator[Callable[..., Any]]:
    """Logs a member of staff in at the running system, in a browser of their own: ``page = await enter("curator@demo")``.

    The demo's passwords are known; whoever was taken in later brings theirs: ``await enter("roads@demo", password="…")``.
    """
    opened: list[BrowserContext] = []
    mistakes: list[str] = []
    expect.set_options(timeout=15_000)

    async def log_in(login: str, *, password: str = "", **settings: Any) -> Page:
        settings.setdefault("viewport", DESK)
        context = await browser.new_context(base_url=system.url, reduced_motion="reduce", **settings)
        context.set_default_timeout(15_000)
        opened.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.on("console", lambda said: mistakes.append(said.text) if "Content Security Policy" in said.text else None)
        await page.goto("/console/")
        await page.get_by_label("ชื่อเข้าใช้").fill(login)
        await page.get_by_label("รหัสผ่าน").fill(password or system.password(login))
        await page.get_by_role("button", name="เข้าสู่ระบบ").click()
        await expect(page.get_by_role("button", name="ออกจากระบบ")).to_be_visible()  # a telephone folds the menu away
        return page

    yield log_in
    expect.set_options(timeout=5_000)
    for context in opened:
        await context.close()
    assert mistakes == []


async def faults(page: Page) -> list[str]:
    """What axe finds wrong, shadow trees included."""
    # The page must have been opened with bypass_csp: axe measures with inline styles, which our policy forbids.
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}" for fault in found["violations"] for node in fault["nodes"]
    ]
