"""Following a case: the form that finds it, and its public page."""

from aiohttp import web

from core import ids
from helpdesk import case as cases
from helpdesk import category as categories
from helpdesk import number as numbers
from helpdesk import state as states
from helpdesk.state import State
from web import address, parts
from web.portal import language, own_case, page

RATE = "30/minute"  # of one address: numbers are given out in order, and nobody should read through them all
STEPS = (State.NEW, State.ACCEPTED, State.IN_PROGRESS, State.DONE)
_REACHED = {
    State.WAITING_CITIZEN: State.IN_PROGRESS,
    State.WAITING_AGENCY: State.IN_PROGRESS,
    State.REOPENED: State.ACCEPTED,
    State.CLOSED: State.DONE,
}


async def find(request: web.Request) -> web.Response:
    """The form; with ``?number=`` it leads to the case, or says why it cannot."""
    asked = request.query.get("number", "").strip()[:60]
    if not asked:
        return page.render(request, "cases.html", asked="", mistake="")
    number = numbers.parse(asked)
    if number is None:
        return page.render(request, "cases.html", asked=asked, mistake="malformed", status=422)
    if wait := await _must_wait(request):
        response = page.render(request, "cases.html", asked=asked, mistake="too_often", status=429)
        response.headers["Retry-After"] = str(wait)
        return response
    async with parts.of(request).database.read() as rows:
        known = await cases.find(rows, number) is not None
    if not known:
        return page.render(request, "cases.html", asked=asked, mistake="unknown", status=404)
    raise web.HTTPSeeOther(language.path(language.of(request), f"/cases/{number}"))


async def show(request: web.Request) -> web.Response:
    """A case's public page. Other spellings of its number lead to the one address it has."""
    written = request.match_info["number"]
    number = numbers.parse(written)
    if wait := await _must_wait(request):
        response = page.render(request, "cases.html", asked=written[:60], mistake="too_often", status=429)
        response.headers["Retry-After"] = str(wait)
        return response
    if number is None:
        return page.render(request, "cases.html", asked=written[:60], mistake="malformed", status=404)
    if number != written:
        query = f"?{request.query_string}" if request.query_string else ""
        raise web.HTTPMovedPermanently(language.path(language.of(request), f"/cases/{number}{query}"))
    async with parts.of(request).database.read() as rows:
        found = await cases.find(rows, number)
        view = await cases.public_view(rows, found) if found is not None else None
        goes_on = await cases.survivor(rows, found) if found is not None else None
    if found is None or view is None:
        return page.render(request, "cases.html", asked=number, mistake="unknown", status=404)
    english = language.of(request) == language.ENGLISH
    kind = categories.category(found.category)
    secret = request.query.get("k", "")
    own = own_case.knows(found, secret)
    response = page.render(
        request,
        "case.html",
        case=view,
        opened_at=found.opened_at,
        changed_at=found.state_at,
        state=states.label(view.state, language.of(request)),
        category=(kind.title_en if english else view.category) if view.category else None,
        goes_on=goes_on.number if goes_on is not None and goes_on.id != found.id else "",
        secret=secret if own else "",
        offers=own_case.offers(found) if own else [],
        rated=found.rating if own else None,
        done=request.query.get("done", "") if own else "",
        form_key=ids.new_id("frm"),
        steps=_steps(view.state, language.of(request)),
        label=lambda entry: states.label(entry.state, language.ENGLISH) if english and entry.kind in _STATES else entry.label,
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    return response


_STATES = frozenset({"opened", "state", "disputed"})


def _steps(state: str, spoken: str) -> list[tuple[str, str]]:
    """The usual way of a case as (label, done | now | later); empty for a case that left it."""
    now = State(state)
    if now is State.REJECTED:
        return []
    reached = STEPS.index(_REACHED.get(now, now))
    return [
        (states.label(step, spoken), "now" if index == reached else "done" if index < reached else "later")
        for index, step in enumerate(STEPS)
    ]


async def _must_wait(request: web.Request) -> int:
    known = parts.of(request)
    return await known.rates.wait(RATE, "case", address.client(request, known.settings.trusted_proxies))
