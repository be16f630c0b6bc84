"""The entrance: how a session begins and ends, whichever way somebody proved who they are."""

from typing import Any

from aiohttp import web

from helpdesk import second_factor
from helpdesk import staff as people
from helpdesk.staff import Member
from web import address, parts
from web.console import access, steps
from web.console.session import LONGEST, SessionsAway
from web.console.steps import Step
from web.console.visit import VISIT, Visit
from web.failures import Failure

CODE = f"{access.LOGIN}/code"
STEP_COOKIE = "pracha_step"
_AWAY = "ระบบเข้าใช้งานยังไม่พร้อม กรุณาลองใหม่อีกครั้งในอีกสักครู่"


async def let_in(request: web.Request, member: Member, then: str, *, method: str, strong: bool = False) -> web.Response:
    """Answer somebody who proved the first factor: with a session, or with the question for the second one."""
    known = parts.of(request)
    async with known.database.read() as session:
        enrolled = await second_factor.state(session, member.id) is not None
    if enrolled and not strong:
        return await _ask_for_code(request, Step(member.id, member.changed_at.isoformat(), then, method))
    return await open_console(request, member, then, method=method, strong=strong)


async def open_console(request: web.Request, member: Member, then: str, *, method: str, strong: bool) -> web.Response:
    """Begin the session, write it into the audit log, and lead on."""
    response = web.Response(status=303, headers={"Location": then})
    give(request, response, await begin(request, member, method=method, strong=strong))
    response.del_cookie(STEP_COOKIE, path=access.LOGIN)
    async with parts.of(request).database.write() as session:
        people.record_login(session, member, method)
    return response


async def begin(request: web.Request, member: Member, *, method: str, strong: bool) -> Visit:
    """A session with a token that no browser had before; the one that the browser had ends.

    Raises:
        Failure: 503 while Valkey is away.
    """
    known = parts.of(request)
    where = address.client(request, known.settings.trusted_proxies)
    agent = request.headers.get("User-Agent", "")
    try:
        if old := request.cookies.get(access.COOKIE):
            await known.sessions.end(old)
        token, session = await known.sessions.begin(member, strong=strong, method=method, agent=agent, address=where)
    except SessionsAway as error:
        raise Failure(503, "sessions_away", _AWAY, retry_after=5) from error
    request[VISIT] = Visit(member, session, token)
    return request[VISIT]


def give(request: web.Request, response: web.Response, visit: Visit) -> None:
    """Give the browser the session's token."""
    response.set_cookie(access.COOKIE, visit.token, path=access.HOME, max_age=int(LONGEST.total_seconds()), **_flags(request))


async def end(request: web.Request, token: str) -> None:
    """End a session.

    Raises:
        Failure: 503 while Valkey is away.
    """
    try:
        await parts.of(request).sessions.end(token)
    except SessionsAway as error:
        raise Failure(503, "sessions_away", _AWAY, retry_after=5) from error


async def _ask_for_code(request: web.Request, step: Step) -> web.Response:
    try:
        token = await steps.keep(parts.of(request).valkey, step)
    except SessionsAway as error:
        raise Failure(503, "sessions_away", _AWAY, retry_after=5) from error
    response = web.Response(status=303, headers={"Location": CODE})
    response.set_cookie(STEP_COOKIE, token, path=access.LOGIN, max_age=steps.SECONDS, **_flags(request))
    return response


def _flags(request: web.Request) -> dict[str, Any]:
    secure = parts.of(request).settings.base_url.startswith("https://")
    return {"httponly": True, "samesite": "Lax", "secure": secure}
