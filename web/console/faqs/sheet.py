"""A sheet: one FAQ opened on somebody's desk, with what all its pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from core import clock, storable
from helpdesk import staff
from knowledge_base import faq
from knowledge_base.record import Faq, FaqVersion
from web import parts
from web.console import access, page
from web.console.faqs import labels

BASE = f"{access.HOME}/faqs"


@dataclass(frozen=True)
class Sheet:
    """The row with its newest text, the version citizens see, the newest change, the text's author, and names."""

    row: Faq
    live: FaqVersion | None
    newest: FaqVersion
    writers: list[str]
    names: Mapping[str, str]

    @property
    def title(self) -> str:
        """The Thai question."""
        return str(self.row.body["question"]["th"])

    @property
    def path(self) -> str:
        """Where its pages begin."""
        return f"{BASE}/{self.row.id}"


def today() -> date:
    """The day in Bangkok."""
    return clock.local(clock.now()).date()


def asked(request: web.Request, name: str, longest: int = 300) -> str:
    """A value of the query, cut, and without what a database refuses."""
    return storable.text(request.query.get(name, "")[:longest]).strip()


def faq_id(request: web.Request) -> str:
    """The id in the address."""
    return storable.text(request.match_info["id"])


async def opened(session: AsyncSession, faq_id: str) -> Sheet:
    """Open a FAQ.

    Raises:
        web.HTTPNotFound: There is none of this id.
    """
    row = await session.get(Faq, faq_id)
    if row is None:
        raise web.HTTPNotFound
    live = await faq.version(session, faq_id, row.live) if row.live is not None else None
    newest = await faq.version(session, faq_id, row.version)
    writers = await faq.writers(session, faq_id)
    actors = (newest.author, *writers, live.author if live else None)
    return Sheet(row, live, newest, writers, await staff.names(session, actors))


async def of(request: web.Request) -> Sheet:
    """The FAQ that the address names."""
    async with parts.of(request).database.read() as session:
        return await opened(session, faq_id(request))


def render(request: web.Request, template: str, sheet: Sheet, *, status: int = 200, **values: Any) -> web.Response:
    """A page of this FAQ."""
    common: dict[str, Any] = {
        "sheet": sheet,
        "badges": labels.badges(sheet.row, today()),
        "labels": labels,
        "base": BASE,
        "done": labels.DONE.get(request.query.get("done", ""), "") if request.method == "GET" else "",
        "own": access.staff(request).actor in sheet.writers,
    }
    return page.render(request, f"console/faqs/{template}.html", status=status, **(common | values))
