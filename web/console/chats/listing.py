"""The list of chats: who waits, mine, my colleagues', all that are open, and what the assistant talks about just now."""

import contextlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from aiohttp import web
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations import presence, waiting
from conversations.waiting import Waiting
from core import clock
from helpdesk import staff, visibility
from web import parts
from web.console import access, page, stream
from web.console.chats import find, labels, line

BASE = f"{access.HOME}/chats"
TEMPLATE = "console/chats/list.html"
_LOST_SHOWN = timedelta(hours=12)


async def show(request: web.Request) -> web.Response:
    """A tab of the list; for htmx the rows only."""
    known, who, tab = parts.of(request), access.staff(request), _tab(request)
    await be_there(request)
    async with known.database.read() as session:
        seen = await visibility.chats(session, who)
        chats = await find.chats(session, seen, tab, who.actor)
        last = [one.last for one in chats if one.last is not None]
        names = await staff.names(session, {one.conversation.owner for one in chats} | {said.author for said in last})
        words = {said.conversation_id: said for said in last}
        shown = await line.lines(session, list(words.values()), names, who.actor)
        values: dict[str, Any] = {
            "chats": chats,
            "words": dict(zip(words, shown, strict=True)),
            "names": names,
            "stamp": await find.stamp(session, seen),
            "counts": await find.counts(session, seen, who.actor),
            "minutes": await waiting.estimate(session),
            "lost": await _lost(session, who.actor),
            "tab": tab,
            "labels": labels,
            "base": BASE,
            "done": labels.DONE.get(request.query.get("done", ""), ""),
            "working": who.may("chat.work"),
        }
    return page.show(request, TEMPLATE, "found", values=values)


async def live(request: web.Request) -> web.StreamResponse:
    """The stream of the list."""
    known = parts.of(request)

    async def look() -> Mapping[str, str]:
        await be_there(request)
        async with known.database.read() as session:
            return {"changed": await find.stamp(session, await visibility.chats(session, access.staff(request)))}

    return await stream.serve(request, look)


async def be_there(request: web.Request, conversation_id: str | None = None) -> None:
    """Say that this member has a screen open: citizens wait only where somebody may come. Who only reads is not counted."""
    known, who = parts.of(request), access.staff(request)
    if not who.may("chat.work"):
        return
    async with known.database.read() as session:
        receives = await visibility.of_city(session, who)
    with contextlib.suppress(RedisError, OSError):
        await presence.beat(known.valkey, who.actor, conversation_id, receives=receives)


async def _lost(session: AsyncSession, me: str) -> Sequence[Waiting]:
    """My chats that went back into the queue because my screen was gone."""
    since = clock.now() - _LOST_SHOWN
    query = select(Waiting).where(Waiting.reason == waiting.LOST, Waiting.from_actor == me, Waiting.since > since)
    return (await session.scalars(query.order_by(Waiting.since.desc()).limit(5))).all()


def _tab(request: web.Request) -> str:
    asked = request.query.get("show", "")
    return asked if asked in labels.TABS else "waiting"
