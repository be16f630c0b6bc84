"""Who reaches what, and what is refused before a handler runs."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, web
from aiohttp.test_utils import TestClient, TestServer

from helpdesk import staff
from helpdesk.role import RIGHTS, Role
from tests.unit.web.console.conftest import Desk
from tests.unit.web.town import Town
from web.console import access, page, routes
from web.console.access import COOKIE, Route, local_path

Console = Callable[..., Any]
ROUTES = routes.ROUTES


def address(route: Route) -> str:
    """The route's path with something in each place: a kind of its own list where it names one."""
    return re.sub(r"\{\w+(?::([^}|]+)[^}]*)?\}", lambda found: "1" if not found[1] or "\\" in found[1] else found[1], route.path)


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


async def test_nothing_changes_without_the_sessions_token(console: Console) -> None:
    boss = await console(*Role)
    other = await console(*Role)
    for route in ROUTES:
        if route.method == "GET":
            continue
        for token in ("", "x", other.csrf):
            desk = Desk(boss.http, boss.member, token)
            answer = await desk.post(address(route), {"csrf": token}, method=route.method, status=403)
            assert "เปิดค้างไว้" in await answer.text(), named(route)
    await boss.get("/console/")  # still logged in


async def test_nothing_changes_at_another_sites_wish(console: Console) -> None:
    boss = await console(*Role)
    for route in ROUTES:
        if route.method == "GET":
            continue
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://["},
            {"Origin": "https://partner.example"},  # may embed the widget, no more
            {"Sec_Fetch_Site": "cross-site"},
            {"Sec_Fetch_Site": "same-site"},
        ):
            answer = await boss.post(address(route), method=route.method, status=403, **headers)
            assert "ไม่ได้มาจากหน้าของคอนโซล" in await answer.text(), named(route)


def test_every_address_is_below_the_console_and_has_a_right_that_exists() -> None:
    assert ROUTES
    for route in ROUTES:
        assert route.path == "/console" or route.path.startswith("/console/"), named(route)
        assert not route.right or route.right in RIGHTS, named(route)
    assert len({named(route) for route in ROUTES}) == len(ROUTES)


async def test_no_address_of_the_console_stands_outside_its_door(town: Town) -> None:
    assert town.server is not None
    served = {
        (route.method, route.resource.canonical)
        for route in town.server.app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/console")
    }
    behind = {(method, re.sub(r":[^}]+", "", route.path)) for route in ROUTES for method in _methods(route)}
    forms = {(method, path) for path in ("/console/login", "/console/login/code") for method in ("GET", "HEAD", "POST")}
    signs = {(method, f"/console/login/with/{{provider}}{end}") for end in ("", "/back") for method in ("GET", "HEAD")}
    assert served - behind == forms | signs


def _methods(route: Route) -> tuple[str, ...]:
    return ("GET", "HEAD") if route.method == "GET" else (route.method,)


async def test_the_menu_leads_to_what_the_member_may_do_and_nowhere_else(console: Console) -> None:
    for role in Role:
        text = await (await console(role)).get("/console/")
        for area in page.AREAS:
            assert (f'href="{area.path}"' in text) == (role in RIGHTS[area.right]), (role, area.path)


def test_every_area_of_the_menu_is_there_and_asks_for_the_right_it_is_shown_for() -> None:
    rights = {route.path: route.right for route in ROUTES if route.method == "GET"}
    assert {area.path: area.right for area in page.AREAS} == {area.path: rights.get(area.path) for area in page.AREAS}


async def test_answers_are_kept_by_nobody(console: Console, http: ClientSession) -> None:
    curator = await console("curator")
    for client, path in ((curator.http, "/console/"), (http, "/console/login"), (http, "/console/"), (http, "/console/nothing")):
        async with client.get(path, allow_redirects=False) as answer:
            assert answer.headers["Cache-Control"] == "no-store", path
            assert "noindex" in answer.headers["X-Robots-Tag"], path
    async with http.get("/robots.txt") as answer:
        assert "Disallow: /console" in await answer.text()


async def test_a_lock_ends_a_session_at_once(town: Town, console: Console) -> None:
    curator = await console("curator")
    await curator.get("/console/")
    async with town.database.write() as session:
        await staff.lock(session, curator.member.id, actor="cli")
    await curator.get("/console/", status=303)


async def test_other_roles_or_another_password_end_a_session_too(town: Town, console: Console) -> None:
    for change in (
        lambda session, who: staff.set_roles(session, who, ["reviewer"], actor="cli"),
        lambda session, who: staff.change_password(session, who, "another password", actor="cli"),
    ):
        curator = await console("curator")
        async with town.database.write() as session:
            await change(session, curator.member.id)
        await curator.get("/console/", status=303)


async def test_without_valkey_everybody_is_asked_to_wait(town: Town, console: Console) -> None:
    curator = await console("curator")
    town.bundled.kill()
    text = await curator.get("/console/", status=503)
    assert "ยังไม่พร้อม" in text
    await curator.post("/console/account", {"present": "x"}, status=503)


