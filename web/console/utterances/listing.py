"""The list of utterances, and what is done with one or several of them."""

from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from conversations import labelling
from helpdesk import staff
from web import parts
from web.console import access, page
from web.console.gaps.labels import channel
from web.console.utterances import labels

BASE = f"{access.HOME}/utterances"
TEMPLATE = "console/utterances/list.html"
SHOWN = 25
_LAST_PAGE = 10_000
_Form = dict[str, list[str]]


class _NoIntent(ValueError):
    """It was not said what is meant."""


async def show(request: web.Request) -> web.Response:
    """A page of the list; for htmx the rows only."""
    return await _page(request)


async def change(request: web.Request) -> web.Response:
    """Accept, reject, remove or undo: what the pressed button says, all of it or, when one fails, nothing.

    A guess's button is ``guess`` with "<id> <intent>"; a row's is ``accept``, ``reject``, ``remove`` or ``undo`` with the id;
    those below the list are ``do`` with one of these words, for the ticked rows.
    """
    typed = await request.post()
    form = {name: [str(one) for one in typed.getall(name)] for name in typed}
    what, chosen = _pressed(form)
    if not chosen:
        return await _page(request, mistake=labels.CHOOSE, status=422)
    try:
        async with parts.of(request).database.write() as session:
            for one, intent in sorted(chosen.items()):
                await _done(session, what, one, intent, access.staff(request).actor)
    except _NoIntent:
        return await _page(request, mistake=labels.CHOOSE_INTENT, status=422)
    except labelling.UtteranceNotFound:
        return await _page(request, mistake=labels.GONE, status=409)
    except labelling.AlreadyExported:
        return await _page(request, mistake=labels.EXPORTED, status=409)
    except labelling.AlreadyLabelled as taken:
        return await _page(request, mistake=await _told(request, taken), status=409)
    raise web.HTTPSeeOther(_back(request, what))


def _pressed(form: _Form) -> tuple[str, dict[str, str]]:
    """What is to be done, and for which utterances with which intents."""
    if "guess" in form:
        one, _, intent = form["guess"][0].partition(" ")
        return "accept", {one: intent}
    for what in labels.DONE:
        if what in form:
            return what, {form[what][0]: _intent(form, form[what][0])}
    for_all = form.get("intent", [""])[0]
    return form.get("do", [""])[0], {one: for_all or _intent(form, one) for one in form.get("id", [])}


def _intent(form: _Form, utterance_id: str) -> str:
    return form.get(f"intent-{utterance_id}", [""])[0]


async def _done(session: AsyncSession, what: str, utterance_id: str, intent: str, actor: str) -> None:
    match what:
        case "accept":
            if not labels.known(intent):
                raise _NoIntent
            await labelling.accept(session, utterance_id, intent, actor)
        case "reject":
            await labelling.reject(session, utterance_id, actor)
        case "remove":
            await labelling.remove(session, utterance_id, actor)
        case "undo":
            await labelling.undo(session, utterance_id, actor)
        case _:
            raise web.HTTPBadRequest


def _back(request: web.Request, what: str) -> str:
    """The same page of the list, with a word of what was done."""
    return str(request.rel_url.update_query(done=what))


async def _told(request: web.Request, taken: labelling.AlreadyLabelled) -> str:
    async with parts.of(request).database.read() as session:
        names = await staff.names(session, [taken.labelled_by])
    return labels.TAKEN.format(name=names.get(taken.labelled_by, "ผู้อื่น"))


async def _page(request: web.Request, *, mistake: str = "", status: int = 200) -> web.Response:
    asked = request.query
    state = asked.get("state", "new") if asked.get("state", "new") in (*labelling.STATES, "all") else "new"
    number = _number(asked.get("page"))
    async with parts.of(request).database.read() as session:
        found = await labelling.listed(
            session,
            state="" if state == "all" else state,
            text=asked.get("text", "")[:200].strip(),
            limit=SHOWN,
            offset=(number - 1) * SHOWN,
        )
        counts = await labelling.counts(session)
        names = await staff.names(session, [row.labelled_by for row in found.rows])
    values: dict[str, Any] = {
        "found": found,
        "counts": counts,
        "state": state,
        "asked": asked,
        "number": number,
        "pages": -(-found.number // SHOWN),
        "names": names,
        "labels": labels,
        "channel": channel,
        "base": BASE,
        "mistake": mistake,
        "done": labels.DONE.get(asked.get("done", ""), "") if request.method == "GET" else "",
    }
    return page.show(request, TEMPLATE, "found", status=status, values=values)


def _number(text: str | None) -> int:
    usable = text and text.isascii() and text.isdecimal() and len(text) < 7
    return max(1, min(int(text or 1), _LAST_PAGE)) if usable else 1
