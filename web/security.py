"""Security: the headers that every answer carries."""

from aiohttp import web

from core.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing inline and nothing from elsewhere; ``blob:`` shows a photo before it is sent."""

FILE_POLICY = "default-src 'none'; sandbox"
"""For what citizens uploaded: even if it were a page, it could do nothing."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "pracha",
}
YEAR = 31_536_000


def guard(app: web.Application, settings: Settings) -> None:
    """Add the headers to every answer of ``app``; a handler that set one itself keeps its own."""

    async def add(_request: web.Request, response: web.StreamResponse) -> None:
        for name, value in HEADERS.items():
            if name == "Server" or name not in response.headers:
                response.headers[name] = value
        if settings.base_url.startswith("https://"):
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")

    app.on_response_prepare.append(add)
