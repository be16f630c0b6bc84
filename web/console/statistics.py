"""Statistics: what was asked, what became of it, what helped; on the screen and as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from aiohttp import hdrs, web

from knowledge_base import inbox, use
from knowledge_base.use import Outcome, Period
from web import parts
from web.console import access, page
from web.console.access import Route
from web.console.gaps import labels

BASE = f"{access.HOME}/statistics"
TEMPLATE = "console/statistics.html"
PERIODS = {7: "7 วัน", 30: "30 วัน", 90: "90 วัน"}
_USUAL = 30
_MOST = 15  # rows of a table on the screen; the CSV has all
_THUMBS = 3  # so many citizens must have judged before an answer is listed by it
_BARS = 100  # height of the chart


async def show(request: web.Request) -> web.Response:
    """The figures of the last 7, 30 or 90 days, of all channels or of one."""
    period = _period(request)
    async with parts.of(request).database.read() as session:
        days = await use.by_day(session, period)
        channels = await use.by_channel(session, Period(period.first, period.last))
        faqs = await use.faqs(session, period)
        missing = await inbox.groups(session, reason="none", channel=period.channel, since=period.first, limit=_MOST)
    values: dict[str, Any] = {
        "period": period,
        "length": len(period.days),
        "periods": PERIODS,
        "whole": use.together(outcome for _, outcome in days),
        "bars": bars(days),
        "channels": channels,
        "asked": [row for row in faqs if row.asked][:_MOST],
        "read": sorted((row for row in faqs if row.viewed), key=lambda row: -row.viewed)[:_MOST],
        "judged": use.least_helpful(faqs, thumbs=_THUMBS)[:_MOST],
        "thumbs": _THUMBS,
        "missing": missing.groups,
        "labels": labels,
        "base": BASE,
    }
    return page.render(request, TEMPLATE, **values)


async def download(request: web.Request) -> web.Response:
    """``faqs.csv``: every FAQ that was used; ``days.csv``: what became of each day's questions."""
    period = _period(request)
    async with parts.of(request).database.read() as session:
        if request.match_info["what"] == "faqs":
            header: Sequence[str] = (
                "รหัส", "คำถาม", "ตอบทันที", "เสนอให้เลือก", "ถูกเลือก", "เปิดอ่าน", "ตรงคำถาม", "ไม่ตรงคำถาม",
            )  # fmt: skip
            rows: Iterable[Sequence[object]] = [
                (one.id, one.title, one.answered, one.offered, one.chosen, one.viewed, one.helpful, one.unhelpful)
                for one in await use.faqs(session, period)
            ]
        else:
            header = ("วันที่", "ถามทั้งหมด", "ตอบทันที", "เสนอให้เลือก", "ถูกเลือก", "ไม่พบ", "กดว่าไม่ตรง")
            rows = [
                (day.isoformat(), one.asked, one.answered, one.offered, one.chosen, one.not_found, one.unhelpful)
                for day, one in await use.by_day(session, period)
            ]
    name = f"{request.match_info['what']}-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    headers = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"'}
    return web.Response(body=as_csv(header, rows), content_type="text/csv", charset="utf-8", headers=headers)


def bars(days: Sequence[tuple[Any, Outcome]]) -> list[tuple[Any, Outcome, list[tuple[str, float, float]]]]:
    """The days with their pieces of a stacked bar: (class, top, height), in units of a picture 100 high."""
    most = max([outcome.asked for _, outcome in days] or [0]) or 1
    drawn = []
    for day, outcome in days:
        pieces, top = [], float(_BARS)
        for kind, number in (("answered", outcome.answered), ("offered", outcome.offered), ("missing", outcome.not_found)):
            tall = _BARS * number / most
            top -= tall
            pieces.append((kind, round(top, 2), round(tall, 2)))
        drawn.append((day, outcome, pieces))
    return drawn


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV that spreadsheets open in UTF-8, and in which no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _period(request: web.Request) -> Period:
    days = next((days for days in PERIODS if str(days) == request.query.get("days")), _USUAL)
    return Period.of(days, request.query.get("channel", "")[:40])


ROUTES: list[Route] = [
    Route("GET", BASE, show, "statistics.read"),
    Route("GET", f"{BASE}/{{what:faqs|days}}.csv", download, "statistics.read"),
]
