"""Access: who may reach which address of the console, and whether a request really comes from its pages.

An area of the console lists its addresses as `Route`s; `served` makes aiohttp's routes of them, each behind the same door:
logged in, with the right, and for everything that changes something from our own page with the session's token.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from core.settings import Settings
from helpdesk import staff as people
from helpdesk.staff import Member
from web import parts
from web.console import duty, page, proof
from web.console.session import SessionsAway
from web.console.visit import VISIT, Visit
from web.failures import Failure

COOKIE = "pracha_staff"
HOME, LOGIN, LOGOUT = "/console", "/console/login", "/console/logout"
SAFE = frozenset({"GET", "HEAD"})
FORM_LIMIT = 256 * 1024  # bytes of a request's body
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_TOKEN_HEADER = "X-CSRF-Token"  # noqa: S105
_AWAY = "ระบบเข้าใช้งานยังไม่พร้อม กรุณาลองใหม่อีกครั้งในอีกสักครู่"
_ENDED = "หมดเวลาเข้าใช้งานหรือยังไม่ได้เข้าสู่ระบบ กรุณาเข้าสู่ระบบแล้วทำรายการอีกครั้ง"
_FOREIGN = "คำขอนี้ไม่ได้มาจากหน้าของคอนโซล จึงไม่ได้ทำรายการ"
_STALE = "หน้านี้เปิดค้างไว้ก่อนเข้าสู่ระบบครั้งล่าสุด กรุณาย้อนกลับ คัดลอกสิ่งที่พิมพ์ไว้ เปิดหน้าใหม่ แล้วทำรายการอีกครั้ง"
_AGAIN = "มีการเข้าสู่ระบบใหม่หลังจากเปิดหน้านี้ สิ่งที่พิมพ์ไว้ยังอยู่ครบ กรุณากดปุ่มเดิมอีกครั้ง"

_Form = Mapping[str, Any]  # a field is a string, or a `web.FileField`


@dataclass(frozen=True)
class Route:
    """One address of the console: ``Route("POST", "/console/faqs/{id}", save, "faq.write")``.

    ``right`` is a key of `helpdesk.role.RIGHTS`; an empty one asks only that somebody is logged in. ``limit`` is the
    most bytes a body may have; what is larger is answered 413. ``fresh`` asks for the password again, unless it was given
    in the last minutes: for what changes somebody's access.
    """

    method: str
    path: str
    handler: Handler
    right: str
    limit: int = FORM_LIMIT
    fresh: bool = False


def served(routes: Sequence[Route]) -> list[web.RouteDef]:
    """The routes behind their door. GET answers HEAD too."""
    return [
        web.get(route.path, _door(route)) if route.method == "GET" else web.route(route.method, route.path, _door(route))
        for route in routes
    ]


def staff(request: web.Request) -> Member:
    """Who asks. For handlers of a `Route`, which nobody reaches who is not logged in."""
    return request[VISIT].who


def text(value: object) -> str:
    """A form's field as text; a file or nothing is empty."""
    return value if isinstance(value, str) else ""


def current(request: web.Request) -> Visit:
    """Who asks, with their session. For handlers of a `Route`."""
    return request[VISIT]


def guard(app: web.Application) -> None:
    """Nothing of the console is kept by browsers or proxies or shown by search engines."""

    async def add(request: web.Request, response: web.StreamResponse) -> None:
        if request.path == HOME or request.path.startswith(f"{HOME}/"):
            response.headers[hdrs.CACHE_CONTROL] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"

    app.on_response_prepare.append(add)


async def recognise(request: web.Request) -> Visit | None:
    """Whose cookie this is; nobody's when the session ended or its member was locked or changed.

    Raises:
        Failure: 503 while Valkey is away.
    """
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    known = parts.of(request)
    try:
        session = await known.sessions.find(token)
    except SessionsAway as error:
        raise Failure(503, "sessions_away", _AWAY, retry_after=5) from error
    if session is None:
        return None
    async with known.database.read() as rows:
        member = await people.find(rows, session.staff)
    return Visit(member, session, token) if member is not None and session.belongs_to(member) else None


