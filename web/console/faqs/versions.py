"""The versions: who changed what, when and why; any two side by side; and the way back."""

from aiohttp import web

from helpdesk import staff
from knowledge_base import difference, faq
from knowledge_base.faq import EditConflict, FaqNotFound, ReasonNeeded, WrongState
from knowledge_base.record import WRITING
from web import parts
from web.console import access
from web.console.faqs import labels, review, sheet

_REFUSALS: dict[type[Exception], tuple[int, str]] = {
    EditConflict: (409, labels.CONFLICT),
    ReasonNeeded: (422, labels.REASON),
    WrongState: (409, "ข้อความล่าสุดเหมือนฉบับนี้อยู่แล้ว"),
}


async def show(request: web.Request) -> web.Response:
    """All versions, and the difference between two of them (``?from=1&to=4``); ``from=0`` is nothing at all."""
    return await _page(request)


async def restore(request: web.Request) -> web.Response:
    """Make an old text the newest draft."""
    post, faq_id = await request.post(), sheet.faq_id(request)
    number, seen = _number(str(post.get("number", "")), 0), _number(str(post.get("seen", "")), 0)
    reason = review.reason_of(post)
    try:
        async with parts.of(request).database.write() as session:
            await faq.restore(session, faq_id, number, access.staff(request).actor, seen=seen, reason=reason)
    except tuple(_REFUSALS) as refusal:
        status, words = _REFUSALS[type(refusal)]
        return await _page(request, status=status, mistake=words, reason=reason)
    except FaqNotFound:
        raise web.HTTPNotFound from None
    raise web.HTTPSeeOther(f"{sheet.BASE}/{faq_id}/review?done=restored")


async def _page(request: web.Request, *, status: int = 200, mistake: str = "", reason: str = "") -> web.Response:
    opened = await sheet.of(request)
    async with parts.of(request).database.read() as session:
        rows = await faq.history(session, opened.row.id)
        names = await staff.names(session, [row.author for row in rows])
    texts = [row.number for row in rows if row.action in WRITING]
    bodies = {row.number: row.body for row in rows} | {0: {}}
    newer = _number(request.query.get("to", ""), opened.row.version)
    before = next((number for number in texts if number < (texts[0] if newer >= texts[0] else newer)), 0)
    older = _number(request.query.get("from", ""), before)
    if older not in bodies or newer not in bodies:
        raise web.HTTPNotFound
    return sheet.render(
        request,
        "versions",
        opened,
        status=status,
        rows=rows,
        names=names,
        older=older,
        newer=newer,
        changes=difference.between(bodies[older], bodies[newer]),
        texts=frozenset(texts),
        mistake=mistake,
        reason=reason,
    )


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else otherwise
