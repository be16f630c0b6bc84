"""Proof: whoever changes access itself (staff, second factor) shows again who they are, unless they did so just now.

The page that asks carries the form that was sent, so nothing typed is lost.
"""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from helpdesk import staff as people
from web import parts
from web.console import page, throttle
from web.console.visit import VISIT

FIELD = "proof"
_WRONG = "รหัสผ่านไม่ถูกต้อง"


async def missing(request: web.Request, form: Mapping[str, Any]) -> web.Response | None:
    """The page that asks for the password, or nothing when the form carries the right one or none is needed."""
    visit = request[VISIT]
    if visit.session.fresh:
        return None
    password = form.get(FIELD)
    if not isinstance(password, str):
        return _page(request, form, "", 403)
    if wait := await throttle.secret_wait(request, "password", visit.who.login):
        return _page(request, form, throttle.words(wait), 429)
    if await people.check(parts.of(request).database, visit.who.login, password) is None:
        return _page(request, form, _WRONG, 403)
    await throttle.succeeded(request, "password", visit.who.login)
    await parts.of(request).sessions.prove(visit.token)
    return None


def _page(request: web.Request, form: Mapping[str, Any], mistake: str, status: int) -> web.Response:
    sent = [(name, value) for name, value in _pairs(form) if isinstance(value, str) and name not in {FIELD, "csrf"}]
    provider = parts.of(request).settings.oidc.get(request[VISIT].session.method)
    values = {"sent": sent, "mistake": mistake, "provider": request[VISIT].session.method if provider else ""}
    values["provider_title"] = provider.title if provider else ""
    return page.render(request, "console/proof.html", status=status, **values)


def _pairs(form: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """All fields, those with several values too."""
    return list(form.items())