def of_our_page(request: web.Request) -> bool:
    """Whether no page of another site sent this; programs that are no browser send neither header."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get(hdrs.ORIGIN)
    if site is not None and site not in {"same-origin", "none"}:
        return False
    return origin is None or _is_ours(origin, request.host, parts.of(request).settings)


def refuse_foreign(request: web.Request) -> None:
    """Let no other site's page pass.

    Raises:
        Failure: 403.
    """
    if not of_our_page(request):
        raise Failure(403, "foreign_origin", _FOREIGN)


def local_path(text: str | None) -> str:
    """An address of our own console to go to after log-in, or ``/console/``: nobody is to be led elsewhere by a link."""
    address = text or ""
    path = address.partition("?")[0].partition("#")[0]
    inside = path == HOME or path.startswith(f"{HOME}/")
    clean = address.isprintable() and not any(part in path for part in ("\\", "..", "//"))
    return address if inside and clean and not path.startswith((LOGIN, LOGOUT)) else f"{HOME}/"


def _door(route: Route) -> Handler:
    async def enter(request: web.Request) -> web.StreamResponse:
        known = await recognise(request)
        if known is None:
            return _ask_to_log_in(request)
        request[VISIT] = known
        if not known.who.may(route.right):
            raise Failure(403)
        if request.method in SAFE:
            _see_to_duties(request, route)
            return await route.handler(request)
        refuse_foreign(request)
        sized = request.clone(client_max_size=route.limit)
        form = await _form(sized)
        try:
            if not _has_token(sized, form, known.session.csrf):
                return _refresh(request, known.session.csrf)
            _see_to_duties(request, route)
            asked = await proof.missing(sized, form) if route.fresh else None
            return asked if asked is not None else await route.handler(sized)
        finally:
            for field in form.values():
                if isinstance(field, web.FileField):
                    field.file.close()  # it may lie in a temporary file

    return enter


def _see_to_duties(request: web.Request, route: Route) -> None:
    """Lead who must first choose a password or set up a second factor there; nothing else is open to them.

    Raises:
        HTTPSeeOther: to the page where it is done.
        Failure: 403 for what would change something.
    """
    if route.path.startswith(duty.ACCOUNT) or route.path == LOGOUT:
        return
    settings = parts.of(request).settings
    due = duty.first(request[VISIT], list(settings.second_factor_roles), frozenset(settings.oidc))
    if due is None:
        return
    if request.method in SAFE and not page.partial(request):
        raise web.HTTPSeeOther(due[0])
    raise Failure(403, "duty_first", due[1])


def _ask_to_log_in(request: web.Request) -> web.Response:
    if request.method not in SAFE:
        return page.failure(request, 401, _ENDED)
    if page.partial(request):
        shown = request.headers.get("HX-Current-URL", "").partition("://")[2].partition("/")[2]
        return web.Response(status=401, headers={"HX-Redirect": _login(f"/{shown}")})
    raise web.HTTPSeeOther(_login(request.path_qs))


def _login(then: str) -> str:
    return f"{LOGIN}?next={quote(local_path(then), safe='/')}"


async def _form(request: web.Request) -> _Form:
    """The form that came, read once; ``await request.post()`` gives the handler the same."""
    if request.content_type not in _FORMS:
        return {}
    try:
        return await request.post()
    except (ValueError, LookupError) as error:  # a broken multipart body, an unknown character set
        raise Failure(400) from error


def _has_token(request: web.Request, form: _Form, expected: str) -> bool:
    given = request.headers.get(_TOKEN_HEADER) or form.get("csrf", "")
    return isinstance(given, str) and hmac.compare_digest(given.encode(), expected.encode())


def _refresh(request: web.Request, token: str) -> web.Response:
    """Refuse a page that was opened before the last log-in; htmx's page takes the token over, so that nothing typed is lost.

    No other site's page gets to read it: the request came from our own, and answers cannot be read across origins.
    """
    if not page.partial(request):
        raise Failure(403, "stale_form", _STALE)
    response = page.failure(request, 403, _AGAIN, title="กรุณากดอีกครั้ง")
    response.headers["HX-Trigger"] = json.dumps({"pracha:token": token})
    return response


def _is_ours(origin: str, host: str, settings: Settings) -> bool:
    return origin in {settings.base_url, f"https://{host}", f"http://{host}"}
