"""Signing in with an account elsewhere (OpenID Connect, authorisation code with PKCE)."""

from collections.abc import AsyncIterator, Mapping

import structlog
from aiohttp import web

from helpdesk import identity
from helpdesk.staff import Member, StaffError
from web import parts
from web.console import access, entrance, login, throttle
from web.console.oidc import attempt
from web.console.oidc.attempt import Attempt
from web.console.oidc.id_token import Person, TokenRefused
from web.console.oidc.provider import Provider, ProviderAway
from web.console.session import SessionsAway
from web.failures import Failure

log = structlog.get_logger()

START = f"{access.LOGIN}/with"
COOKIE = "pracha_oidc"
PROVIDERS: web.AppKey[Mapping[str, Provider]] = web.AppKey("oidc_providers", Mapping)
_AWAY = "ระบบเข้าใช้งานยังไม่พร้อม กรุณาลองใหม่อีกครั้งในอีกสักครู่"
_PROVIDER_AWAY = "ติดต่อระบบ{}ไม่ได้ในขณะนี้ กรุณาลองใหม่ หรือเข้าสู่ระบบด้วยรหัสผ่าน"
_FAILED = "เข้าสู่ระบบด้วย{}ไม่สำเร็จ กรุณาลองใหม่อีกครั้ง"
_UNKNOWN = "ยังไม่มีบุคลากรที่ผูกกับบัญชีนี้ กรุณาแจ้งรหัสผู้ใช้ {} แก่ผู้ดูแลระบบ"


def open_routes() -> list[web.RouteDef]:
    """To the provider and back."""
    return [web.get(f"{START}/{{provider}}", start), web.get(f"{START}/{{provider}}/back", back)]


def install(app: web.Application) -> None:
    """Make the providers of the settings, and close them in the end."""
    app[PROVIDERS] = {name: Provider(one) for name, one in app[parts.PARTS].settings.oidc.items()}

    async def living(app: web.Application) -> AsyncIterator[None]:
        yield
        for provider in app[PROVIDERS].values():
            await provider.close()

    app.cleanup_ctx.append(living)


async def start(request: web.Request) -> web.Response:
    """Send the browser to the provider. It is a link, since our policy lets no form lead elsewhere."""
    name, provider = _provider(request)
    if wait := await throttle.address_wait(request):
        raise Failure(429, "slow_down", throttle.words(wait), retry_after=wait)
    made = Attempt(name, access.local_path(request.query.get("next")))
    try:
        again = "again" in request.query
        where = await provider.address(
            back=_back(request, name), state=made.state, nonce=made.nonce, challenge=made.challenge, again=again
        )
        await attempt.keep(parts.of(request).valkey, made)
    except ProviderAway as error:
        log.warning("sign-in provider away", provider=name, reason=str(error))
        return login.form(request, then=made.then, mistake=_PROVIDER_AWAY.format(provider.settings.title), status=503)
    except SessionsAway as error:
        raise Failure(503, "sessions_away", _AWAY, retry_after=5) from error
    response = web.Response(status=303, headers={"Location": where})
    secure = parts.of(request).settings.base_url.startswith("https://")
    response.set_cookie(COOKIE, made.browser, path=START, max_age=attempt.SECONDS, httponly=True, samesite="Lax", secure=secure)
    return response


async def back(request: web.Request) -> web.Response:
    """The browser came back with a code, or with a refusal."""
    name, provider = _provider(request)
    title, query = provider.settings.title, request.query
    try:
        made = await attempt.take(parts.of(request).valkey, query.get("state", ""))
    except SessionsAway as error:
        raise Failure(503, "sessions_away", _AWAY, retry_after=5) from error
    if made is None or not made.comes_back(name, request.cookies.get(COOKIE, "")):
        return _refused(request, "state", _FAILED.format(title), 400)
    if query.get("iss", provider.settings.issuer) != provider.settings.issuer or not query.get("code"):
        return _refused(request, "no code", _FAILED.format(title), 400)
    try:
        person = await provider.person(query["code"], back=_back(request, name), verifier=made.verifier, nonce=made.nonce)
    except ProviderAway as error:
        return _refused(request, str(error), _PROVIDER_AWAY.format(title), 503)
    except TokenRefused as error:
        return _refused(request, str(error), _FAILED.format(title), 401)
    member = await _member(request, name, provider, person)
    if member is None:
        return _refused(request, "nobody", _UNKNOWN.format(f"“{person.subject}”"), 403)
    response = await entrance.let_in(request, member, made.then, method=name, strong=provider.settings.second_factor)
    response.del_cookie(COOKIE, path=START)
    return response


async def _member(request: web.Request, name: str, provider: Provider, person: Person) -> Member | None:
    """Whose account this is; the first time by the verified e-mail address. Nobody is taken in, and no right comes of it."""
    database = parts.of(request).database
    async with database.read() as session:
        member = await identity.find(session, name, person.subject)
    if member is not None or not provider.settings.link_by_email or not person.email:
        return member
    try:
        async with database.write() as session:
            return await identity.link_by_email(session, name, person.subject, person.email)
    except StaffError:
        return None


def _provider(request: web.Request) -> tuple[str, Provider]:
    name = request.match_info["provider"]
    provider = request.config_dict[PROVIDERS].get(name)
    if provider is None:
        raise web.HTTPNotFound
    return name, provider


def _back(request: web.Request, name: str) -> str:
    """Our address that the provider sends people back to; it must stand in the provider's list."""
    return f"{parts.of(request).settings.base_url}{START}/{name}/back"


def _refused(request: web.Request, reason: str, words: str, status: int) -> web.Response:
    log.warning("sign-in refused", reason=reason)
    return login.form(request, then=access.local_path(None), mistake=words, status=status)
