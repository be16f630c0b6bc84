"""The audit log on the screen and as a file. It is only ever read here, and each look leaves a line itself."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from core import audit, clock
from core.audit import AuditEntry, Filter
from helpdesk import staff
from web import parts
from web.console import access, page, trace
from web.console.access import Route
from web.console.audit_words import AREAS, of_action, of_actor, of_detail

PATH = f"{access.HOME}/audit"
TEMPLATE = "console/audit.html"
PAGE_SIZE, PIECE, MOST = 50, 1000, 100_000  # lines of a page, of a read while exporting, of a file
LOG = "audit"  # what a reading of the log itself names as its subject
_LONGEST = 200  # characters of a filter's field
_BAD_DATE = "อ่านวันที่ไม่ได้ กรุณาใช้รูปแบบ ปี-เดือน-วัน เช่น 2569-11-22"
_COLUMNS = ("เวลา (ไทย)", "ผู้ทำ", "ชื่อ", "การกระทำ", "รหัสการกระทำ", "เกี่ยวกับ", "รายละเอียด", "รหัสบรรทัด")


async def index(request: web.Request) -> web.Response:
    """The newest lines that fit the filters, and a link to older ones."""
    asked, mistake = _asked(request.query)
    before = request.query.get("before", "")[:_LONGEST]
    if mistake:
        return await _page(request, (), mistake=mistake, status=422)
    await trace.leave(request, "audit.read", LOG, **_told(asked), before=before)
    async with parts.of(request).database.read() as session:
        rows = await audit.find(session, asked, PAGE_SIZE + 1, before)
    return await _page(request, rows[:PAGE_SIZE], older=rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else "")


async def export(request: web.Request) -> web.StreamResponse:
    """All lines that fit the filters as CSV, newest first; a file of 100,000 lines ends with a line that says so."""
    asked, mistake = _asked(request.query)
    if mistake:
        return await _page(request, (), mistake=mistake, status=422)
    await trace.leave(request, "audit.export", LOG, **_told(asked))
    name = f"audit-{clock.local(clock.now()):%Y%m%d-%H%M}.csv"
    headers = {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": f'attachment; filename="{name}"'}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    await response.write("\ufeff".encode() + _lines([_COLUMNS]))  # the mark by which spreadsheets know UTF-8
    written, before = 0, ""
    while written < MOST:
        async with parts.of(request).database.read() as session:
            rows = await audit.find(session, asked, min(PIECE, MOST - written), before)
            names = await staff.names(session, [row.actor for row in rows])
        if not rows:
            break
        await response.write(_lines([_columns(row, names) for row in rows]))
        written, before = written + len(rows), rows[-1].id
    if written >= MOST:
        await response.write(_lines([(f"ตัดที่ {MOST:,} บรรทัด กรุณาเลือกช่วงเวลาให้แคบลง",)]))
    await response.write_eof()
    return response


ROUTES = [Route("GET", PATH, index, "audit.read"), Route("GET", f"{PATH}/export.csv", export, "audit.read")]


async def _page(
    request: web.Request, rows: Sequence[AuditEntry], *, older: str = "", mistake: str = "", status: int = 200
) -> web.Response:
    async with parts.of(request).database.read() as session:
        people = await staff.everybody(session)
        names = await _names(session, rows)
    values = {
        "rows": [_shown(row, names) for row in rows],
        "older": older,
        "people": [(f"staff:{one.id}", one.name, one.login) for one in people],
        "areas": AREAS,
        "asked": {name: request.query.get(name, "") for name in ("actor", "action", "subject", "from", "to")},
        "mistake": mistake,
        "export": f"{PATH}/export.csv?{urlencode({name: value for name, value in request.query.items() if name != 'before'})}",
        "here_before": bool(request.query.get("before")),
    }
    return page.render(request, TEMPLATE, status=status, **values)


async def _names(session: AsyncSession, rows: Sequence[AuditEntry]) -> Mapping[str, str]:
    return await staff.names(session, [row.actor for row in rows] + [row.subject for row in rows])


def _asked(query: Mapping[str, str]) -> tuple[Filter, str]:
    """The filters of an address, and what is wrong with them."""
    actor, action, subject = (query.get(name, "").strip()[:_LONGEST] for name in ("actor", "action", "subject"))
    try:
        since, until = (_day(query.get(name, "").strip()) for name in ("from", "to"))
    except ValueError:
        return Filter(), _BAD_DATE
    end = _midnight(until + timedelta(days=1)) if until else None
    return Filter(actor, action, subject, _midnight(since) if since else None, end), ""


def _day(text: str) -> date | None:
    """A day as browsers send it, ``2026-11-22``, or with the Buddhist year, ``2569-11-22``."""
    if not text:
        return None
    year, month, day = (int(part) for part in text.split("-"))
    return date(year - 543 if year > 2400 else year, month, day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.BANGKOK)


def _told(asked: Filter) -> dict[str, Any]:
    """The filters as the log keeps them; a day is kept as it was asked for."""
    return {name: str(value) for name, value in asdict(asked).items() if value}


def _shown(row: AuditEntry, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "at": row.at,
        "actor": row.actor,
        "who": of_actor(names.get(row.actor, row.actor)),
        "action": row.action,
        "words": of_action(row.action),
        "subject": row.subject,
        "about": names.get(row.subject, row.subject),
        "detail": of_detail(row.detail),
    }


def _columns(row: AuditEntry, names: Mapping[str, str]) -> tuple[str, ...]:
    moment = f"{clock.local(row.at):%Y-%m-%d %H:%M:%S}"
    who = of_actor(names.get(row.actor, row.actor))
    return (moment, row.actor, who, of_action(row.action), row.action, row.subject, _json(row.detail), row.id)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([[_harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode()


def _harmless(cell: str) -> str:
    """What a spreadsheet would run as a formula is text: ``=1+1`` -> ``'=1+1``."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
