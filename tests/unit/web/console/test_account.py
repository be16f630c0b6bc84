"""The member's own account: temporary passwords, sessions elsewhere, and proof before access is changed."""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar
from sqlalchemy import select

from core.audit import AuditEntry
from helpdesk import staff
from tests.unit.web.console.conftest import PASSWORD, Desk, hire
from tests.unit.web.console.test_login import browser, csrf, log_in, status, token
from tests.unit.web.town import Town
from web.console import session as sessions
from web.console.session import name

__all__ = ["browser"]
Console = Callable[..., Any]


@pytest.fixture
async def elsewhere(town: Town) -> AsyncIterator[ClientSession]:
    agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
    async with ClientSession(town.url, cookie_jar=CookieJar(unsafe=True), headers={"User-Agent": agent}) as http:
        yield http


async def text(http: ClientSession, path: str) -> str:
    async with http.get(path) as answer:
        return await answer.text()


async def send(http: ClientSession, path: str, form: dict[str, str] | None = None) -> int:
    async with http.post(path, data={"csrf": await csrf(http), **(form or {})}, allow_redirects=False) as answer:
        return answer.status


async def test_a_member_sees_where_they_are_logged_in(town: Town, browser: ClientSession, elsewhere: ClientSession) -> None:
    member = await hire(town, "curator")
    await log_in(browser, member.login)
    await log_in(elsewhere, member.login)
    page = await text(browser, "/console/account")
    assert "Chrome บน Android" in page
    assert page.count("เครื่องนี้") == 1
    assert "127.0.0.1" in page
    assert token(elsewhere) not in page


async def test_a_session_elsewhere_is_ended_by_its_name(town: Town, browser: ClientSession, elsewhere: ClientSession) -> None:
    member = await hire(town, "curator")
    await log_in(browser, member.login)
    await log_in(elsewhere, member.login)
    assert await send(browser, "/console/account/sessions", {"session": name(token(elsewhere))}) == 303
    assert await status(elsewhere) == 303
    assert await status(browser) == 200


async def test_all_sessions_elsewhere_are_ended_at_once(town: Town, browser: ClientSession, elsewhere: ClientSession) -> None:
    member = await hire(town, "curator")
    for http in (elsewhere, browser):
        await log_in(http, member.login)
    assert await send(browser, "/console/account/sessions") == 303
    assert await status(elsewhere) == 303
    assert await status(browser) == 200


async def test_nobody_ends_another_members_session(town: Town, browser: ClientSession, elsewhere: ClientSession) -> None:
    await log_in(browser, (await hire(town, "administrator")).login)
    await log_in(elsewhere, (await hire(town, "curator")).login)
    assert await send(browser, "/console/account/sessions", {"session": name(token(elsewhere))}) == 303
    assert await status(elsewhere) == 200


async def test_who_has_a_temporary_password_chooses_their_own_first(town: Town, browser: ClientSession, console: Console) -> None:
    boss = await console("administrator")
    form = {"login": "malee", "name": "มาลี", "role": "curator"}
    page = await (await boss.post("/console/staff", form, status=200)).text()
    found = re.search(r'id="secret">([^<]+)<', page)
    assert found is not None
    await log_in(browser, "malee", found[1])
    async with browser.get("/console/faqs", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/console/account")
    page = await text(browser, "/console/account")
    assert "รหัสชั่วคราว" in page
    field = re.search(r'name="csrf" value="([^"]+)"', page)
    assert field is not None
    async with browser.post("/console/synonyms", data={"csrf": field[1]}, allow_redirects=False) as answer:
        assert answer.status == 403
    change = {"csrf": field[1], "present": found[1], "new": "a better password", "again": "a better password"}
    async with browser.post("/console/account", data=change) as answer:
        assert answer.status == 200
    assert await status(browser, "/console/faqs") == 200


@pytest.fixture
def stale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's last proof is recent enough."""
    monkeypatch.setattr(sessions.Session, "fresh", property(lambda self: False))


@pytest.mark.usefixtures("stale")
async def test_access_is_changed_only_after_the_password_is_given_again(town: Town, console: Console) -> None:
    boss = await console("administrator")
    form = [("login", "malee"), ("name", "มาลี <b>"), ("role", "curator"), ("role", "reviewer")]
    page = await (await boss.post("/console/staff", form, status=403)).text()
    assert "ยืนยันว่าเป็นคุณ" in page
    for kept in ('name="login" value="malee"', 'value="มาลี &lt;b&gt;"', 'value="curator"', 'value="reviewer"'):
        assert kept in page
    assert await found(town, "malee") is None
    page = await (await boss.post("/console/staff", [*form, ("proof", "wrong")], status=403)).text()
    assert "รหัสผ่านไม่ถูกต้อง" in page
    assert "wrong" not in page
    assert await found(town, "malee") is None
    await boss.post("/console/staff", [*form, ("proof", PASSWORD)], status=200)
    row = await found(town, "malee")
    assert row is not None
    assert row.roles == ["curator", "reviewer"]


@pytest.mark.usefixtures("stale")
async def test_the_proof_is_no_place_to_guess_passwords(console: Console) -> None:
    boss = await console("administrator")
    answers = [(await boss.post("/console/staff", {"proof": "wrong"})).status for _ in range(6)]
    assert answers == [403] * 5 + [429]


@pytest.mark.usefixtures("stale")
async def test_other_work_asks_for_nothing_again(console: Console) -> None:
    curator: Desk = await console("curator")
    await curator.post("/console/synonyms", {"word": "บปช", "meaning": "บัตรประชาชน"}, status=303)


async def found(town: Town, login: str) -> staff.Staff | None:
    async with town.database.read() as session:
        return await staff.named(session, login)


async def test_an_administrators_change_is_audited_with_who_it_was_about(town: Town, console: Console) -> None:
    boss, curator = await console("administrator"), await console("curator")
    await boss.post(f"/console/staff/{curator.member.id}/password", status=200)
    async with town.database.read() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.password"))
        assert [(row.actor, row.subject) for row in rows] == [(boss.member.actor, curator.member.actor)]
