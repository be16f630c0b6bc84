"""The review: what a newer text changes, and everything that moves a FAQ from one state to the next."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from core import storable
from knowledge_base import difference, faq, gap
from knowledge_base.entry import Entry
from knowledge_base.faq import EditConflict, ReasonNeeded, SecondPersonNeeded, WrongState
from knowledge_base.hit import hit
from web import parts
from web.console import access
from web.console.faqs import labels, preview, sheet

_DONE = {"submit": "submitted", "return": "returned", "publish": "published", "confirm": "confirmed", "archive": "archived"}
_REFUSALS: dict[type[Exception], tuple[int, str]] = {
    EditConflict: (409, labels.CONFLICT),
    SecondPersonNeeded: (403, labels.SECOND_PERSON),
    WrongState: (409, labels.WRONG_STATE),
    ReasonNeeded: (422, labels.REASON),
}


async def show(request: web.Request) -> web.Response:
    """What the newest text would change for citizens, and what this person may do with it."""
    return await _page(request)


async def change(request: web.Request) -> web.Response:
    """Hand in, send back, publish, confirm or archive: ``/console/faqs/{id}/{what}``."""
    what, post = request.match_info["what"], await request.post()
    seen = str(post.get("seen", ""))
    actor, reason = access.staff(request).actor, reason_of(post)
    try:
        async with parts.of(request).database.write() as session:
            number = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
            await _do(session, what, sheet.faq_id(request), actor, number, reason, confirms="confirms" in post)
    except tuple(_REFUSALS) as refusal:
        status, words = _REFUSALS[type(refusal)]
        return await _page(request, status=status, mistake=words, reason=reason)
    except faq.FaqNotFound:
        raise web.HTTPNotFound from None
    raise web.HTTPSeeOther(f"{sheet.BASE}/{request.match_info['id']}/review?done={_DONE[what]}")


async def switch(request: web.Request) -> web.Response:
    """Switch the answer off or on at once, whatever else is going on with it."""
    post, faq_id = await request.post(), sheet.faq_id(request)
    on, reason = post.get("on") == "1", reason_of(post)
    if not reason:
        return await _page(request, status=422, mistake=labels.REASON)
    try:
        async with parts.of(request).database.write() as session:
            await faq.switch(session, faq_id, access.staff(request).actor, on=on, reason=reason)
    except faq.FaqNotFound:
        raise web.HTTPNotFound from None
    raise web.HTTPSeeOther(f"{sheet.BASE}/{faq_id}/review?done={'on' if on else 'off'}")


def reason_of(post: Mapping[str, Any]) -> str:
    """The reason that was typed, at most 500 letters."""
    return storable.text(str(post.get("reason", ""))).strip()[:500]


async def _do(session: AsyncSession, what: str, faq_id: str, actor: str, seen: int, reason: str, *, confirms: bool) -> None:
    match what:
        case "submit":
            await faq.submit(session, faq_id, actor, seen=seen, reason=reason)
        case "return":
            await faq.send_back(session, faq_id, actor, seen=seen, reason=reason)
        case "publish":
            await faq.publish(session, faq_id, actor, seen=seen, reason=reason, confirms=confirms)
            await gap.published(session, faq_id, actor)
        case "confirm":
            await faq.confirm(session, faq_id, actor, seen=seen, reason=reason)
        case "archive":
            if not reason:
                raise ReasonNeeded("say why")
            await faq.archive(session, faq_id, actor, seen=seen, reason=reason)


async def _page(request: web.Request, *, status: int = 200, mistake: str = "", reason: str = "") -> web.Response:
    opened = await sheet.of(request)
    newest = opened.row.body
    return sheet.render(
        request,
        "review",
        opened,
        status=status,
        mistake=mistake,
        reason=reason,
        changes=difference.between(opened.live.body if opened.live else {}, newest),
        preview=preview.of(hit(Entry.model_validate(newest), 1.0)),
    )
