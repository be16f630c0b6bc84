"""Due: answers whose day of review has passed or is near."""

from datetime import date, timedelta

from aiohttp import web

from knowledge_base import faq
from knowledge_base.faq import EditConflict, WrongState
from web import parts
from web.console import access, page
from web.console.faqs import labels, review, sheet

DAYS = 60
_NEXT = timedelta(days=180)
_LATEST = timedelta(days=3 * 365)


async def show(request: web.Request) -> web.Response:
    """What is overdue, the longest first, then what the next sixty days bring."""
    return await _page(request)


async def reviewed(request: web.Request) -> web.Response:
    """Read over and found right: the next day of review, as a new version for a second person."""
    post, faq_id, today = await request.post(), sheet.faq_id(request), sheet.today()
    day, seen = _day(str(post.get("review_by", ""))), str(post.get("seen", ""))
    if day is None or not today < day <= today + _LATEST:
        return await _page(request, status=422, mistake="กรุณาเลือกวันทบทวนครั้งถัดไปที่อยู่ในอนาคต ไม่เกินสามปี")
    number = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    try:
        async with parts.of(request).database.write() as session:
            actor, reason = access.staff(request).actor, review.reason_of(post)
            await faq.reviewed(session, faq_id, actor, seen=number, review_by=day, reason=reason, today=today)
    except (EditConflict, WrongState) as refusal:
        words = labels.CONFLICT if isinstance(refusal, EditConflict) else labels.WRONG_STATE
        return await _page(request, status=409, mistake=words)
    except faq.FaqNotFound:
        raise web.HTTPNotFound from None
    raise web.HTTPSeeOther(f"{sheet.BASE}/due?done=reviewed")


async def _page(request: web.Request, *, status: int = 200, mistake: str = "") -> web.Response:
    today = sheet.today()
    async with parts.of(request).database.read() as session:
        rows = await faq.due_for_review(session, today + timedelta(days=DAYS))
    shown = [(row, labels.badges(row, today)) for row in rows]
    return page.render(
        request,
        "console/faqs/due.html",
        status=status,
        overdue=[one for one in shown if one[0].review_by < today],
        soon=[one for one in shown if one[0].review_by >= today],
        days=DAYS,
        next_day=(today + _NEXT).isoformat(),
        today=today.isoformat(),
        mistake=mistake,
        labels=labels,
        base=sheet.BASE,
        done=labels.DONE.get(request.query.get("done", ""), "") if request.method == "GET" else "",
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
