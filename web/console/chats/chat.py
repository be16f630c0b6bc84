"""One chat: its page, its pieces for htmx, its stream, and the citizen's files."""

import contextlib
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import hdrs, web
from redis.exceptions import RedisError

from conversations import attachment, presence
from conversations.canned import CannedAnswer
from conversations.file import UNKNOWN
from conversations.picture import MEDIA_TYPE
from core import audit
from web import parts
from web.console import access, page, stream
from web.console.chats import labels, room
from web.failures import Failure
from web.security import FILE_POLICY

TEMPLATE = "console/chats/chat.html"
LONGEST = 4000  # characters of one message


async def show(request: web.Request) -> web.Response:
    """The whole page. That somebody reads a citizen's words stands in the audit log."""
    return await whole(request)


async def talk(request: web.Request) -> web.Response:
    """The transcript alone."""
    return page.fragment(request, TEMPLATE, "talk", **await room.talk(request))


async def box(request: web.Request) -> web.Response:
    """The box to write in, with what was typed, and with what is to be put in: ``insert=faq:<id>`` or ``canned:<id>``."""
    typed = request.query.get("text", "")[:LONGEST]
    return await composer(request, text=await inserted(request, typed), focus="insert" in request.query)


async def aside(request: web.Request) -> web.Response:
    """Suggestions for another question."""
    values = await room.talk(request)
    question = request.query.get("q", "").strip()[: room.LONGEST_QUESTION]
    values |= {"question": question, "hits": await room.suggested(request, question), "key": secrets.token_urlsafe(16)}
    return page.fragment(request, TEMPLATE, "suggestions", **values)


async def live(request: web.Request) -> web.StreamResponse:
    """The stream of the page."""
    conversation_id, actor = request.match_info["id"], access.staff(request).actor
    await room.stamps(request, conversation_id)  # refuses an unknown one while that can still be told

    async def look() -> Mapping[str, str]:
        return await room.stamps(request, conversation_id)

    try:
        return await stream.serve(request, look, conversation_id=conversation_id)
    finally:
        with contextlib.suppress(RedisError, OSError):
            await presence.leave(parts.of(request).valkey, actor, conversation_id)


async def file(request: web.Request) -> web.StreamResponse:
    """A file of this chat: pictures are shown, all others are saved."""
    known = parts.of(request)
    async with known.database.read() as session:
        conversation = await room.find(session, request)
        found = await attachment.owned(session, request.match_info["file"], conversation.id)
    path = attachment.path(known.settings.var / "media", found) if found is not None else None
    if found is None or path is None or not path.is_file():
        raise Failure(404)
    headers = {hdrs.CONTENT_TYPE: found.media_type, "Content-Security-Policy": FILE_POLICY}
    if found.media_type != MEDIA_TYPE:
        headers |= {hdrs.CONTENT_TYPE: UNKNOWN, hdrs.CONTENT_DISPOSITION: "attachment"}
    return web.FileResponse(path, headers=headers)


async def whole(request: web.Request, *, mistake: str = "", text: str = "", status: int = 200, **more: Any) -> web.Response:
    """The page; ``text`` is what stands in the box."""
    seen = await room.stamps(request, request.match_info["id"])
    values = await room.talk(request)
    if request.method == "GET":
        async with parts.of(request).database.write() as session:
            audit.record(session, access.staff(request).actor, "chat.read", f"conversation:{values['chat'].id}")
    values |= await room.side(request, values["chat"]) | _box(text or await inserted(request, ""), mistake)
    done = labels.DONE.get(request.query.get("done", ""), "") if request.method == "GET" else ""
    values |= {"done": done, "seen": urlencode(seen), "waitless": False} | more
    return page.render(request, TEMPLATE, status=status, **values)


async def composer(
    request: web.Request, *, mistake: str = "", text: str = "", status: int = 200, focus: bool = False
) -> web.Response:
    """The box alone, for htmx; with ``focus`` one goes on writing in it."""
    values = await room.talk(request)
    values |= _box(text, mistake) | {"focus": focus}
    return page.fragment(request, TEMPLATE, "composer", status=status, **values)


async def inserted(request: web.Request, typed: str) -> str:
    """What was typed, with the chosen answer behind it."""
    kind, _, chosen = request.query.get("insert", "").partition(":")
    found = ""
    if kind == "canned":
        async with parts.of(request).database.read() as session:
            row = await session.get(CannedAnswer, chosen)
        found = room.fill(request, row) if row is not None else ""
    elif kind == "faq":
        hit = await parts.of(request).search.get(chosen)
        found = room.faq_text(hit) if hit is not None else ""
    return "\n".join(part for part in (typed.rstrip(), found) if part)[:LONGEST]


def _box(text: str, mistake: str) -> dict[str, Any]:
    return {"text": text, "mistake": mistake, "longest": LONGEST, "focus": False, "key": secrets.token_urlsafe(16)}
