"""Origins: which other web sites may embed the chat widget, and how a browser is told."""

from aiohttp import web
from aiohttp.typedefs import Handler

from core.settings import Settings
from web import answer, parts

SHARED = ("/chat/", "/media/")  # what an embedded widget asks for besides public files
ALLOWED_HEADERS = "X-Pracha-Token, Content-Type"


def allowed(origin: str | None, host: str, settings: Settings) -> bool:
    """Whether a page of ``origin`` may speak with us.

    Our own pages may, and those of ``embed_origins``. Without an ``Origin`` no browser page of another site is asking; such
    a client still needs a visitor's token. A browser never lets a page choose its ``Origin`` or ``Host``.
    """
    if origin is None:
        return True
    known = {address.rstrip("/") for address in (*settings.embed_origins, settings.base_url)}
    return origin in known or origin.partition("://")[2] == host


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other sites the widget's routes, and tell browsers of allowed ones that they may read the answer."""
    if not request.path.startswith(SHARED):
        return await handler(request)
    origin = request.headers.get("Origin")
    if not allowed(origin, request.host, parts.of(request).settings):
        return _refusal(origin or "")
    response = await handler(request)
    if origin is not None and not response.prepared:
        _permit(response, origin)
    return response


def _permit(response: web.StreamResponse, origin: str) -> None:
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
    response.headers["Access-Control-Allow-Methods"] = "GET, POST"
    response.headers["Access-Control-Max-Age"] = "600"
    response.headers["Vary"] = "Origin"


def _refusal(origin: str) -> web.Response:
    message = f"{origin} is not allowed to embed this chat. Add it to PRACHA_EMBED_ORIGINS on the server."
    words = {"code": "origin_refused", "message": message, "message_th": "เว็บไซต์นี้ยังไม่ได้รับอนุญาตให้ใช้หน้าต่างสนทนาค่ะ"}
    # The refusal itself is no secret: every page may read it, so that its developer sees the reason in the console.
    return answer.json({"error": words}, status=403, headers={"Access-Control-Allow-Origin": "*", "Vary": "Origin"})
