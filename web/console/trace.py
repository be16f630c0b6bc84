"""Traces: reading personal data, or the audit log itself, leaves a line in the audit log."""

from typing import Any

from aiohttp import web

from core import audit
from web import parts
from web.console import access


async def leave(request: web.Request, action: str, subject: str, /, **detail: Any) -> None:
    """Write that who asks reads ``subject`` (``case:P69-000123-8``), before it is shown: what cannot be written is not shown.

    For handlers of GET routes, which change nothing else; a handler that writes anyway calls `audit.record` in its transaction.
    """
    async with parts.of(request).database.write() as session:
        audit.record(session, access.staff(request).actor, action, subject, **detail)
