import re
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.unit.web.town import KEY, Town
from web import assets

SOURCES = Path(assets.__file__).parent
DATA = r' type="application/ld\+json">'  # search engines read it, no browser runs it


async def test_every_route_carries_the_headers(town: Town, http: ClientSession) -> None:
    application = town.server.app
    for resource in application.router.resources():
        address = re.sub(r"\{(\w+)(:[^}]+)?\}", "nothing", resource.canonical)
        async with http.get(address, allow_redirects=False) as answer:
            headers = answer.headers
            assert headers["X-Content-Type-Options"] == "nosniff", address
            assert headers["X-Frame-Options"] == "DENY", address
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], address
            assert headers["Referrer-Policy"] == "same-origin", address
            assert headers["X-Request-ID"], address
            assert "aiohttp" not in headers["Server"], address


async def test_the_policy_allows_nothing_inline(http: ClientSession) -> None:
    async with http.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy


def test_templates_hold_nothing_inline() -> None:
    for template in (SOURCES / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(rf"<script(?![^>]*\bsrc=)(?!{DATA})|<style|\sstyle=|\son[a-z]+=|javascript:", text), template.name
        assert "|safe" not in text, template.name


def test_scripts_never_write_html() -> None:
    for script in (SOURCES / "static").rglob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text), script.name


async def test_a_page_that_does_not_exist_is_polite(http: ClientSession) -> None:
    async with http.get("/ไม่มีหน้านี้", headers={"Accept": "text/html"}) as answer:
        assert answer.status == 404
        assert "ไม่พบหน้านี้" in await answer.text()
    async with http.get("/en/nothing") as answer:
        assert "Page not found" in await answer.text()


async def test_programs_get_errors_as_json(http: ClientSession) -> None:
    async with http.get("/nothing", headers={"Accept": "application/json"}) as answer:
        assert answer.status == 404
        assert (await answer.json())["error"]["code"] == "not_found"


async def test_an_error_inside_says_nothing_of_itself(town: Town, http: ClientSession, capsys) -> None:
    await town.database.close()
    (town.settings.var / "test.sqlite3").unlink()
    async with http.get("/services", headers={"Accept": "text/html"}) as answer:
        text = await answer.text()
        assert answer.status == 500
    assert "sqlite" not in text.lower()
    assert "Traceback" not in text
    assert "ระบบขัดข้องชั่วคราว" in text


async def test_queries_and_tokens_are_not_logged(http: ClientSession, capsys) -> None:
    async with http.get("/cases", params={"number": "P69-secret"}, headers={"X-API-Key": KEY}):
        pass
    logged = capsys.readouterr()
    assert "route=/cases" in logged.out + logged.err
    assert "secret" not in logged.out + logged.err
    assert KEY not in logged.out + logged.err


@pytest.mark.parametrize(
    "address",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/assets/../package.json",
        "/assets/axe-core/axe.js",
        "/static/widget",
        "/media/..%2f..%2fsecrets.env",
    ],
)
async def test_no_file_beside_the_public_ones(town: Town, address: str) -> None:
    import asyncio

    reader, writer = await asyncio.open_connection("127.0.0.1", town.settings.port)
    writer.write(f"GET {address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    status = (await reader.read()).split(b"\r\n", 1)[0]
    writer.close()
    assert status.split()[1] in {b"404", b"401"}, status


async def test_the_other_languages_link_stays_here(town: Town) -> None:
    import asyncio

    reader, writer = await asyncio.open_connection("127.0.0.1", town.settings.port)
    writer.write(b"GET /en//evil.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    text = (await reader.read()).decode()
    writer.close()
    assert 'href="//evil.example' not in text


async def test_a_huge_form_is_refused(http: ClientSession) -> None:
    async with http.post(
        "/api/v1/chat", data=b"x" * 300_000, headers={"X-API-Key": KEY, "Content-Type": "application/json"}
    ) as answer:
        assert answer.status == 413


async def test_under_https_browsers_are_told_to_stay_there(made) -> None:
    client = await made(public_url="https://city.example")
    for address in ("/", "/console/login", "/healthz", "/static/site.css", "/nothing"):
        answer = await client.get(address)
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", address


async def test_without_https_nobody_is_told_so(http: ClientSession) -> None:
    async with http.get("/") as answer:
        assert "Strict-Transport-Security" not in answer.headers
