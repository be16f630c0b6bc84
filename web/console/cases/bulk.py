"""What is done with several cases at once; each is changed by itself, and told by itself how it went."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from core import storable
from core.database import Database
from helpdesk import case as cases
from helpdesk.error import CaseError
from helpdesk.record import Case
from helpdesk.staff import Member
from helpdesk.visibility import may_see
from web import parts
from web.console import access
from web.console.cases import labels, listing
from web.console.cases.outcome import Outcome, Told

MOST = 100

Door = Callable[[AsyncSession, Case], Awaitable[Case]]


async def change(request: web.Request) -> web.Response:
    """Assign, set the priority, label or move the cases that were ticked; the button pressed is ``do``."""
    form = {name: str(value) for name, value in (await request.post()).items()}
    numbers = list(dict.fromkeys(str(one) for one in (await request.post()).getall("number", [])))
    door = _door(form, access.staff(request))
    if door is None:
        raise web.HTTPBadRequest
    if not numbers or len(numbers) > MOST:
        words = labels.CHOOSE if not numbers else labels.TOO_MANY.format(most=MOST)
        return await listing.render(request, mistake=words, status=422, typed=form)
    member, database = access.staff(request), parts.of(request).database
    told = Told([await _one(database, member, number, door) for number in numbers])
    return await listing.render(request, told=told, status=200 if told.done else 422, typed=form if told.refused else None)


async def _one(database: Database, member: Member, number: str, door: Door) -> Outcome:
    try:
        async with database.write() as session:
            case = await cases.find(session, number)
            if case is None or not await may_see(session, member, case):
                return Outcome(number, labels.UNKNOWN_NUMBER)
            await door(session, case)
    except CaseError as refusal:
        return Outcome(number, str(refusal))
    return Outcome(number)


def _door(form: dict[str, str], member: Member) -> Door | None:
    key, actor = f"bulk:{form.get('key', '')[:60]}:{form.get('do', '')}", member.actor
    text = {name: storable.text(form.get(name, "")) for name in ("assignee", "priority", "label", "to", "note")}
    doors: dict[str, Door] = {
        "assign": lambda session, case: cases.assign(
            session, case, member.id if text["assignee"] == "me" else text["assignee"] or None, key=key, actor=actor
        ),
        "priority": lambda session, case: cases.set_priority(session, case, text["priority"], key=key, actor=actor),
        "label": lambda session, case: cases.relabel(session, case, add=[text["label"]], key=key, actor=actor),
        "unlabel": lambda session, case: cases.relabel(session, case, remove=[text["label"]], key=key, actor=actor),
        "state": lambda session, case: cases.change(session, case, text["to"], key=key, actor=actor, note=text["note"]),
    }
    return doors.get(form.get("do", ""))
