"""In and out: answers as files to download, and files brought in: read, looked at, confirmed. It works without JavaScript."""

import asyncio
import tempfile
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from aiohttp import hdrs, web
from redis.exceptions import RedisError
from sqlalchemy import select

from core import audit, clock
from knowledge_base import catalogue, difference
from knowledge_base.exchange import formats, incoming, outgoing, plan
from knowledge_base.exchange.column import BY_NAME, COLUMNS
from knowledge_base.exchange.formats import FORMATS, Kind
from knowledge_base.exchange.limit import LARGEST
from knowledge_base.exchange.plan import Plan
from knowledge_base.exchange.problem import Problem, Refused
from knowledge_base.exchange.xlsx_file import TooLong
from knowledge_base.faq import Faq
from web import parts
from web.console import access, page, pending
from web.console.access import Route
from web.console.faqs import labels
from web.console.faqs.listing import named
from web.console.pending import Pending
from web.failures import Failure

BASE = f"{access.HOME}/exchange"
UPLOAD_LIMIT = LARGEST + 64 * 1024  # bytes: a file and the form around it
_SHOWN = 300  # problems or answers on a page
_DIFFERENCES = 50  # answers whose differences are shown word by word
_NAME = 80  # letters of a file's name
_REASON = 300
_AWAY = "ระบบพักไฟล์ไว้ไม่ได้ชั่วคราว กรุณาลองใหม่อีกครั้งในอีกสักครู่"
_OVER = "ไม่พบไฟล์ที่รอการยืนยัน อาจเกิน 15 นาที นำเข้าไปแล้ว หรือส่งไฟล์ใหม่จากอีกหน้าต่างหนึ่ง กรุณาเลือกไฟล์อีกครั้ง"
_READING = asyncio.Semaphore(1)  # reading a file fills a core: one at a time leaves the other for citizens


async def show(request: web.Request) -> web.Response:
    """The page with both forms."""
    return await _page(request)


async def download(request: web.Request) -> web.StreamResponse:
    """The file: ``?format=xlsx&group=tax&which=live``."""
    asked, known = request.query, parts.of(request)
    kind: Kind | None = next((one for one in FORMATS if one == asked.get("format")), None)
    if kind is None:
        raise web.HTTPNotFound
    group, live = asked.get("group", ""), asked.get("which") == "live"
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        async with known.database.read() as session:
            count = await outgoing.export(session, file, kind, group=group, live=live)
        async with known.database.write() as session:
            audit.record(
                session, access.staff(request).actor, "faq.export", "faq", format=kind, group=group, live=live, count=count
            )
    except TooLong as error:
        file.close()
        return await _page(request, status=422, mistake=str(error))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    day = clock.local(clock.now()).date().isoformat()
    name = "-".join(part for part in ("faq", group, "live" if live else "", day) if part) + FORMATS[kind].ending
    headers = {
        hdrs.CONTENT_DISPOSITION: f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        hdrs.CONTENT_TYPE: FORMATS[kind].content_type,
    }
    return web.Response(body=file, headers=headers)


async def upload(request: web.Request) -> web.Response:
    """Read a file and compare it with what there is; nothing is changed."""
    visit, known = access.current(request), parts.of(request)
    field = (await request.post()).get("file")
    if not isinstance(field, web.FileField) or not field.filename:
        return await _page(request, status=422, mistake="กรุณาเลือกไฟล์")
    name = field.filename[-_NAME:]
    try:
        kind = formats.kind_of(name)
        async with _READING:
            records, problems = await asyncio.to_thread(_read, field, kind)
        async with known.database.read() as session:
            made = await plan.make(session, records)
        if problems or made.problems:
            raise Refused([*problems, *made.problems])
    except Refused as refused:
        return await _page(request, status=422, name=name, problems=refused.problems)
    try:
        await pending.keep(known.valkey, visit.token, name, kind, made.changes, made.notices)
    except (RedisError, OSError) as error:
        raise Failure(503, "uploads_away", _AWAY, retry_after=5) from error
    raise web.HTTPSeeOther(f"{BASE}/preview")


