"""Logging in and out, one's own password, and what administrators do with others'."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar
from argon2 import PasswordHasher
from sqlalchemy import select
from yarl import URL

from core.audit import AuditEntry
from helpdesk import password as passwords
from helpdesk import staff
from helpdesk.staff import Staff
from tests.unit.web.console.conftest import PASSWORD, hire
from tests.unit.web.town import Town
from web.console import throttle
from web.console.access import COOKIE
from web.parts import PARTS

Console = Callable[..., Any]


@pytest.fixture
async def browser(town: Town) -> AsyncIterator[ClientSession]:
    async with ClientSession(town.url, cookie_jar=CookieJar(unsafe=True)) as session:
        yield session


async def log_in(
    browser: ClientSession, login: str, password: str = PASSWORD, then: str = "", **headers: str
) -> tuple[ClientResponse, str]:
    form = {"login": login, "password": password, "next": then}
    async with browser.post("/console/login", data=form, headers=headers, allow_redirects=False) as answer:
        return answer, await answer.text()


def token(browser: ClientSession) -> str:
    return next((cookie.value for cookie in browser.cookie_jar if cookie.key == COOKIE), "")


async def status(browser: ClientSession, path: str = "/console/") -> int:
    async with browser.get(path, allow_redirects=False) as answer:
        return answer.status


async def csrf(browser: ClientSession) -> str:
    async with browser.get("/console/") as answer:
        found = re.search(r'name="csrf" value="([^"]+)"', await answer.text())
    assert found is not None
    return found[1]


async def test_whoever_logs_in_gets_where_they_wanted(town: Town, browser: ClientSession) -> None:
    member = await hire(town, "curator")
    async with browser.get("/console/account") as asked:
        page = await asked.text()
    assert asked.url.path == "/console/login"
    assert 'value="/console/account"' in page
    answer, _ = await log_in(browser, member.login.upper(), then="/console/account")
    assert answer.status == 303
    assert answer.headers["Location"] == "/console/account"
    async with browser.get("/console/account") as shown:
        assert member.name in await shown.text()
    assert (await browser.get("/console/login?next=/console/account")).url.path == "/console/account"


async def test_the_cookie_is_for_the_console_only_and_no_script_reads_it(town: Town, browser: ClientSession) -> None:
    answer, _ = await log_in(browser, (await hire(town, "curator")).login)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "Path=/console", "SameSite=Lax", "Max-Age=43200"):
        assert part in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie


async def test_under_https_the_cookie_never_travels_in_the_clear(town: Town, made: Callable[..., Any]) -> None:
    client = await made(public_url="https://city.example")
    member = await hire(town, "curator")
    headers = {"Origin": "https://city.example"}
    form = {"login": member.login, "password": PASSWORD}
    answer = await client.post("/console/login", data=form, headers=headers, allow_redirects=False)
    assert answer.status == 303
    assert "Secure" in answer.headers["Set-Cookie"]


async def test_what_was_wrong_is_not_told_apart(town: Town, browser: ClientSession) -> None:
    member, locked = await hire(town, "curator"), await hire(town, "curator")
    async with town.database.write() as session:
        await staff.lock(session, locked.id, actor="cli")
    pages = []
    for login, password in ((member.login, "wrong"), ("nobody", PASSWORD), (locked.login, PASSWORD), ("", "")):
        answer, page = await log_in(browser, login, password)
        assert answer.status == 401
        assert "Set-Cookie" not in answer.headers
        assert PASSWORD not in page
        pages.append(re.sub(r'(id="login"[^>]* value=)"[^"]*"', r"\1", page))
    assert len(set(pages)) == 1
    assert "ชื่อเข้าใช้หรือรหัสผ่านไม่ถูกต้อง" in pages[0]


async def test_what_was_typed_is_shown_as_text(browser: ClientSession) -> None:
    _, page = await log_in(browser, '"><script>alert(1)</script>', "x", then='/console/"><script>')
    assert "<script>" not in page


async def test_a_log_in_leads_nowhere_else(town: Town, browser: ClientSession) -> None:
    member = await hire(town, "curator")
    for then in ("https://evil.example/", "//evil.example", "/\\evil.example", "/cases"):
        answer, _ = await log_in(browser, member.login, then=then)
        assert answer.headers["Location"] == "/console/"


async def test_another_sites_page_logs_nobody_in(town: Town, browser: ClientSession) -> None:
    member = await hire(town, "curator")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        answer, _ = await log_in(browser, member.login, **headers)
        assert answer.status == 403
    assert token(browser) == ""
    answer, _ = await log_in(browser, member.login, Origin=town.url, **{"Sec-Fetch-Site": "same-origin"})
    assert answer.status == 303


async def test_a_log_in_takes_no_token_that_was_there_before(town: Town, browser: ClientSession) -> None:
    member = await hire(town, "curator")
    browser.cookie_jar.update_cookies({COOKIE: "chosen-by-somebody-else"}, URL(town.url) / "console" / "login")
    await log_in(browser, member.login)
    first = token(browser)
    await log_in(browser, member.login)
    assert len({first, token(browser), "chosen-by-somebody-else"}) == 3
    async with ClientSession(town.url, cookies={COOKIE: first}) as stolen:
        assert await status(stolen) == 303


async def test_logging_out_ends_the_session_and_not_only_the_cookie(town: Town, browser: ClientSession) -> None:
    await log_in(browser, (await hire(town, "curator")).login)
    kept, form = token(browser), {"csrf": await csrf(browser)}
    assert await status(browser, "/console/logout") == 405
    async with browser.post("/console/logout", data=form) as answer:
        assert "ออกจากระบบแล้ว" in await answer.text()
    assert token(browser) == ""
    async with ClientSession(town.url, cookies={COOKIE: kept}) as stolen:
        assert await status(stolen) == 303


async def test_guessing_a_password_is_slowed_down_for_its_login_only(town: Town, browser: ClientSession) -> None:
    member, other = await hire(town, "curator"), await hire(town, "curator")
    answers = [(await log_in(browser, member.login, "wrong"))[0].status for _ in range(6)]
    assert answers == [401] * 5 + [429]
    answer, page = await log_in(browser, member.login.upper())
    assert answer.status == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert re.search(r"รอประมาณ \d+ (วินาที|นาที)", page)
    assert (await log_in(browser, other.login))[0].status == 303


async def test_waits_grow_with_the_tries(town: Town, browser: ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "SECRET_RULES", ("2/second", "4/hour"))
    member = await hire(town, "curator")
    waits = []
    async with asyncio.timeout(20):
        while len(waits) < 1 or waits[-1] < 60:
            answer, _ = await log_in(browser, member.login, "wrong")
            if answer.status == 429:
                waits.append(int(answer.headers["Retry-After"]))
                await asyncio.sleep(0.3)
    assert min(waits) <= 2
    assert 60 < waits[-1] <= 3600


async def test_an_unknown_login_is_slowed_down_like_a_known_one(town: Town, browser: ClientSession) -> None:
    member = await hire(town, "curator")
    known = [(await log_in(browser, member.login, "wrong"))[0].status for _ in range(7)]
    assert [(await log_in(browser, "nobody", "wrong"))[0].status for _ in range(7)] == known


async def test_a_right_password_forgets_earlier_mistakes(town: Town, browser: ClientSession) -> None:
    member = await hire(town, "curator")
    for _ in range(2):
        for _ in range(4):
            await log_in(browser, member.login, "wrong")
        assert (await log_in(browser, member.login))[0].status == 303


async def test_one_address_cannot_try_all_logins(town: Town, browser: ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "ADDRESS_RULES", ("3/15 minutes",))
    member = await hire(town, "curator")
    for number in range(3):
        await log_in(browser, f"guess-{number}", "wrong")
    assert (await log_in(browser, member.login))[0].status == 429


async def test_many_at_once_do_not_keep_citizens_waiting(
    town: Town, browser: ClientSession, http: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher())
    await http.get("/healthz")
    crowd = asyncio.gather(*(log_in(browser, f"guess-{number}", "wrong") for number in range(8)))
    await asyncio.sleep(0.02)
    began = time.monotonic()
    async with http.get("/healthz") as answer:
        assert answer.status == 200
    alone, _ = time.monotonic() - began, await crowd
    assert alone < (time.monotonic() - began) / 2


async def test_a_token_in_an_address_or_header_opens_nothing(town: Town, browser: ClientSession, http: ClientSession) -> None:
    await log_in(browser, (await hire(town, "curator")).login)
    kept = token(browser)
    for path, headers in (
        (f"/console/?{COOKIE}={kept}", {}),
        (f"/console/;{COOKIE}={kept}", {}),
        ("/console/", {"Authorization": f"Bearer {kept}"}),
    ):
        async with http.get(path, headers=headers, allow_redirects=False) as answer:
            assert answer.status in {303, 404}, path
    async with browser.get("/console/") as shown:
        assert kept not in await shown.text()


async def test_without_valkey_nobody_is_let_in_and_it_is_said_politely(town: Town, browser: ClientSession) -> None:
    member = await hire(town, "curator")
    town.bundled.kill()
    answer, page = await log_in(browser, member.login)
    assert answer.status == 503
    assert "ยังไม่พร้อม" in page


async def test_log_ins_are_audited(town: Town, browser: ClientSession) -> None:
    member = await hire(town, "curator")
    await log_in(browser, member.login, "wrong")
    await log_in(browser, member.login)
    async with town.database.read() as session:
        rows = list(await session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.login")))
    assert [(row.actor, row.subject, row.detail) for row in rows] == [(member.actor, member.actor, {"method": "password"})]


async def test_a_new_password_ends_all_other_sessions(town: Town, browser: ClientSession) -> None:
    member = await hire(town, "curator")
    async with ClientSession(town.url, cookie_jar=CookieJar(unsafe=True)) as elsewhere:
        await log_in(elsewhere, member.login)
        await log_in(browser, member.login)
        form = {"csrf": await csrf(browser), "present": PASSWORD, "new": "a better password", "again": "a better password"}
        async with browser.post("/console/account", data=form) as answer:
            assert "เปลี่ยนรหัสผ่านแล้ว" in await answer.text()
        assert await status(browser) == 200
        assert await status(elsewhere) == 303
        assert (await log_in(elsewhere, member.login))[0].status == 401
        assert (await log_in(elsewhere, member.login, "a better password"))[0].status == 303


@pytest.mark.parametrize(
    ("present", "new", "again", "words"),
    [
        ("wrong", "a better password", "a better password", "รหัสผ่านปัจจุบันไม่ถูกต้อง"),
        (PASSWORD, "a better password", "another password", "ไม่ตรงกัน"),
        (PASSWORD, "short", "short", "อย่างน้อย 12 ตัวอักษร"),
        (PASSWORD, "password123456", "password123456", "เดาง่ายเกินไป"),
        (PASSWORD, PASSWORD, PASSWORD, "ต้องไม่เหมือนรหัสเดิม"),
        ("", "", "", "รหัสผ่านปัจจุบันไม่ถูกต้อง"),
    ],
)
async def test_a_password_that_cannot_be_taken(
    town: Town, console: Console, browser: ClientSession, present: str, new: str, again: str, words: str
) -> None:
    desk = await console("curator")
    answer = await desk.post("/console/account", {"present": present, "new": new, "again": again}, status=422)
    assert words in await answer.text()
    assert (await log_in(browser, desk.member.login))[0].status == 303


async def find(town: Town, login: str) -> Staff:
    async with town.database.read() as session:
        found = await staff.named(session, login)
    assert found is not None
    return found


async def test_an_administrator_takes_somebody_in(town: Town, console: Console, browser: ClientSession) -> None:
    boss = await console("administrator")
    form = [("login", "Malee"), ("name", "มาลี <b>ใจดี</b>"), ("role", "curator"), ("role", "reviewer")]
    answer = await boss.post("/console/staff", form, status=200)
    page = await answer.text()
    password = re.search(r'id="secret">([^<]+)<', page)
    assert password is not None
    assert "<b>ใจดี" not in page
    assert password[1] not in await boss.get("/console/staff")
    assert (await log_in(browser, "malee", password[1]))[0].status == 303
    assert (await find(town, "malee")).roles == ["curator", "reviewer"]
    async with town.database.read() as session:
        row = await session.scalar(
            select(AuditEntry).where(AuditEntry.action == "staff.add", AuditEntry.actor == boss.member.actor)
        )
    assert row is not None


async def test_what_an_administrator_typed_stays_when_it_cannot_be_taken(town: Town, console: Console) -> None:
    boss = await console("administrator")
    form = {"login": boss.member.login, "name": "มาลี", "role": "curator"}
    page = await (await boss.post("/console/staff", form, status=422)).text()
    assert "มีชื่อเข้าใช้นี้อยู่แล้ว" in page
    assert 'value="มาลี"' in page


async def test_an_administrator_locks_changes_roles_and_gives_passwords(
    town: Town, console: Console, browser: ClientSession
) -> None:
    boss, curator = await console("administrator"), await console("curator")
    one = f"/console/staff/{curator.member.id}"
    await boss.post(f"{one}/roles", {"role": "reviewer"}, status=303)
    assert (await find(town, curator.member.login)).roles == ["reviewer"]
    await boss.post(f"{one}/lock", status=303)
    assert (await log_in(browser, curator.member.login))[0].status == 401
    await boss.post(f"{one}/unlock", status=303)
    assert (await log_in(browser, curator.member.login))[0].status == 303
    page = await (await boss.post(f"{one}/password", status=200)).text()
    new = re.search(r'id="secret">([^<]+)<', page)
    assert new is not None
    assert (await log_in(browser, curator.member.login))[0].status == 401
    assert (await log_in(browser, curator.member.login, new[1]))[0].status == 303


async def test_an_administrator_cannot_lock_the_door_behind_everybody(console: Console) -> None:
    boss = await console("administrator")
    one = f"/console/staff/{boss.member.id}"
    for what, form in (("lock", {}), ("roles", {"role": "curator"})):
        page = await (await boss.post(f"{one}/{what}", form, status=422)).text()
        assert "อย่างน้อยหนึ่งคน" in page
    await boss.post("/console/staff/stf_nobody/lock", status=404)
    await boss.get("/console/")


async def test_sessions_are_shared_by_all_web_processes(town: Town, made: Callable[..., Any], browser: ClientSession) -> None:
    await log_in(browser, (await hire(town, "curator")).login)
    other = await made()
    assert other.app[PARTS].sessions is not town.server.app[PARTS].sessions  # type: ignore[union-attr]
    answer = await other.get("/console/", headers={"Cookie": f"{COOKIE}={token(browser)}"}, allow_redirects=False)
    assert answer.status == 200
