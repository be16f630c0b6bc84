"""Media: files stored below ``var/media`` under random names, and read again by the visitor they belong to only."""

import hashlib
import os
import secrets
from pathlib import Path

from aiohttp import hdrs, web

from channels.web import session
from conversations import attachment
from conversations import conversation as conversations
from conversations.attachment import Attachment
from core.database import Database
from web import parts
from web.chat.picture import Picture
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
    return web.FileResponse(path, headers=headers)


def write(folder: Path, picture: Picture) -> str:
    """Write a picture under a random name and give the name. Call it in an executor."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.jpg"
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(picture.data)
    return name


async def record(database: Database, own: str, name: str, picture: Picture) -> str:
    """Write down whose file this is, opening the visitor's conversation if it is their first word; gives its id."""
    async with database.write() as rows:
        conversation = await conversations.find_or_open(rows, CHANNEL, ACCOUNT, own)
        row = Attachment(
            conversation_id=conversation.id,
            media_type="image/jpeg",
            name=name,
            size=len(picture.data),
            width=picture.width,
            height=picture.height,
            sha256=hashlib.sha256(picture.data).hexdigest(),
        )
        rows.add(row)
        await rows.flush()
        return row.id
