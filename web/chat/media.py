"""Media: a visitor's stored files, read again by the visitor they belong to only."""

from aiohttp import hdrs, web

from channels.web import session
from conversations import attachment
from conversations import conversation as conversations
from conversations.file import UNKNOWN
from conversations.picture import MEDIA_TYPE
from web import parts
from web.chat.visit import ACCOUNT, CHANNEL
from web.failures import Failure
from web.security import FILE_POLICY

TOKEN = "X-Pracha-Token"  # noqa: S105 - the header's name
KEEP = "private, max-age=86400, immutable"


def visitor(request: web.Request) -> str:
    """Who is asking, by the secret in the header: it never stands in an address, where logs would keep it."""
    token = request.headers.get(TOKEN, "")
    if not session.valid(token):
        raise Failure(401, "no_token", "กรุณาเปิดหน้าต่างสนทนาใหม่แล้วลองอีกครั้งค่ะ", f"The header {TOKEN} is missing or wrong.")
    return session.external_id(token)


async def handle(request: web.Request) -> web.StreamResponse:
    """``GET /media/{id}``. For another visitor's file the answer is the same as for one that does not exist."""
    known, own = parts.of(request), visitor(request)
    async with known.database.read() as rows:
        conversation = await conversations.find(rows, CHANNEL, ACCOUNT, own)
        found = await attachment.owned(rows, request.match_info["id"], conversation.id) if conversation is not None else None
    path = attachment.path(known.settings.var / "media", found) if found is not None else None
    if found is None or path is None or not path.is_file():
        raise Failure(404, "no_such_file", "ไม่พบรูปนี้ค่ะ", "There is no such picture.")
    headers = {hdrs.CONTENT_TYPE: found.media_type, hdrs.CACHE_CONTROL: KEEP, "Content-Security-Policy": FILE_POLICY}
    # An embedded widget reads it from another origin; only a bearer of the token gets here.
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if found.media_type != MEDIA_TYPE:  # kept as it came: to be saved, never shown
        headers |= {hdrs.CONTENT_TYPE: UNKNOWN, hdrs.CONTENT_DISPOSITION: "attachment"}
    return web.FileResponse(path, headers=headers)
