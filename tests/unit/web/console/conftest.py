"""Members of staff at their desks, logged in."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar
from argon2 import PasswordHasher

from core import ids
from helpdesk import password as passwords
from helpdesk import staff
from helpdesk.staff import Member
from tests.unit.web.town import Town
from web.console.access import COOKIE
from web.parts import PARTS

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same kind of hash with less work: with the real one, hiring would be most of these tests' time."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobody.cache_clear()


class Desk:
    """A logged-in browser: ``await desk.get("/console/faqs")`` gives the page, ``post`` sends a form with its token.

    ``htmx=True`` asks as htmx does. Redirects are not followed; the answer's ``status`` and ``headers`` tell.
    """

    def __init__(self, http: ClientSession, member: Member, csrf: str) -> None:
        self.http, self.member, self.csrf = http, member, csrf

    async def get(self, path: str, *, status: int = 200, htmx: bool = False) -> str:
        async with self.http.get(path, allow_redirects=False, headers=_headers(htmx)) as answer:
            text = await answer.text()
            assert answer.status == status, (path, answer.status, text[-1500:])
            return text

    async def post(
        self, path: str, data: Any = None, *, status: int | None = None, htmx: bool = False, method: str = "POST", **headers: str
    ) -> ClientResponse:
        """Send a form (a mapping, pairs or a `FormData`); the token goes in the header. The body is read already."""
        sent = {"X-CSRF-Token": self.csrf, **_headers(htmx), **{name.replace("_", "-"): value for name, value in headers.items()}}
        answer = await self.http.request(method, path, data=data or {}, headers=sent, allow_redirects=False)
        text = await answer.text()
        assert status is None or answer.status == status, (path, answer.status, text[-1500:])
        return answer


def _headers(htmx: bool) -> dict[str, str]:
    return {"HX-Request": "true"} if htmx else {}


async def hire(town: Town, *roles: str, name: str = "", password: str = PASSWORD) -> Member:
    """A new member of staff; everybody has the same password."""
    login = f"{'-'.join(roles)[:40] or 'nobody'}-{ids.new_id('x')[-8:]}"
    async with town.database.write() as session:
        return await staff.add(session, login, name or login, roles, password, actor="cli")


@pytest.fixture
async def console(town: Town) -> AsyncIterator[Callable[..., Any]]:
    """A desk for each call: ``curator = await console("curator")``; a second call makes a second person."""
    opened: list[ClientSession] = []

    async def sit_down(*roles: str, name: str = "") -> Desk:
        assert town.server is not None
        member = await hire(town, *roles, name=name)
        token, session = await town.server.app[PARTS].sessions.begin(member)
        http = ClientSession(town.url, cookies={COOKIE: token}, cookie_jar=CookieJar(unsafe=True))
        opened.append(http)
        return Desk(http, member, session.csrf)

    yield sit_down
    for http in opened:
        await http.close()
