"""Logging in, with a code where the member set up a second factor, and logging out."""

import structlog
from aiohttp import web

from core.cipher import Cipher, KeyMissing
from helpdesk import second_factor
from helpdesk import staff as people
from helpdesk.staff import Member, StaffError
from web import parts
from web.console import access, entrance, page, steps, throttle
from web.console.access import Route
from web.console.entrance import CODE, STEP_COOKIE
from web.console.session import IDLE, SessionsAway
from web.console.steps import Step
from web.failures import Failure

log = structlog.get_logger()

_WRONG = "ชื่อเข้าใช้หรือรหัสผ่านไม่ถูกต้อง"
_WRONG_CODE = "รหัสไม่ถูกต้องหรือใช้ไปแล้ว กรุณารอให้แอปแสดงรหัสใหม่ แล้วลองอีกครั้ง"
_AWAY = "ระบบเข้าใช้งานยังไม่พร้อม กรุณาลองใหม่อีกครั้งในอีกสักครู่"


def open_routes() -> list[web.RouteDef]:
    """Addresses of the console that nobody needs to be logged in for."""
    return [
        web.get(access.LOGIN, ask),
        web.post(access.LOGIN, enter),
        web.get(CODE, ask_code),
        web.post(CODE, enter_code),
    ]


async def ask(request: web.Request) -> web.Response:
    """The form; whoever is logged in already is led on."""
    then = access.local_path(request.query.get("next"))
    if await access.recognise(request) is not None:
        raise web.HTTPSeeOther(then)
    return form(request, then=then)


async def enter(request: web.Request) -> web.Response:
    """Compare login and password and begin a new session; what is wrong is not told apart."""
    access.refuse_foreign(request)
    sent = await request.post()
    login, password = (access.text(sent.get(name)) for name in ("login", "password"))
    then = access.local_path(access.text(sent.get("next")))
    # A refused address leaves the login its tries.
    if wait := await throttle.address_wait(request) or await throttle.secret_wait(request, "password", login):
        return _later(form(request, then=then, login=login, mistake=throttle.words(wait), status=429), wait)
    member = await people.check(parts.of(request).database, login, password)
    if member is None:
        log.warning("log-in refused")
        return form(request, then=then, login=login, mistake=_WRONG, status=401)
    response = await entrance.let_in(request, member, then, method="password")
    await throttle.succeeded(request, "password", login)
    return response


async def ask_code(request: web.Request) -> web.Response:
    """The form for the code of who gave the right password."""
    await _half_in(request)
    return _code_form(request)


async def enter_code(request: web.Request) -> web.Response:
    """Compare the code and begin the session. The step between is used up by that."""
    access.refuse_foreign(request)
    step, member = await _half_in(request)
    code = access.text((await request.post()).get("code"))
    if wait := await throttle.address_wait(request) or await throttle.secret_wait(request, "code", member.login):
        return _later(_code_form(request, throttle.words(wait), 429), wait)
    if not await code_fits(request, member, code):
        log.warning("code refused")
        return _code_form(request, _WRONG_CODE, 401)
    if not await steps.end(parts.of(request).valkey, request.cookies[STEP_COOKIE]):
        raise web.HTTPSeeOther(access.LOGIN)
    await throttle.succeeded(request, "code", member.login)
    return await entrance.open_console(request, member, step.then, method=step.method, strong=True)


async def code_fits(request: web.Request, member: Member, code: str) -> bool:
    """Whether this is a code of the member's second factor; it is used up.

    Raises:
        Failure: 503 when the key that opens secrets is not set.
    """
    known = parts.of(request)
    try:
        cipher = Cipher(known.settings.secret_key.get_secret_value())
        async with known.database.write() as session:
            return await second_factor.check(session, member, code, cipher)
    except StaffError:
        return False
    except KeyMissing as error:
        log.error("PRACHA_SECRET_KEY is missing or too short: codes of the second factor cannot be checked")
        raise Failure(503, "key_missing", _AWAY) from error


async def leave(request: web.Request) -> web.Response:
    """End the session."""
    await entrance.end(request, access.current(request).token)
    response = web.Response(status=303, headers={"Location": f"{access.LOGIN}?left=1"})
    response.del_cookie(access.COOKIE, path=access.HOME)
    return response


def form(request: web.Request, *, then: str, login: str = "", mistake: str = "", status: int = 200) -> web.Response:
    """The log-in page."""
    left, hours = "left" in request.query, int(IDLE.total_seconds()) // 3600
    providers = [(name, one.title) for name, one in parts.of(request).settings.oidc.items()]
    values = {"then": then, "login": login[:100], "mistake": mistake, "left": left, "hours": hours, "providers": providers}
    return page.render(request, "console/login.html", status=status, **values)


ROUTES = [Route("POST", access.LOGOUT, leave, "")]


async def _half_in(request: web.Request) -> tuple[Step, Member]:
    """Who gave the right password a few minutes ago; everybody else is led to the log-in."""
    known, token = parts.of(request), request.cookies.get(STEP_COOKIE, "")
    try:
        step = await steps.find(known.valkey, token) if token else None
    except SessionsAway as error:
        raise Failure(503, "sessions_away", _AWAY, retry_after=5) from error
    if step is not None:
        async with known.database.read() as session:
            member = await people.find(session, step.staff)
        if member is not None and step.belongs_to(member):
            return step, member
    raise web.HTTPSeeOther(access.LOGIN)


def _code_form(request: web.Request, mistake: str = "", status: int = 200) -> web.Response:
    return page.render(request, "console/code.html", status=status, mistake=mistake)


def _later(response: web.Response, wait: int) -> web.Response:
    response.headers["Retry-After"] = str(wait)
    return response
