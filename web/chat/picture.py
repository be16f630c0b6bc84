"""Pictures that staff have sent: ``GET /pictures/{name}``. The name is random and the only key, since platforms fetch them."""

import re

from aiohttp import hdrs, web
from sqlalchemy import select

from conversations.attachment import Attachment
from conversations.picture import MEDIA_TYPE
from web import parts
from web.failures import Failure
from web.security import FILE_POLICY

_NAME = re.compile(r"[0-9a-f]{32}\.jpg")
_KEEP = "private, max-age=86400"


async def handle(request: web.Request) -> web.StreamResponse:
    """The picture; nothing but what an officer has sent can be had here."""
    name, known = request.match_info["name"], parts.of(request)
    found = None
    if _NAME.fullmatch(name):
        async with known.database.read() as session:
            found = await session.scalar(select(Attachment).where(Attachment.name == name, Attachment.public.is_(True)))
    path = known.settings.var / "media" / name
    if found is None or found.media_type != MEDIA_TYPE or not path.is_file():
        raise Failure(404)
    headers = {hdrs.CONTENT_TYPE: MEDIA_TYPE, hdrs.CACHE_CONTROL: _KEEP, "Content-Security-Policy": FILE_POLICY}
    headers |= {"Cross-Origin-Resource-Policy": "cross-origin", "X-Robots-Tag": "noindex"}
    return web.FileResponse(path, headers=headers)
