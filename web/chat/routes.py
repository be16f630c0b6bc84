"""The widget's routes."""

from aiohttp import web

from channels.web.parse import TEXT_LIMIT
from web import answer, parts
from web.chat import media, picture, socket, upload


def routes() -> list[web.RouteDef]:
    """Settings, socket, upload and media; all of them answer allowed origins only, see `web.origins`."""
    return [
        web.get("/chat/settings", settings),
        web.get("/chat/socket", socket.handle, allow_head=False),
        web.post("/chat/upload", upload.handle),
        web.get("/media/{id}", media.handle, allow_head=False),
        web.get("/pictures/{name}", picture.handle),
        web.options("/chat/{rest:.+}", preflight),
        web.options("/media/{id}", preflight),
    ]


async def settings(request: web.Request) -> web.Response:
    """What the widget must know before it speaks: whose city this is and the limits."""
    known = parts.of(request).settings
    words = {
        "city": {"th": known.city_th, "en": known.city_en},
        "text_limit": TEXT_LIMIT,
        "upload_limit": known.upload_limit,
    }
    return answer.json(words, headers={"Cross-Origin-Resource-Policy": "cross-origin"})


async def preflight(_request: web.Request) -> web.Response:
    """A browser asks before it sends our header from another origin; `web.origins` answers for allowed ones."""
    return web.Response(status=204)
