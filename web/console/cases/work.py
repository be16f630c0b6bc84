"""What is done with a case on its page: each form goes through one door, and a refused one comes back with all it held."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiMapping
from sqlalchemy.ext.asyncio import AsyncSession

from core import storable
from helpdesk import case as cases
from helpdesk import note as notes
from helpdesk.error import CaseChanged, CaseError
from helpdesk.record import Case
from helpdesk.visibility import may_see
from web import parts
from web.console import access
from web.console.cases import labels, listing, one, sheet, upload

_LONGEST = 5_000  # letters of a note
Query = Mapping[str, str]


class NumberUnknown(CaseError):
    """No case that the member may see has the number that was typed."""

    def __init__(self) -> None:
        super().__init__(labels.UNKNOWN_NUMBER)


class _Form:
    """A sent form: its texts, its key, the version of the case that the page showed, and its stored files."""

    def __init__(self, request: web.Request, post: MultiMapping[Any]) -> None:
        self.member, self.post = access.staff(request), post
        self.key = f"{self.text('key')[:60]}:{request.match_info['what']}"
        self.files: list[str] = []

    def text(self, name: str) -> str:
        value = self.post.get(name, "")
        return storable.text(value[:_LONGEST]) if isinstance(value, str) else ""

    @property
    def seen(self) -> int | None:
        number = self.text("seen")
        return int(number) if number.isdecimal() and len(number) < 10 else None

    def typed(self) -> dict[str, Any]:
        """What goes back into the page."""
        return {name: self.text(name) for name in self.post if name not in {"csrf", "file", "held"}} | {"held": self.files}


async def change(request: web.Request) -> web.Response:
    """One change of a case: ``/console/cases/{number}/{what}``."""
    what, known = request.match_info["what"], parts.of(request)
    form = _Form(request, await request.post())
    async with known.database.read() as session:
        await sheet.found(session, request)
    try:
        if what in {"state", "note"}:
            folder = known.settings.var / "media"
            form.files = await upload.keep(form.post, folder, known.database, pictures=what == "state")
        async with known.database.write() as session:
            case = await sheet.found(session, request)
            query = await _DOORS[what](session, case, form)
    except CaseChanged:
        return await one.render(request, mistake=labels.CONFLICT, where=what, typed=form.typed(), status=409)
    except CaseError as refusal:
        return await one.render(request, mistake=str(refusal), where=what, typed=form.typed(), status=422)
    raise web.HTTPSeeOther(f"{listing.BASE}/{case.number}?{urlencode({'done': what, **query})}")


async def _state(session: AsyncSession, case: Case, form: _Form) -> Query:
    await cases.change(
        session,
        case,
        form.text("to"),
        key=form.key,
        actor=form.member.actor,
        note=form.text("note"),
        photos=form.files,
        version=form.seen,
    )
    return {}


async def _assign(session: AsyncSession, case: Case, form: _Form) -> Query:
    chosen = form.member.id if form.text("assignee") == "me" else form.text("assignee") or None
    await cases.assign(session, case, chosen, key=form.key, actor=form.member.actor, version=form.seen)
    return {}


async def _priority(session: AsyncSession, case: Case, form: _Form) -> Query:
    await cases.set_priority(session, case, form.text("priority"), key=form.key, actor=form.member.actor, version=form.seen)
    return {}


async def _labels(session: AsyncSession, case: Case, form: _Form) -> Query:
    added = [part for part in form.text("add").split(",") if part.strip()]
    removed = [storable.text(str(label)) for label in form.post.getall("remove", [])]
    await cases.relabel(session, case, add=added, remove=removed, key=form.key, actor=form.member.actor, version=form.seen)
    return {}


async def _note(session: AsyncSession, case: Case, form: _Form) -> Query:
    words = form.text("note")
    await cases.add_note(session, case, key=form.key, text=words, actor=form.member.actor, files=form.files)
    unknown = (await notes.mentions(session, case, words)).unknown
    return {"unknown": ", ".join(unknown)} if unknown else {}


async def _merge(session: AsyncSession, case: Case, form: _Form) -> Query:
    into = await _other(session, form)
    await cases.merge(session, case, into, key=form.key, actor=form.member.actor, version=form.seen)
    return {}


async def _split(session: AsyncSession, case: Case, form: _Form) -> Query:
    new = await cases.split(
        session,
        case,
        key=form.key,
        category=form.text("category"),
        description=form.text("description"),
        photos=[storable.text(str(photo)) for photo in form.post.getall("photo", [])],
        actor=form.member.actor,
    )
    return {"new": new.number}


async def _relate(session: AsyncSession, case: Case, form: _Form) -> Query:
    await cases.relate(session, case, await _other(session, form), key=form.key, actor=form.member.actor)
    return {}


async def _other(session: AsyncSession, form: _Form) -> Case:
    other = await cases.find(session, form.text("other"))
    if other is None or not await may_see(session, form.member, other):
        raise NumberUnknown
    return other


_DOORS: dict[str, Callable[[AsyncSession, Case, _Form], Awaitable[Query]]] = {
    "state": _state,
    "assign": _assign,
    "priority": _priority,
    "labels": _labels,
    "note": _note,
    "merge": _merge,
    "split": _split,
    "relate": _relate,
}
