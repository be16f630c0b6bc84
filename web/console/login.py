"""Logging in and out, and the member's own account."""

import structlog
from aiohttp import web

from helpdesk import staff as people
from helpdesk.staff import Member, StaffError
from web import address, parts
from web.console import access, page
from web.console.access import Route
from web.console.session import IDLE, LONGEST, SessionsAway
from web.failures import Failure

log = structlog.get_logger()

LOGIN_RATE, ADDRESS_RATE = "10/15 minutes", "60/15 minutes"  # an office shares one address
ACCOUNT = f"{access.HOME}/account"
_WRONG = "ชื่อเข้าใช้หรือรหัสผ่านไม่ถูกต้อง"
_TOO_OFTEN = "ลองเข้าสู่ระบบหลายครั้งเกินไป กรุณารอประมาณ {} นาทีแล้วลองใหม่"
_AWAY = "ระบบเข้าใช้งานยังไม่พร้อม กรุณาลองใหม่อีกครั้งในอีกสักครู่"


def open_routes() -> list[web.RouteDef]:
    """The only addresses of the console that nobody needs to be logged in for."""
    return [web.get(access.LOGIN, ask), web.post(access.LOGIN, enter)]


async def ask(request: web.Request) -> web.Response:
    """The form; whoever is logged in already is led on."""
    then = access.local_path(request.query.get("next"))
    if await access.recognise(request) is not None:
        raise web.HTTPSeeOther(then)
    return _form(request, then=then)


async def enter(request: web.Request) -> web.Response:
    """Compare login and password and begin a new session; what is wrong is not told apart."""
    access.refuse_foreign(request)
    form = await request.post()
    login, password = (_text(form.get(name)) for name in ("login", "password"))
    then = access.local_path(_text(form.get("next")))
    if wait := await _must_wait(request, login):
        response = _form(request, then=then, login=login, mistake=_TOO_OFTEN.format(-(-wait // 60)), status=429)
        response.headers["Retry-After"] = str(wait)
        return response
    known = parts.of(request)
    member = await people.check(known.database, login, password)
    if member is None:
        log.warning("log-in refused")
        return _form(request, then=then, login=login, mistake=_WRONG, status=401)
    response = web.Response(status=303, headers={"Location": then})
    await _begin(request, response, member)
    async with known.database.write() as session:
        people.record_login(session, member)
    return response


async def leave(request: web.Request) -> web.Response:
    """End the session."""
    await _end(request, access.current(request).token)
    response = web.Response(status=303, headers={"Location": f"{access.LOGIN}?left=1"})
    response.del_cookie(access.COOKIE, path=access.HOME)
    return response


async def account(request: web.Request) -> web.Response:
    """The member's own data, and the form for a new password."""
    return page.render(request, "console/account.html", mistake="", done="done" in request.query)


async def change_password(request: web.Request) -> web.Response:
    """Give oneself a new password: all sessions end but this one, which gets a new token."""
    who, known, form = access.staff(request), parts.of(request), await request.post()
    present, new, again = (_text(form.get(name)) for name in ("present", "new", "again"))
    if wait := await known.rates.wait(LOGIN_RATE, "console-login", who.login):
        return _account(request, _TOO_OFTEN.format(-(-wait // 60)), 429)
    if await people.check(known.database, who.login, present) is None:
        return _account(request, "รหัสผ่านปัจจุบันไม่ถูกต้อง", 422)
    if new != again:
        return _account(request, "รหัสผ่านใหม่สองช่องไม่ตรงกัน", 422)
    try:
        async with known.database.write() as session:
            member = await people.change_password(session, who.id, new, actor=who.actor)
    except StaffError as error:
        return _account(request, str(error), 422)
    response = web.Response(status=303, headers={"Location": f"{ACCOUNT}?done=1"})
    await _begin(request, response, member)
    return response


ROUTES = [
    Route("POST", access.LOGOUT, leave, ""),
    Route("GET", ACCOUNT, account, ""),
    Route("POST", ACCOUNT, change_password, ""),
]


async def _begin(request: web.Request, response: web.Response, member: Member) -> None:
    """Give the browser a token it never had before, and end the session it had."""
    known = parts.of(request)
    old = request.cookies.get(access.COOKIE)
    if old:
        await _end(request, old)
    try:
        token, _ = await known.sessions.begin(member)
    except SessionsAway as error:
        raise Failure(503, "sessions_away", _AWAY, retry_after=5) from error
    response.set_cookie(
        access.COOKIE,
        token,
        path=access.HOME,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=known.settings.base_url.startswith("https://"),
    )


async def _end(request: web.Request, token: str) -> None:
    try:
        await parts.of(request).sessions.end(token)
    except SessionsAway as error:
        raise Failure(503, "sessions_away", _AWAY, retry_after=5) from error


async def _must_wait(request: web.Request, login: str) -> int:
    """Seconds until this address and this login may try again, 0 for now; a refused address leaves the login its tries."""
    known = parts.of(request)
    client = address.client(request, known.settings.trusted_proxies)
    wait = await known.rates.wait(ADDRESS_RATE, "console-address", client)
    return wait or await known.rates.wait(LOGIN_RATE, "console-login", login.strip().lower()[:100])


def _form(request: web.Request, *, then: str, login: str = "", mistake: str = "", status: int = 200) -> web.Response:
    left = "left" in request.query
    hours = int(IDLE.total_seconds()) // 3600
    values = {"then": then, "login": login[:100], "mistake": mistake, "left": left, "hours": hours}
    return page.render(request, "console/login.html", status=status, **values)


def _account(request: web.Request, mistake: str, status: int) -> web.Response:
    return page.render(request, "console/account.html", status=status, mistake=mistake, done=False)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
