"""What the pages of the register share: reading forms, showing refusals, the words of what was done."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from multidict import MultiMapping
from sqlalchemy.ext.asyncio import AsyncSession

from core import storable
from helpdesk import area as areas
from helpdesk.area import Area
from helpdesk.error import CaseError
from web import parts
from web.console import access

BASE = f"{access.HOME}/agencies"
RIGHT = "agency.manage"
LONGEST = 200  # letters of a field
_DONE = {
    "added": "เพิ่มหน่วยงานแล้ว",
    "changed": "บันทึกแล้ว",
    "unit": "บันทึกส่วนงานแล้ว",
    "member": "บันทึกบุคลากรแล้ว ผู้นั้นเห็นเรื่องของหน่วยงานทันที",
    "left": "นำบุคลากรออกจากหน่วยงานแล้ว",
    "rule": "บันทึกกฎแล้ว ใช้กับเรื่องที่แจ้งใหม่",
    "unruled": "นำกฎออกแล้ว",
    "target": "บันทึกกำหนดเวลาแล้ว ใช้กับเรื่องใหม่ และกับเรื่องเดิมเมื่อมีการเปลี่ยนแปลงครั้งต่อไป",
    "hours": "บันทึกเวลาทำการแล้ว",
    "day": "บันทึกวันพิเศษแล้ว",
}


Work = Callable[[AsyncSession, str], Awaitable[str]]


class Typed(dict[str, str]):
    """What was typed, for a page; a field that is missing is empty."""

    def __missing__(self, name: str) -> str:
        """Nothing was typed."""
        return ""


class Form:
    """A sent form's texts, fit to be kept; they go back into the page when it is refused."""

    def __init__(self, post: MultiMapping[Any] | None = None) -> None:
        """Without a form everything is empty."""
        self._post = post

    def text(self, name: str) -> str:
        """A field's text; empty where it is missing."""
        value = self._post.get(name, "") if self._post is not None else ""
        return storable.text(value[:LONGEST]).strip() if isinstance(value, str) else ""

    def area(self) -> Area:
        """The area in ``province``, ``district`` and ``subdistrict``."""
        return areas.read(self.text("province"), self.text("district"), self.text("subdistrict"))

    def number(self, name: str, otherwise: int) -> int:
        """A whole number; -1, which every door refuses, where something else was typed."""
        typed = self.text(name)
        if not typed:
            return otherwise
        return int(typed) if typed.isdecimal() and len(typed) < 10 else -1

    def typed(self) -> Typed:
        """All fields' texts."""
        return Typed({name: self.text(name) for name in self._post or () if name != "csrf"})


async def read(request: web.Request) -> Form:
    """The form that came."""
    return Form(await request.post())


async def attempt(request: web.Request, work: Work) -> str:
    """Do ``work(session, actor)`` in one transaction, then go to the address it gives; or give what was wrong with it."""
    actor = access.staff(request).actor
    try:
        async with parts.of(request).database.write() as session:
            address = await work(session, actor)
    except CaseError as refusal:
        return str(refusal)
    raise web.HTTPSeeOther(address)


def done(request: web.Request) -> str:
    """What was done by the form that led here."""
    return _DONE.get(request.query.get("done", ""), "") if request.method == "GET" else ""
