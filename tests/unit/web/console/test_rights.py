"""Every address of the console, asked by every role and by nobody, opens to exactly those whom `RIGHTS` names.

The table is made from `routes.ROUTES`: a new address is in it by itself. Ids in addresses are unknown ones, so whoever may
enter meets "not found" at most, and whoever may not is refused before anybody looks.
"""

import pytest
from aiohttp import ClientSession

from helpdesk.role import RIGHTS, Role
from helpdesk.staff import Member
from tests.unit.web.console.conftest import hire
from tests.unit.web.console.test_access import ROUTES, address, named
from tests.unit.web.console.test_second_factor import sealed
from tests.unit.web.town import Town
from web.console.access import COOKIE, Route
from web.parts import PARTS

__all__ = ["sealed"]


async def ask(town: Town, http: ClientSession, route: Route, member: Member) -> tuple[int, str]:
    """The answer's status, asked in a session of its own with its valid token, and where it leads."""
    assert town.server is not None
    token, session = await town.server.app[PARTS].sessions.begin(member)
    headers = {"Cookie": f"{COOKIE}={token}", "X-CSRF-Token": session.csrf}
    async with http.request(route.method, address(route), headers=headers, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", "")


@pytest.mark.parametrize("role", Role)
async def test_a_role_enters_what_its_rights_open_and_nothing_else(sealed: Town, http: ClientSession, role: Role) -> None:
    member, wrong = await hire(sealed, role), []
    for route in ROUTES:
        status, location = await ask(sealed, http, route, member)
        allowed = not route.right or role in RIGHTS[route.right]
        entered = status not in {401, 403} and not location.startswith("/console/login?next")
        if entered != allowed or (not allowed and status != 403) or status >= 500:
            wrong.append(f"{named(route)} ({route.right or 'anybody'}): {status} {location}")
    assert wrong == []


async def test_all_roles_together_enter_everything_and_no_role_is_idle() -> None:
    opened = {role: {named(route) for route in ROUTES if route.right and role in RIGHTS[route.right]} for role in Role}
    assert set().union(*opened.values()) == {named(route) for route in ROUTES if route.right}


async def test_without_any_role_only_ones_own_account_is_open(town: Town, http: ClientSession) -> None:
    stranger = await hire(town, "curator")
    member = Member(stranger.id, stranger.login, stranger.name, frozenset(), stranger.changed_at)
    async with town.database.write() as session:
        from helpdesk.staff import Staff

        (await session.get_one(Staff, member.id)).roles = []
    for route in ROUTES:
        status, _ = await ask(town, http, route, member)
        assert (status == 403) == bool(route.right), named(route)


async def test_nobody_enters_anything(http: ClientSession) -> None:
    for route in ROUTES:
        for cookie in ("", f"{COOKIE}=made-up"):
            headers = {"Cookie": cookie, "X-CSRF-Token": "x"} if cookie else {}
            async with http.request(route.method, address(route), headers=headers, allow_redirects=False) as answer:
                assert answer.status == (303 if route.method == "GET" else 401), named(route)
                assert answer.status == 401 or answer.headers["Location"].startswith("/console/login?next="), named(route)
