"""The member's second factor: set up with an app, recovery codes, and off again."""

from collections.abc import Sequence
from typing import Any

import structlog
from aiohttp import web

from core.cipher import Cipher, KeyMissing
from helpdesk import second_factor as factors
from helpdesk.staff import StaffError
from web import parts
from web.console import access, duty, entrance, page, qr, throttle
from web.console.access import Route
from web.console.duty import SECOND_FACTOR
from web.failures import Failure

log = structlog.get_logger()

_NO_KEY = "ยังตั้งค่าการยืนยันสองขั้นไม่ได้ กรุณาแจ้งผู้ดูแลเครื่องให้ตั้ง PRACHA_SECRET_KEY ก่อน"
_REQUIRED = "บทบาทของคุณต้องใช้การยืนยันสองขั้น จึงปิดไม่ได้"


async def show(request: web.Request) -> web.Response:
    """Whether it is in force, and what can be done. A secret that waits for its first code is not shown again."""
    return await _page(request)


async def begin(request: web.Request) -> web.Response:
    """A new secret as QR code and text."""
    who, known = access.staff(request), parts.of(request)
    try:
        async with known.database.write() as session:
            secret = await factors.begin(session, who, _cipher(request))
    except StaffError as error:
        return await _page(request, mistake=str(error), status=409)
    return await _page(request, secret=secret)


async def confirm(request: web.Request) -> web.Response:
    """Put it in force by the app's first code; the recovery codes are shown once. All other sessions end."""
    who, known = access.staff(request), parts.of(request)
    code = access.text((await request.post()).get("code"))
    secret = ""
    try:
        async with known.database.read() as session:
            secret = await factors.pending(session, who, _cipher(request))
        if wait := await throttle.secret_wait(request, "code", who.login):
            return await _page(request, secret=secret, mistake=throttle.words(wait), status=429)
        async with known.database.write() as session:
            member, codes = await factors.confirm(session, who, code, _cipher(request))
    except StaffError as error:
        return await _page(request, secret=secret, mistake=str(error), status=422)
    await throttle.succeeded(request, "code", who.login)
    visit = await entrance.begin(request, member, method=access.current(request).session.method, strong=True)
    response = await _page(request, codes=codes)
    entrance.give(request, response, visit)
    return response


async def renew_codes(request: web.Request) -> web.Response:
    """New recovery codes instead of the old ones, shown once."""
    try:
        async with parts.of(request).database.write() as session:
            codes = await factors.renew_codes(session, access.staff(request))
    except StaffError as error:
        return await _page(request, mistake=str(error), status=422)
    return await _page(request, codes=codes)


async def turn_off(request: web.Request) -> web.Response:
    """Take it away, unless the member's roles need it. All other sessions end."""
    who, known = access.staff(request), parts.of(request)
    if factors.required(who, known.settings.second_factor_roles):
        return await _page(request, mistake=_REQUIRED, status=422)
    try:
        async with known.database.write() as session:
            member = await factors.reset(session, who.id, actor=who.actor)
    except StaffError as error:
        return await _page(request, mistake=str(error), status=422)
    response = web.Response(status=303, headers={"Location": f"{duty.ACCOUNT}?done=second-factor"})
    visit = await entrance.begin(request, member, method=access.current(request).session.method, strong=False)
    entrance.give(request, response, visit)
    return response


ROUTES = [
    Route("GET", SECOND_FACTOR, show, ""),
    Route("POST", f"{SECOND_FACTOR}/begin", begin, "", fresh=True),
    Route("POST", f"{SECOND_FACTOR}/confirm", confirm, "", fresh=True),
    Route("POST", f"{SECOND_FACTOR}/codes", renew_codes, "", fresh=True),
    Route("POST", f"{SECOND_FACTOR}/off", turn_off, "", fresh=True),
]


def _cipher(request: web.Request) -> Cipher:
    try:
        return Cipher(parts.of(request).settings.secret_key.get_secret_value())
    except KeyMissing as error:
        log.error("PRACHA_SECRET_KEY is missing or too short: no second factor can be set up")
        raise Failure(503, "key_missing", _NO_KEY) from error


async def _page(
    request: web.Request, *, secret: str = "", codes: Sequence[str] = (), mistake: str = "", status: int = 200
) -> web.Response:
    who, known = access.staff(request), parts.of(request)
    async with known.database.read() as session:
        state = await factors.state(session, who.id)
    values: dict[str, Any] = {"state": state, "codes": codes, "mistake": mistake, "secret": "", "qr": None}
    if secret:
        values["secret"] = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        values["qr"] = qr.drawn(factors.address(who, secret, known.settings.city_th))
    values["needed"] = factors.required(who, known.settings.second_factor_roles)
    return page.render(request, "console/second_factor.html", status=status, **values)
