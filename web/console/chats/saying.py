"""What an officer says in a chat: words, a picture, an answer as a card; and what was not sent, once more."""

import secrets

from aiohttp import web
from sqlalchemy import select

from actions.card import answer_card
from conversations import file, handover, live, outbox
from conversations.content import Image, Outward, Text, outward
from conversations.handover import OwnerChanged
from conversations.message import Message
from conversations.outbox import STOPPED, Outgoing
from conversations.picture import NoPicture
from helpdesk import staff
from web import parts
from web.console import access, page
from web.console.chats import chat, labels, listing, room
from web.failures import Failure

SAID = "pracha:said"  # tells the page that the transcript has grown
_ALT = "รูปจากเจ้าหน้าที่"


async def say(request: web.Request) -> web.Response:
    """Send words, a picture or both. Whoever does not own the chat is told, and what was typed stays."""
    form = await request.post()
    text = str(form.get("text", "")).replace("\r\n", "\n").replace("\x00", "").strip()
    picture = form.get("picture")
    data = picture.file.read() if isinstance(picture, web.FileField) and picture.filename else b""
    if not text and not data:
        return await _again(request, labels.NOTHING, text, 422)
    if len(text) > chat.LONGEST:
        return await _again(request, labels.TOO_LONG.format(most=chat.LONGEST), text, 422)
    key = str(form.get("key", ""))[:64] or secrets.token_urlsafe(16)
    try:
        await _send(request, text, data, key)
    except OwnerChanged as changed:
        return await _again(request, labels.NOT_YOURS.format(owner=await named(request, changed)), text, 409)
    except NoPicture:
        return await _again(request, labels.NO_PICTURE, text, 422)
    return await _said(request)


async def card(request: web.Request) -> web.Response:
    """Send a FAQ's answer as the assistant would show it, without buttons that only the assistant understands."""
    form = await request.post()
    hit = await parts.of(request).search.get(str(form.get("faq", "")))
    if hit is None:
        return await _again(request, labels.NO_FAQ, "", 422)
    try:
        async with parts.of(request).database.write() as session:
            conversation = await room.find(session, request)
            language = await handover.language_of(session, conversation)
            shown = answer_card(hit, "en" if language == "en" else "th").model_copy(update={"choices": []})
            key = f"{str(form.get('key', ''))[:64] or secrets.token_urlsafe(16)}:{hit.id}"
            await handover.say(session, conversation.id, shown, actor=access.staff(request).actor, key=f"staff:{key}")
    except OwnerChanged as changed:
        return await _again(request, labels.NOT_YOURS.format(owner=await named(request, changed)), "", 409)
    return await _said(request)


async def once_more(request: web.Request) -> web.Response:
    """Send again what was stopped: the same row if it was written under the present ownership, else as a new message."""
    actor, conversation_id = access.staff(request).actor, request.match_info["id"]
    outbox_id = str((await request.post()).get("outbox", ""))
    try:
        async with parts.of(request).database.write() as session:
            conversation = await handover.locked(session, (await room.find(session, request)).id)
            query = select(Outgoing, Message).join(Message, Message.id == Outgoing.message_id)
            row = (await session.execute(query.where(Outgoing.id == outbox_id, Message.author == actor))).one_or_none()
            if row is None or row[0].conversation_id != conversation_id or row[0].state != STOPPED:
                raise Failure(409, th=labels.NOT_AGAIN)
            if conversation.owner == actor and row[0].owner_version == conversation.owner_version:
                await outbox.again(session, [outbox_id], actor=actor)
            else:
                key = f"{row[0].key}:{conversation.owner_version}"
                await handover.say(session, conversation_id, outward(row[1].content), actor=actor, key=key)
    except OwnerChanged as changed:
        raise Failure(409, th=labels.CHANGED.format(owner=await named(request, changed))) from None
    await live.wake_senders(parts.of(request).valkey, conversation_id)
    raise web.HTTPSeeOther(f"{listing.BASE}/{conversation_id}?done=again")


async def typing(request: web.Request) -> web.Response:
    """Show the citizen that somebody writes, where their channel can; only the owner's writing is shown."""
    async with parts.of(request).database.read() as session:
        conversation = await room.find(session, request)
    if conversation.owner == access.staff(request).actor:
        await live.publish(parts.of(request).valkey, conversation.id, {"type": "typing", "on": True})
    return web.Response(status=204)


async def named(request: web.Request, changed: OwnerChanged) -> str:
    """Who owns it now, in words."""
    async with parts.of(request).database.read() as session:
        return labels.owner(changed.owner, await staff.names(session, [changed.owner]))


async def _send(request: web.Request, text: str, data: bytes, key: str) -> None:
    known, conversation_id, actor = parts.of(request), request.match_info["id"], access.staff(request).actor
    folder = known.settings.var / "media"
    async with known.database.read() as session:
        conversation = await room.find(session, request)
    if conversation.owner != actor:  # said before a picture is drawn anew for nothing; the door asks again
        raise OwnerChanged(conversation.owner)
    stored = await file.store_picture(folder, data) if data else None
    try:
        async with known.database.write() as session:
            contents: list[Outward] = []
            if stored is not None:
                kept = await file.record(session, conversation_id, stored)
                kept.public = True
                contents.append(Image(url=f"{known.settings.base_url}/pictures/{stored.name}", alt=_ALT))
            if text:
                contents.append(Text(text=text))
            for number, content in enumerate(contents):
                await handover.say(session, conversation_id, content, actor=actor, key=f"staff:{key}:{number}")
    except Exception:
        if stored is not None:
            await file.discard(folder, stored.name)
        raise
    await live.wake_senders(known.valkey, conversation_id)


async def _said(request: web.Request) -> web.Response:
    await live.wake_senders(parts.of(request).valkey, request.match_info["id"])
    if not page.partial(request):
        raise web.HTTPSeeOther(f"{listing.BASE}/{request.match_info['id']}")
    response = await chat.composer(request, focus=True)
    response.headers["HX-Trigger"] = SAID
    return response


async def _again(request: web.Request, mistake: str, text: str, status: int) -> web.Response:
    answer = chat.composer if page.partial(request) else chat.whole
    return await answer(request, mistake=mistake, text=text, status=status)