async def preview(request: web.Request) -> web.Response:
    """What the file that was read would change."""
    found = await _find(request)
    if found is None:
        return await _page(request, status=404, mistake=_OVER)
    made = Plan(found.changes, [], found.notices)
    new, changed = made.of("new"), made.of("changed")
    async with parts.of(request).database.read() as session:
        ids = [change.entry.id for change in changed[:_DIFFERENCES]]
        bodies = {row.id: row.body for row in await session.scalars(select(Faq).where(Faq.id.in_(ids)))}
    values: dict[str, Any] = {
        "found": found,
        "counts": {"new": len(new), "changed": len(changed), "unchanged": len(made.of("unchanged"))},
        "new": new[:_SHOWN],
        "changed": [
            (change, difference.between(bodies[change.entry.id], change.entry.body()) if change.entry.id in bodies else None)
            for change in changed[:_SHOWN]
        ],
        "notices": _together(found.notices)[:_SHOWN],
        "labels": labels,
    }
    return page.render(request, "console/exchange/preview.html", **values | _common(found.kind))


async def confirm(request: web.Request) -> web.Response:
    """Bring the file in that was looked at."""
    visit, known = access.current(request), parts.of(request)
    form = await request.post()
    key, reason = str(form.get("key", "")), str(form.get("reason", ""))[:_REASON]
    try:
        found = await pending.take(known.valkey, visit.token, key)
    except (RedisError, OSError) as error:
        raise Failure(503, "uploads_away", _AWAY, retry_after=5) from error
    if found is None:
        return await _page(request, status=409, mistake=_OVER)
    made = Plan(found.changes, [], found.notices)
    try:
        async with known.database.write() as session:
            done = await incoming.apply(session, made, visit.who.actor, kind=found.kind, reason=reason)
    except Refused as refused:
        return await _page(request, status=409, name=found.name, problems=refused.problems)
    raise web.HTTPSeeOther(f"{BASE}?new={done.new}&changed={done.changed}&unchanged={done.unchanged}")


async def cancel(request: web.Request) -> web.Response:
    """Forget the file that was read."""
    try:
        await pending.drop(parts.of(request).valkey, access.current(request).token)
    except (RedisError, OSError) as error:
        raise Failure(503, "uploads_away", _AWAY, retry_after=5) from error
    raise web.HTTPSeeOther(BASE)


ROUTES = [
    Route("GET", BASE, show, "faq.exchange"),
    Route("GET", f"{BASE}/file", download, "faq.exchange"),
    Route("POST", BASE, upload, "faq.exchange", UPLOAD_LIMIT),
    Route("GET", f"{BASE}/preview", preview, "faq.exchange"),
    Route("POST", f"{BASE}/confirm", confirm, "faq.exchange"),
    Route("POST", f"{BASE}/cancel", cancel, "faq.exchange"),
]


def _read(field: web.FileField, kind: Kind) -> Any:
    return formats.read(field.file.read(LARGEST + 1), kind)


async def _find(request: web.Request) -> Pending | None:
    try:
        return await pending.find(parts.of(request).valkey, access.current(request).token)
    except (RedisError, OSError) as error:
        raise Failure(503, "uploads_away", _AWAY, retry_after=5) from error


async def _page(
    request: web.Request, *, status: int = 200, mistake: str = "", name: str = "", problems: Sequence[Problem] = ()
) -> web.Response:
    async with parts.of(request).database.read() as session:
        known = await catalogue.groups(session)
    kind = formats.kind_of(name) if problems and _has_kind(name) else "xlsx"
    values: dict[str, Any] = {
        "formats": FORMATS,
        "groups": named(known),
        "mistake": mistake,
        "name": name,
        "problems": problems[:_SHOWN],
        "count": len(problems),
        "done": _done(request),
        "columns": COLUMNS,
        "megabytes": LARGEST // 1024 // 1024,
        "base": BASE,
    }
    return page.render(request, "console/exchange/index.html", status=status, **values | _common(kind))


def _together(notices: Sequence[Problem]) -> list[tuple[str, str, list[int]]]:
    """Notices that say the same of several rows, as (column, words, rows)."""
    rows: dict[tuple[str, str], list[int]] = {}
    for notice in notices:
        rows.setdefault((notice.column, notice.words), []).append(notice.row)
    return [(column, words, numbers) for (column, words), numbers in rows.items()]


def _common(kind: Kind) -> dict[str, Any]:
    return {"unit": FORMATS[kind].unit, "titles": {name: column.title for name, column in BY_NAME.items()}, "base": BASE}


def _has_kind(name: str) -> bool:
    try:
        formats.kind_of(name)
    except Refused:
        return False
    return True


def _done(request: web.Request) -> dict[str, int] | None:
    """The counts of the import that led here."""
    asked = {name: request.query.get(name, "") for name in ("new", "changed", "unchanged")}
    if not all(text.isascii() and text.isdecimal() and len(text) < 8 for text in asked.values()):
        return None
    return {name: int(text) for name, text in asked.items()}
