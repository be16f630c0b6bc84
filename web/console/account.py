"""The member's own account: their data, their password, and where they are logged in."""

from aiohttp import web

from core import clock
from helpdesk import second_factor
from helpdesk import staff as people
from helpdesk.staff import StaffError
from web import parts
from web.console import access, agent, duty, entrance, page, session, throttle
from web.console.access import Route
from web.console.duty import ACCOUNT

SESSIONS = f"{ACCOUNT}/sessions"


async def show(request: web.Request) -> web.Response:
    """The member's own data, the form for a new password, and their sessions."""
    return await _page(request)


async def change_password(request: web.Request) -> web.Response:
    """Give oneself a new password: all sessions end but this one, which gets a new token."""
    who, known, form = access.staff(request), parts.of(request), await request.post()
    present, new, again = (access.text(form.get(name)) for name in ("present", "new", "again"))
    if wait := await throttle.secret_wait(request, "password", who.login):
        return await _page(request, throttle.words(wait), 429)
    if await people.check(known.database, who.login, present) is None:
        return await _page(request, "รหัสผ่านปัจจุบันไม่ถูกต้อง", 422)
    if new != again:
        return await _page(request, "รหัสผ่านใหม่สองช่องไม่ตรงกัน", 422)
    try:
        if new == present:
            raise StaffError("password_same")
        async with known.database.write() as rows:
            member = await people.change_password(rows, who.id, new, actor=who.actor)
    except StaffError as error:
        return await _page(request, str(error), 422)
    before = access.current(request).session
    response = web.Response(status=303, headers={"Location": f"{ACCOUNT}?done=password"})
    entrance.give(request, response, await entrance.begin(request, member, method=before.method, strong=before.strong))
    await throttle.succeeded(request, "password", who.login)
    return response


async def end_sessions(request: web.Request) -> web.Response:
    """Log out elsewhere: from one session, or from all but this one."""
    visit, form = access.current(request), await request.post()
    own = session.name(visit.token)
    sessions = parts.of(request).sessions
    asked = access.text(form.get("session"))
    names = [asked] if asked else [one for one in await sessions.of(visit.who) if one != own]
    await sessions.end_named(visit.who, [one for one in names if one != own])
    raise web.HTTPSeeOther(f"{ACCOUNT}?done=sessions")


ROUTES = [
    Route("GET", ACCOUNT, show, ""),
    Route("POST", ACCOUNT, change_password, ""),
    Route("POST", SESSIONS, end_sessions, ""),
]


async def _page(request: web.Request, mistake: str = "", status: int = 200) -> web.Response:
    visit, known = access.current(request), parts.of(request)
    async with known.database.read() as rows:
        factor = await second_factor.state(rows, visit.who.id)
    providers = frozenset(known.settings.oidc)
    first = duty.first(visit, list(known.settings.second_factor_roles), providers)
    values = {
        "mistake": mistake,
        "done": request.query.get("done", "") if status == 200 else "",
        "factor": factor,
        "first": first[1] if first else "",
        "sessions": await _sessions(request),
    }
    return page.render(request, "console/account.html", status=status, **values)


async def _sessions(request: web.Request) -> list[dict[str, object]]:
    visit, settings = access.current(request), parts.of(request).settings
    own = session.name(visit.token)
    return [
        {
            "name": name,
            "here": name == own,
            "browser": agent.words(one.agent),
            "address": one.address,
            "since": clock.moment(one.since),
            "seen": clock.moment(one.seen),
            "method": settings.oidc[one.method].title if one.method in settings.oidc else "",
        }
        for name, one in (await parts.of(request).sessions.of(visit.who)).items()
    ]
