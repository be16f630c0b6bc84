"""Uploads: ``POST /chat/upload`` takes one picture of a visitor."""

from pathlib import Path
from typing import NoReturn

from aiohttp import BodyPartReader, web

from conversations import conversation as conversations
from conversations import file
from conversations.file import Stored
from conversations.picture import NoPicture
from core.database import Database
from web import address, answer, parts
from web.chat import media
from web.chat.visit import ACCOUNT, CHANNEL
from web.failures import Failure

RATE, DAILY = "20/minute", "200/day"  # of one visitor
ADDRESS_RATE = "120/minute"
ROOM = 16 * 1024  # bytes of a form around its file
FIELD = "file"

REASONS = {
    "unknown": (415, "ไฟล์นี้ไม่ใช่รูปภาพ กรุณาส่งรูปชนิด JPEG, PNG, WebP หรือ GIF ค่ะ", "This is not a JPEG, PNG, WebP or GIF picture."),
    "broken": (422, "เปิดรูปนี้ไม่ได้ รูปอาจเสียหาย กรุณาลองรูปอื่นค่ะ", "The picture is damaged; please try another."),
    "too_many_pixels": (422, "รูปนี้มีขนาดภาพใหญ่เกินไป กรุณาย่อรูปแล้วส่งใหม่ค่ะ", "The picture has too many pixels."),
}


async def handle(request: web.Request) -> web.Response:
    """Check, clean and keep the picture; answers ``{"id", "width", "height"}``."""
    known, own = parts.of(request), media.visitor(request)
    await _within_rates(request, own)
    limit = known.settings.upload_limit
    # Said early: nobody should wait for 20 MB to travel only to be refused.
    if request.content_length is not None and request.content_length > limit + ROOM:
        _too_large(limit)
    folder = known.settings.var / "media"
    stored = await _stored(folder, await _file(request, limit))
    try:
        attachment_id = await _record(known.database, own, stored)
    except Exception:
        await file.discard(folder, stored.name)  # no row, so nobody could ever reach or delete it
        raise
    return answer.json({"id": attachment_id, "width": stored.width, "height": stored.height}, status=201)


async def _within_rates(request: web.Request, own: str) -> None:
    known = parts.of(request)
    client = address.client(request, known.settings.trusted_proxies)
    for rule, *names in ((RATE, "upload", own), (DAILY, "upload-day", own), (ADDRESS_RATE, "upload-from", client)):
        if wait := await known.rates.wait(rule, *names):
            raise Failure(429, retry_after=wait)


async def _file(request: web.Request, limit: int) -> bytes:
    if not request.content_type.startswith("multipart/form-data"):
        raise Failure(415, "no_form", "ส่งรูปในแบบฟอร์ม multipart เท่านั้นค่ะ", "Send the picture as multipart/form-data.")
    try:
        part = await (await request.multipart()).next()
    except ValueError as error:
        raise Failure(400) from error
    if not isinstance(part, BodyPartReader) or part.name != FIELD:
        raise Failure(400, "no_file", "ไม่พบรูปที่ส่งมาค่ะ", f"The form has no field named {FIELD}.")
    data = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        data += chunk
        if len(data) > limit:
            _too_large(limit)
    return bytes(data)


async def _stored(folder: Path, data: bytes) -> Stored:
    try:
        return await file.store_picture(folder, data)
    except NoPicture as no:
        status, thai, english = REASONS[no.code]
        raise Failure(status, no.code, thai, english) from no


async def _record(database: Database, own: str, stored: Stored) -> str:
    """Write down whose file this is, opening the visitor's conversation if it is their first word; gives its id."""
    async with database.write() as rows:
        conversation = await conversations.find_or_open(rows, CHANNEL, ACCOUNT, own)
        return (await file.record(rows, conversation.id, stored)).id


def _too_large(limit: int) -> NoReturn:
    size = limit // (1024 * 1024)
    raise Failure(413, "too_large", f"รูปใหญ่เกิน {size} MB กรุณาย่อรูปแล้วส่งใหม่ค่ะ", f"The picture is larger than {size} MB.")