async def test_htmx_is_led_to_the_log_in_as_a_whole_page(http: ClientSession) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://127.0.0.1/console/faqs?state=draft"}
    async with http.get("/console/", headers=headers, allow_redirects=False) as answer:
        assert answer.status == 401
        assert answer.headers["HX-Redirect"] == "/console/login?next=/console/faqs%3Fstate%3Ddraft"


async def test_what_htmx_may_not_do_is_told_in_the_page_and_nothing_is_replaced(console: Console, http: ClientSession) -> None:
    officer = await console("officer")
    for client, path in ((officer, "/console/staff"), (Desk(http, officer.member, ""), "/console/account")):
        answer = await client.post(path, htmx=True)
        text = await answer.text()
        assert answer.status in {401, 403}
        assert answer.headers["HX-Retarget"] == "#notice"
        assert "<html" not in text
        assert 'class="error"' in text


async def test_a_page_from_before_the_last_log_in_gets_the_new_token_and_loses_nothing(console: Console) -> None:
    curator = await console("curator")
    old = Desk(curator.http, curator.member, "token-of-the-session-before")
    answer = await old.post("/console/account", {"present": "x"}, htmx=True, status=403)
    assert json.loads(answer.headers["HX-Trigger"]) == {"pracha:token": curator.csrf}
    assert "กดปุ่มเดิมอีกครั้ง" in await answer.text()
    foreign = await old.post("/console/account", htmx=True, status=403, Origin="https://evil.example")
    assert "HX-Trigger" not in foreign.headers


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/console/faqs?state=draft&page=2", "/console/faqs?state=draft&page=2"),
        ("/console", "/console"),
        ("", "/console/"),
        (None, "/console/"),
        ("https://evil.example/console/", "/console/"),
        ("//evil.example/console/", "/console/"),
        ("/\\evil.example", "/console/"),
        ("/console/\\evil.example", "/console/"),
        ("/console/../cases", "/console/"),
        ("/console//evil.example", "/console/"),
        ("/consoles", "/console/"),
        ("/console/\r\nSet-Cookie: a=b", "/console/"),
        ("javascript:alert(1)//console/", "/console/"),
        ("/console/login", "/console/"),
        ("/console/logout", "/console/"),
        ("http://[", "/console/"),
    ],
)
def test_a_log_in_leads_to_our_own_console_only(asked: str | None, led: str) -> None:
    assert local_path(asked) == led


class Probe:
    """One more address behind the same door, whose handler tells what reached it."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    async def take(self, request: web.Request) -> web.Response:
        form = await request.post()
        sizes = {name: len(value.file.read()) if isinstance(value, web.FileField) else len(value) for name, value in form.items()}
        self.calls.append({"who": access.staff(request).name, "sizes": sizes, "form": form})
        return web.Response(text="ok")


@pytest.fixture
async def probe(town: Town, console: Console) -> Any:
    made, curator = Probe(), await console("curator")
    application = town.application()
    application.add_routes(access.served([Route("POST", "/console/probe", made.take, "faq.write", limit=2_000_000)]))
    client: TestClient[Any, Any] = TestClient(TestServer(application), cookies={COOKIE: _cookie(curator)})
    await client.start_server()
    yield made, client, curator
    await client.close()


def _cookie(desk: Desk) -> str:
    return next(cookie.value for cookie in desk.http.cookie_jar if cookie.key == COOKIE)


async def test_a_form_without_scripts_carries_its_token_in_a_field(probe: Any) -> None:
    made, client, curator = probe
    assert (await client.post("/console/probe", data={"csrf": curator.csrf, "a": "ข"})).status == 200
    assert made.calls[0]["who"] == curator.member.name
    assert made.calls[0]["sizes"]["a"] == 1


async def test_a_file_reaches_its_handler_and_is_closed_afterwards(probe: Any) -> None:
    made, client, curator = probe
    form = FormData({"csrf": curator.csrf})
    form.add_field("file", b"x" * 1_500_000, filename="faqs.xlsx")
    assert (await client.post("/console/probe", data=form)).status == 200
    assert made.calls[0]["sizes"]["file"] == 1_500_000
    assert made.calls[0]["form"]["file"].file.closed


async def test_what_is_larger_than_the_address_takes_is_refused(probe: Any) -> None:
    made, client, curator = probe
    form = FormData({"csrf": curator.csrf})
    form.add_field("file", b"x" * 2_100_000, filename="faqs.xlsx")
    answer = await client.post("/console/probe", data=form)
    assert answer.status == 413
    assert "ข้อมูลใหญ่เกินไป" in await answer.text()
    assert made.calls == []


async def test_a_broken_form_is_refused(probe: Any) -> None:
    made, client, _ = probe
    for kind, body in (
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"),
        ("application/x-www-form-urlencoded; charset=klingon", b"a=1"),
    ):
        answer = await client.post("/console/probe", data=body, headers={"Content-Type": kind})
        assert answer.status == 400, kind
    assert made.calls == []
