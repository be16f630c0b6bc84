"""One group: all its wordings, its days, the answers that come near, and what is done with it."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk import staff
from knowledge_base import gap, inbox
from knowledge_base.faq import EditConflict, FaqNotFound
from knowledge_base.inbox import Group
from knowledge_base.record import Faq
from knowledge_base.search import Search
from web import parts
from web.console import access, page
from web.console.gaps import labels, listing
from web.console.gaps.listing import BASE
from web.failures import Failure

TEMPLATE = "console/gaps/group.html"
_LONGEST = 300  # letters of a search for other answers


@dataclass(frozen=True)
class Candidate:
    """A FAQ that may be the answer, and how well it fits now, from 0 to 1; None for one that is not live."""

    id: str
    title: str
    version: int
    state: str
    score: float | None


async def show(request: web.Request) -> web.Response:
    """The group; the address of one that was merged leads to where it went."""
    return await _page(request)


async def change(request: web.Request) -> web.Response:
    """Take, give back (or open again), ignore, close: ``/console/gaps/{id}/{what}``."""
    form, actor = await request.post(), access.staff(request).actor
    group_id, what = request.match_info["id"], request.match_info["what"]
    try:
        async with parts.of(request).database.write() as session:
            match what:
                case "take":
                    await gap.take(session, group_id, actor)
                case "give_back":
                    await gap.give_back(session, group_id, actor)
                case "ignore":
                    await gap.ignore(session, group_id, actor, reason=listing.reason_of(form.get("reason")))
                case _:
                    await gap.close(session, group_id, str(form.get("faq", "")), actor)
    except gap.GapTaken as taken:
        return await _page(request, mistake=await listing.told(request, taken), status=409)
    except FaqNotFound:
        return await _page(request, mistake=labels.NO_FAQ, status=422)
    except gap.GapNotFound:
        raise Failure(404, th=labels.GONE) from None
    said = {"take": "taken", "give_back": "given_back", "ignore": "ignored", "close": "closed"}[what]
    raise web.HTTPSeeOther(f"{BASE}/{group_id}?done={said}")


async def adopt(request: web.Request) -> web.Response:
    """Add the ticked wordings to the FAQ whose button was pressed, as a new draft."""
    form, actor, group_id = await request.post(), access.staff(request).actor, request.match_info["id"]
    faq_id = str(form.get("faq", ""))
    seen = str(form.get(f"seen-{faq_id}", ""))
    wordings = [str(one) for one in form.getall("wording", [])]
    try:
        async with parts.of(request).database.write() as session:
            number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0
            await gap.adopt(session, group_id, faq_id, wordings, actor, seen=number)
    except gap.GapNotFound:
        raise Failure(404, th=labels.GONE) from None
    except FaqNotFound:
        return await _page(request, mistake=labels.NO_FAQ, status=422)
    except EditConflict:
        return await _page(request, mistake=labels.CONFLICT, status=409)
    except gap.NothingNew:
        return await _page(request, mistake=labels.NOTHING_NEW, status=422)
    except ValidationError:
        return await _page(request, mistake=labels.NOT_FITTING, status=422)
    raise web.HTTPSeeOther(f"{BASE}/{group_id}?done=adopted")


async def split(request: web.Request) -> web.Response:
    """Take one wording out; it begins a group of its own."""
    form = await request.post()
    try:
        async with parts.of(request).database.write() as session:
            await gap.split(session, str(form.get("question", "")), access.staff(request).actor)
    except gap.GapNotFound:
        raise Failure(404, th=labels.GONE) from None
    raise web.HTTPSeeOther(f"{BASE}/{request.match_info['id']}?done=split")


async def _page(request: web.Request, *, mistake: str = "", status: int = 200) -> web.Response:
    known, group_id, query = parts.of(request), request.match_info["id"], request.query.get("q", "")[:_LONGEST].strip()
    async with known.database.read() as session:
        group = await _found(session, group_id)
        days = await inbox.by_day(session, group_id)
        names = await staff.names(session, [group.assignee])
    near = await _candidates(request, known.search, group, query)
    values: dict[str, Any] = {
        "group": group,
        "clean": gap.wording,
        "days": days,
        "most": max(1, *(times for _, times in days)),
        "names": names,
        "candidates": near,
        "query": query,
        "labels": labels,
        "base": BASE,
        "mistake": mistake,
        "done": labels.DONE.get(request.query.get("done", ""), "") if request.method == "GET" else "",
    }
    return page.render(request, TEMPLATE, status=status, **values)


async def _found(session: AsyncSession, group_id: str) -> Group:
    try:
        return await inbox.find(session, group_id)
    except gap.GapNotFound:
        moved = await inbox.home(session, group_id)
        if moved and moved != group_id:
            raise web.HTTPSeeOther(f"{BASE}/{moved}") from None
        raise Failure(404, th=labels.GONE) from None


async def _candidates(request: web.Request, search: Search, group: Group, query: str) -> list[Candidate]:
    """Give what the search finds now, and after it what was near when the question came, or is linked, and is not live."""
    now = (await search.find(query or gap.wording(group.text), limit=1)).candidates
    scores = {hit.id: hit.score for hit in now if hit.score >= labels.FITS}
    linked = [group.faq_id] if group.faq_id else []
    earlier = [] if query else [str(near["id"]) for near in group.candidates if near["score"] >= labels.FITS]
    ids = list(dict.fromkeys([*linked, *scores, *earlier]))
    async with parts.of(request).database.read() as session:
        rows = {row.id: row for row in (await session.scalars(select(Faq).where(Faq.id.in_(ids)))).all()}
    return [
        Candidate(one, str(rows[one].body["question"]["th"]), rows[one].version, rows[one].state, scores.get(one))
        for one in ids
        if one in rows
    ]
