"""The second factor in the console: set up, asked for, got round by nobody, taken away."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from aiohttp import ClientSession, CookieJar
from pydantic import SecretStr
from sqlalchemy import select

from core import clock
from core.audit import AuditEntry
from core.cipher import Cipher
from helpdesk import second_factor as factors
from helpdesk.staff import Member
from tests.unit.web.console.conftest import PASSWORD, Desk, hire
from tests.unit.web.console.test_login import browser, csrf, log_in, status, token
from tests.unit.web.town import Town
from web.console.access import COOKIE
from web.console.qr import drawn
from web.parts import PARTS

__all__ = ["browser"]
Console = Callable[..., Any]
PAGE = "/console/account/second-factor"
KEY = "a key for tests that is long enough"


@pytest.fixture
async def sealed(town: Town) -> Town:
    """A town whose secrets can be sealed."""
    await town.stop_web()
    await town.start_web(secret_key=SecretStr(KEY))
    return town


async def enrolled(town: Town, *roles: str) -> tuple[Member, pyotp.TOTP, list[str]]:
    member = await hire(town, *roles)
    cipher = Cipher(KEY)
    async with town.database.write() as session:
        totp = pyotp.TOTP(await factors.begin(session, member, cipher))
        confirmed = totp.at(clock.now(), counter_offset=-1)
        member, codes = await factors.confirm(session, member, confirmed, cipher)
    return member, totp, codes


async def code(browser: ClientSession, typed: str) -> tuple[int, str]:
    async with browser.post("/console/login/code", data={"code": typed}, allow_redirects=False) as answer:
        return answer.status, await answer.text()


def later(monkeypatch: pytest.MonkeyPatch, **how: float) -> None:
    moment = datetime.now(UTC) + timedelta(**how)
    monkeypatch.setattr(clock, "now", lambda: moment)


def secret_of(page: str) -> str:
    found = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    assert found is not None, page[-2000:]
    return found[1].replace(" ", "")


async def test_set_up_with_an_app(sealed: Town, console: Console) -> None:
    desk: Desk = await console("curator")
    assert "ยังไม่ได้เปิด" in await desk.get("/console/account")
    page = await (await desk.post(f"{PAGE}/begin", status=200)).text()
    secret = secret_of(page)
    assert '<svg class="qr"' in page
    wrong = await (await desk.post(f"{PAGE}/confirm", {"code": "000000"}, status=422)).text()
    assert "รหัสไม่ถูกต้อง" in wrong
    assert secret_of(wrong) == secret
    answer = await desk.post(f"{PAGE}/confirm", {"code": pyotp.TOTP(secret).at(clock.now())}, status=200)
    codes = re.findall(r"<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>", await answer.text())
    assert len(codes) == 10
    page = await desk.get(PAGE)
    assert "เหลือรหัสสำรอง 10 รหัส" in page
    assert secret not in page
    assert not any(one in page for one in codes)


async def test_the_qr_code_holds_what_the_text_says() -> None:
    square = drawn("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP")
    assert square["size"] == 29 + 8
    assert square["path"].startswith("M4 4h7v1h-7z")  # the finder pattern's upper edge, inside the quiet zone
    assert re.fullmatch(r"(M\d+ \d+h\d+v1h-\d+z)+", square["path"])


async def test_setting_up_ends_other_sessions_and_gives_this_one_a_new_token(
    sealed: Town, browser: ClientSession, console: Console
) -> None:
    member = await hire(sealed, "curator")
    async with ClientSession(sealed.url, cookie_jar=CookieJar(unsafe=True)) as elsewhere:
        await log_in(elsewhere, member.login)
        await log_in(browser, member.login)
        before = token(browser)
        async with browser.post(f"{PAGE}/begin", data={"csrf": await csrf(browser)}) as answer:
            secret = secret_of(await answer.text())
        form = {"csrf": await csrf(browser), "code": pyotp.TOTP(secret).at(clock.now())}
        async with browser.post(f"{PAGE}/confirm", data=form) as answer:
            page = await answer.text()
        assert token(browser) != before
        assert await status(browser) == 200
        assert await status(elsewhere) == 303
        field = re.search(r'name="csrf" value="([^"]+)"', page)
        assert field is not None
        async with browser.post(f"{PAGE}/codes", data={"csrf": field[1]}) as answer:
            assert answer.status == 200  # the page shown carries the new session's token


async def test_the_password_alone_opens_nothing(sealed: Town, browser: ClientSession) -> None:
    member, totp, _ = await enrolled(sealed, "curator")
    answer, _ = await log_in(browser, member.login, then="/console/faqs")
    assert (answer.status, answer.headers["Location"]) == (303, "/console/login/code")
    assert token(browser) == ""
    assert await status(browser) == 303
    assert await code(browser, "000000") == (401, await _page(browser, "รหัสไม่ถูกต้อง"))
    async with browser.post("/console/login/code", data={"code": totp.at(clock.now())}, allow_redirects=False) as done:
        assert (done.status, done.headers["Location"]) == (303, "/console/faqs")
    assert await status(browser) == 200


async def _page(browser: ClientSession, words: str) -> str:
    _, page = await code(browser, "000000")
    assert words in page
    return page


async def test_half_a_log_in_is_no_session(sealed: Town, browser: ClientSession) -> None:
    member, _, _ = await enrolled(sealed, "curator")
    await log_in(browser, member.login)
    step = next(cookie for cookie in browser.cookie_jar if cookie.key == "pracha_step")
    assert step["httponly"]
    assert step["path"] == "/console/login"
    async with ClientSession(sealed.url, cookies={COOKIE: step.value}) as forged:
        assert await status(forged) == 303


async def test_a_code_is_asked_of_nobody_who_gave_no_password(sealed: Town, browser: ClientSession) -> None:
    _, totp, _ = await enrolled(sealed, "curator")
    async with browser.get("/console/login/code", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/console/login")
    assert (await code(browser, totp.at(clock.now())))[0] == 303
    assert token(browser) == ""


async def test_a_code_that_was_used_is_refused(sealed: Town, browser: ClientSession) -> None:
    member, totp, _ = await enrolled(sealed, "curator")
    used = totp.at(clock.now())
    await log_in(browser, member.login)
    assert (await code(browser, used))[0] == 303
    async with ClientSession(sealed.url, cookie_jar=CookieJar(unsafe=True)) as thief:
        await log_in(thief, member.login)
        assert (await code(thief, used))[0] == 401


async def test_the_step_between_is_used_up(sealed: Town, browser: ClientSession) -> None:
    member, totp, codes = await enrolled(sealed, "curator")
    await log_in(browser, member.login)
    kept = next(cookie.value for cookie in browser.cookie_jar if cookie.key == "pracha_step")
    assert (await code(browser, totp.at(clock.now())))[0] == 303
    async with ClientSession(sealed.url, cookies={"pracha_step": kept}) as thief:
        assert (await code(thief, codes[0]))[0] == 303
        assert await status(thief) == 303


async def test_a_recovery_code_opens_the_console_once(sealed: Town, browser: ClientSession) -> None:
    member, _, codes = await enrolled(sealed, "curator")
    await log_in(browser, member.login)
    assert (await code(browser, codes[0].upper()))[0] == 303
    assert await status(browser) == 200
    async with ClientSession(sealed.url, cookie_jar=CookieJar(unsafe=True)) as again:
        await log_in(again, member.login)
        assert (await code(again, codes[0]))[0] == 401


async def test_guessing_codes_is_slowed_down_over_all_log_ins(sealed: Town, browser: ClientSession) -> None:
    member, totp, _ = await enrolled(sealed, "curator")
    answers = []
    for _ in range(6):
        await log_in(browser, member.login)
        answers.append((await code(browser, "000000"))[0])
    assert answers == [401] * 5 + [429]
    assert (await code(browser, totp.at(clock.now())))[0] == 429


async def test_a_lock_or_new_password_ends_the_step(sealed: Town, browser: ClientSession) -> None:
    from helpdesk import staff

    member, totp, _ = await enrolled(sealed, "curator")
    await log_in(browser, member.login)
    async with sealed.database.write() as session:
        await staff.change_password(session, member.id, "another password", actor="cli")
    assert (await code(browser, totp.at(clock.now())))[0] == 303
    assert await status(browser) == 303


async def test_another_sites_page_sends_no_code(sealed: Town, browser: ClientSession) -> None:
    member, totp, _ = await enrolled(sealed, "curator")
    await log_in(browser, member.login)
    headers = {"Origin": "https://evil.example"}
    async with browser.post("/console/login/code", data={"code": totp.at(clock.now())}, headers=headers) as answer:
        assert answer.status == 403


async def test_roles_that_need_it_work_only_with_it(town: Town, browser: ClientSession) -> None:
    await town.stop_web()
    await town.start_web(secret_key=SecretStr(KEY), second_factor_roles=["administrator"])
    member = await hire(town, "administrator")
    await log_in(browser, member.login)
    for path in ("/console/", "/console/staff", "/console/faqs"):
        async with browser.get(path, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, PAGE), path
    async with browser.get(PAGE) as answer:
        page = await answer.text()
    assert "ต้องใช้การยืนยันสองขั้น" in page
    field = re.search(r'name="csrf" value="([^"]+)"', page)
    assert field is not None
    async with browser.post("/console/staff", data={"csrf": field[1], "login": "x1"}) as answer:
        assert answer.status == 403
    async with browser.post(f"{PAGE}/begin", data={"csrf": field[1]}) as answer:
        secret = secret_of(await answer.text())
    async with browser.post(f"{PAGE}/confirm", data={"csrf": field[1], "code": pyotp.TOTP(secret).at(clock.now())}) as answer:
        assert answer.status == 200
    assert await status(browser, "/console/staff") == 200
    async with browser.post(f"{PAGE}/off", data={"csrf": await csrf(browser)}) as answer:
        assert answer.status == 422
        assert "จึงปิดไม่ได้" in await answer.text()


async def test_roles_that_need_none_are_not_bothered(town: Town, browser: ClientSession) -> None:
    await town.stop_web()
    await town.start_web(second_factor_roles=["administrator"])
    await log_in(browser, (await hire(town, "curator")).login)
    assert await status(browser, "/console/faqs") == 200


async def test_it_is_turned_off_by_oneself(sealed: Town, browser: ClientSession) -> None:
    member, totp, _ = await enrolled(sealed, "curator")
    await log_in(browser, member.login)
    await code(browser, totp.at(clock.now()))
    async with browser.post(f"{PAGE}/off", data={"csrf": await csrf(browser)}) as answer:
        assert "ปิดการยืนยันสองขั้นแล้ว" in await answer.text()
    async with ClientSession(sealed.url, cookie_jar=CookieJar(unsafe=True)) as again:
        answer, _ = await log_in(again, member.login)
        assert answer.headers["Location"] == "/console/"


async def test_an_administrator_resets_it_and_that_is_audited(sealed: Town, browser: ClientSession, console: Console) -> None:
    member, totp, _ = await enrolled(sealed, "curator")
    await log_in(browser, member.login)
    await code(browser, totp.at(clock.now()))
    boss: Desk = await console("administrator")
    assert "ล้างการยืนยันสองขั้น" in await boss.get("/console/staff")
    await boss.post(f"/console/staff/{member.id}/second-factor", status=303)
    assert await status(browser) == 303
    assert (await log_in(browser, member.login))[0].headers["Location"] == "/console/"
    async with sealed.database.read() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.second_factor.off"))
        assert [(row.actor, row.subject) for row in rows] == [(boss.member.actor, member.actor)]
    await boss.post(f"/console/staff/{member.id}/second-factor", status=422)


async def test_without_a_key_nothing_can_be_set_up_and_it_is_said(town: Town, console: Console) -> None:
    desk: Desk = await console("curator")
    page = await (await desk.post(f"{PAGE}/begin", status=503)).text()
    assert "PRACHA_SECRET_KEY" in page


async def test_without_the_key_codes_let_nobody_in(town: Town, browser: ClientSession) -> None:
    member, totp, _ = await enrolled(town, "curator")
    await log_in(browser, member.login)
    assert (await code(browser, totp.at(clock.now())))[0] == 503
    assert token(browser) == ""


async def test_neither_codes_nor_secrets_are_logged(sealed: Town, browser: ClientSession, capsys: Any) -> None:
    member, totp, codes = await enrolled(sealed, "curator")
    shown = totp.at(clock.now())
    await log_in(browser, member.login)
    for typed in ("000000", codes[0], shown):
        await code(browser, typed)
    told = capsys.readouterr()
    for private in (shown, codes[0], totp.secret, PASSWORD, member.login):
        assert private not in told.out + told.err


async def test_an_old_session_is_stronger_for_nobody(sealed: Town) -> None:
    member = await hire(sealed, "curator")
    assert sealed.server is not None
    _, session = await sealed.server.app[PARTS].sessions.begin(member)
    assert not session.strong
