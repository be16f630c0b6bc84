"""Taking a chat, giving it back, passing it on, and opening a case from it."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from conversations import handover, live
from conversations.handover import OwnerChanged, StillSending
from helpdesk import case as cases
from helpdesk import intake, staff
from helpdesk.error import CaseError
from helpdesk.place import Place
from web import parts
from web.console import access
from web.console.chats import chat, labels, listing, room, saying
from web.failures import Failure

_LONGEST_NOTE = 500  # characters
_LONGEST_STORY = 4000


async def take(request: web.Request) -> web.Response:
    """Take it from whoever the page showed as its owner."""
    expected = str((await request.post()).get("expected", ""))
    actor = access.staff(request).actor

    async def change(session: AsyncSession, conversation_id: str) -> None:
        await handover.take(session, conversation_id, actor=actor, expected=expected)

    return await _changed(request, change, "took")


async def give_back(request: web.Request) -> web.Response:
    """Let the assistant answer again."""
    unsent, actor = "unsent" in await request.post(), access.staff(request).actor

    async def change(session: AsyncSession, conversation_id: str) -> None:
        await handover.give_back(session, conversation_id, actor=actor, unsent=unsent)

    return await _changed(request, change, "gave_back")


async def pass_on(request: web.Request) -> web.Response:
    """Give it to a colleague."""
    form, actor = await request.post(), access.staff(request).actor
    wanted, unsent = str(form.get("colleague", "")), "unsent" in form
    async with parts.of(request).database.read() as session:
        colleague = next((one for one in await staff.members(session, "chat.work") if one.actor == wanted), None)
    if colleague is None or colleague.actor == actor:
        return await chat.whole(request, mistake=labels.NO_COLLEAGUE, status=422)

    async def change(session: AsyncSession, conversation_id: str) -> None:
        await handover.pass_on(session, conversation_id, colleague.actor, actor=actor, unsent=unsent)

    return await _changed(request, change, "passed_on")


async def requeue(request: web.Request) -> web.Response:
    """Put it back into the queue, perhaps for another unit, with a note for colleagues."""
    form, actor = await request.post(), access.staff(request).actor
    unit, note = str(form.get("unit", "")), " ".join(str(form.get("note", "")).split())[:_LONGEST_NOTE]
    unit = unit if unit in await room.units(request) else ""
    unsent = "unsent" in form

    async def change(session: AsyncSession, conversation_id: str) -> None:
        await handover.requeue(session, conversation_id, owner=actor, actor=actor, unit=unit, note=note, unsent=unsent)

    return await _changed(request, change, "requeued")


async def open_case(request: web.Request) -> web.Response:
    """Open a case from the chat; its card with the number is said by the officer."""
    form, actor = await request.post(), access.staff(request).actor
    story = str(form.get("description", "")).strip()[:_LONGEST_STORY]
    if not story:
        return await chat.whole(request, mistake=labels.NO_WORDS, status=422)
    key = f"chat:{str(form.get('key', ''))[:64]}"

    async def change(session: AsyncSession, conversation_id: str) -> None:
        conversation = await handover.locked(session, conversation_id)
        if conversation.owner != actor:
            raise OwnerChanged(conversation.owner)
        opened = await cases.open_case(
            session,
            key=key,
            conversation=conversation,
            category=str(form.get("category", "")),
            description=story,
            place=Place(str(form.get("place", "")).strip()[:_LONGEST_NOTE]),
            photos=(),
            contact=None,
            consent=False,
            happened_at=None,
            actor=actor,
        )
        await handover.say(session, conversation_id, intake.opened_card(opened), actor=actor, key=f"{key}:card")

    try:
        return await _changed(request, change, "case")
    except CaseError as error:
        return await chat.whole(request, mistake=str(error), status=422)


async def _changed(request: web.Request, change: Callable[[AsyncSession, str], Awaitable[None]], done: str) -> web.Response:
    conversation_id = request.match_info["id"]
    try:
        async with parts.of(request).database.write() as session:
            await room.find(session, request)
            await change(session, conversation_id)
    except OwnerChanged as changed:
        words = labels.CHANGED.format(owner=await saying.named(request, changed))
        return await chat.whole(request, mistake=words, status=409)
    except StillSending:
        return await chat.whole(request, mistake=labels.STILL_SENDING, status=409, waitless=True)
    await live.publish_all(parts.of(request).valkey, conversation_id, [{"type": "owner"}], wake=True)
    raise web.HTTPSeeOther(f"{await _next(request)}?done={done}")


async def _next(request: web.Request) -> str:
    """The chat's page, or the list for who does not see the chat any more."""
    async with parts.of(request).database.read() as session:
        try:
            return f"{listing.BASE}/{(await room.find(session, request)).id}"
        except Failure:
            return listing.BASE
