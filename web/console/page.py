"""A page of the console: a template filled in and sent, whole or only the block that htmx asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import hdrs, web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core import clock
from helpdesk.role import TITLES
from helpdesk.staff import Member
from web import parts
from web.console import visit
from web.portal.page import TEMPLATES

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
NOTICE = "#notice"  # where the layout shows what went wrong in an htmx request


@dataclass(frozen=True)
class Area:
    """A part of the console, as the menu and the start page show it."""

    path: str
    title: str
    about: str
    right: str


AREAS = (
    Area("/console/cases", "เรื่องร้องเรียน", "รับเรื่อง มอบหมาย ติดตาม และปิดเรื่องจากทุกช่องทาง", "case.read"),
    Area("/console/chats", "แชต", "ประชาชนที่รอคุยกับเจ้าหน้าที่ และแชตที่กำลังคุยอยู่", "chat.read"),
    Area("/console/search", "ค้นหา", "เรื่องร้องเรียนและข้อความในแชต จากทุกช่องทาง", "chat.read"),
    Area("/console/dashboard", "ภาพรวม", "ปริมาณเรื่อง กำหนดเวลา ความพึงพอใจ และเรื่องที่เพิ่มขึ้นผิดปกติ", "dashboard.read"),
    Area("/console/faqs", "คำตอบ", "เขียน ตรวจทาน เผยแพร่ และปิดคำตอบ", "faq.read"),
    Area("/console/gaps", "คำถามที่ยังไม่มีคำตอบ", "สิ่งที่ประชาชนถามแล้วหาไม่พบหรือบอกว่าไม่ตรง", "gap.work"),
    Area("/console/utterances", "ข้อความที่ผู้ช่วยไม่แน่ใจ", "บอกว่าประชาชนหมายถึงอะไร เพื่อสอนผู้ช่วย", "gap.work"),
    Area("/console/synonyms", "คำพ้อง", "คำย่อและคำที่ประชาชนใช้แทนกัน", "synonym.write"),
    Area("/console/exchange", "นำเข้าและส่งออก", "คำตอบเป็นไฟล์ YAML, CSV หรือ Excel", "faq.exchange"),
    Area("/console/statistics", "สถิติ", "ถามบ่อย ค้นพบ ไม่พบ และเป็นประโยชน์หรือไม่", "statistics.read"),
    Area("/console/agencies", "หน่วยงาน", "หน่วยงาน ส่วนงาน บุคลากร และใครรับผิดชอบเรื่องใดในพื้นที่ใด", "agency.manage"),
    Area("/console/service-levels", "กำหนดเวลา", "กำหนดเวลาตอบและแก้ไข เวลาทำการ และวันหยุด", "agency.manage"),
    Area("/console/audit", "บันทึกการใช้งาน", "ใครทำหรือดูอะไรเมื่อไร", "audit.read"),
    Area("/console/staff", "บุคลากร", "ผู้ใช้คอนโซล บทบาท และรหัสผ่าน", "staff.manage"),
)

TITLES_OF_FAILURES = {
    401: "กรุณาเข้าสู่ระบบ",
    403: "ไม่มีสิทธิ์ทำรายการนี้",
    404: "ไม่พบหน้านี้",
    409: "มีผู้แก้ไขก่อนหน้า",
    413: "ข้อมูลใหญ่เกินไป",
    429: "กรุณารอสักครู่",
    503: "ระบบยังไม่พร้อม",
}


def render(request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """Fill ``template`` in and answer with the whole page.

    Besides ``values`` every template knows ``who`` (`Member` or none), ``csrf``, ``nav`` (the `Area`s they may enter),
    ``partial``, ``here`` (the path), ``link(page=2)`` (this address with another query), ``date``, ``date_and_time``
    ``short_date`` and ``short_date_and_time`` (of an aware datetime, in Thai), ``role_titles``, ``city``.
    """
    return _answer(_ENVIRONMENT.get_template(template).render(_common(request) | values), status)


def fragment(request: web.Request, template: str, block: str, *, status: int = 200, **values: Any) -> web.Response:
    """Answer with one block of ``template`` only.

    What the template does outside of its blocks (import, set) is not done: a block imports the macros it uses itself.
    """
    chosen = _ENVIRONMENT.get_template(template)
    context = chosen.new_context(_common(request) | values)
    return _answer("".join(chosen.blocks[block](context)), status)


def show(
    request: web.Request, template: str, block: str, *, status: int = 200, values: Mapping[str, Any] | None = None
) -> web.Response:
    """The block for htmx, the whole page for everybody else."""
    if partial(request):
        return fragment(request, template, block, status=status, **(values or {}))
    return render(request, template, status=status, **(values or {}))


def partial(request: web.Request) -> bool:
    """Whether htmx asks for a piece of the page; not when it asks for a page by a boosted link or by going back."""
    headers = request.headers
    whole = "HX-Boosted" in headers or "HX-History-Restore-Request" in headers
    return headers.get("HX-Request") == "true" and not whole


def failure(request: web.Request, status: int, words: str, *, title: str = "") -> web.Response:
    """What went wrong: a page, or for htmx a line where the layout shows such lines."""
    title = title or TITLES_OF_FAILURES.get(status, "ระบบขัดข้องชั่วคราว" if status >= 500 else "ทำรายการนี้ไม่ได้")
    response = show(request, "console/refused.html", "story", status=status, values={"title": title, "words": words})
    if partial(request):
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = NOTICE, "innerHTML show:window:top"
    return response


def areas(who: Member | None) -> list[Area]:
    """What this member may enter, in the menu's order."""
    return [area for area in AREAS if who is not None and who.may(area.right)]


def _common(request: web.Request) -> dict[str, Any]:
    known = visit.of(request)
    who = known.who if known is not None else None
    return {
        "who": who,
        "csrf": known.session.csrf if known is not None else "",
        "nav": areas(who),
        "partial": partial(request),
        "here": request.path,
        "link": lambda **changes: _link(request, changes),
        "date": clock.thai_date,
        "short_date": lambda moment: clock.thai_date(moment, short=True),
        "date_and_time": clock.thai_datetime,
        "short_date_and_time": lambda moment: clock.thai_datetime(moment, short=True),
        "role_titles": TITLES,
        "city": parts.of(request).settings.city_th,
    }


def _link(request: web.Request, changes: Mapping[str, Any]) -> str:
    """This address with some values of its query replaced; a value that is none or empty is left out."""
    kept = [(name, value) for name, value in request.query.items() if name not in changes]
    new = [(name, str(value)) for name, value in changes.items() if value not in (None, "")]
    return f"{request.path}?{urlencode(kept + new)}" if kept or new else request.path


def _answer(text: str, status: int) -> web.Response:
    return web.Response(
        text=text, content_type="text/html", charset="utf-8", status=status, headers={hdrs.CONTENT_LANGUAGE: "th"}
    )
