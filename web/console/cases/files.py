"""A file of a case, read again by those who may see the case."""

from aiohttp import hdrs, web
from sqlalchemy import select

from conversations import attachment
from conversations.attachment import Attachment
from conversations.file import UNKNOWN
from conversations.picture import MEDIA_TYPE
from core import audit
from helpdesk.record import CaseAttachment
from web import parts
from web.console import access
from web.console.cases import sheet
from web.security import FILE_POLICY


async def show(request: web.Request) -> web.StreamResponse:
    """``GET /console/cases/{number}/files/{id}``; a picture is shown, everything else saved."""
    known = parts.of(request)
    async with known.database.write() as session:
        case = await sheet.found(session, request)
        held = select(CaseAttachment.attachment_id).where(CaseAttachment.case_id == case.id)
        query = select(Attachment).where(Attachment.id == request.match_info["id"], Attachment.id.in_(held))
        found = await session.scalar(query)
        path = attachment.path(known.settings.var / "media", found) if found is not None else None
        if found is None or path is None or not path.is_file():
            raise web.HTTPNotFound
        audit.record(session, access.staff(request).actor, "case.file", f"case:{case.number}", file=found.id)
    headers = {hdrs.CONTENT_TYPE: found.media_type, "Content-Security-Policy": FILE_POLICY}
    if found.media_type != MEDIA_TYPE:
        headers |= {hdrs.CONTENT_TYPE: UNKNOWN, hdrs.CONTENT_DISPOSITION: f'attachment; filename="{found.name}"'}
    return web.FileResponse(path, headers=headers)
