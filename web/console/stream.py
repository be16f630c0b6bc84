"""A stream of server-sent events: tells an open page that something of it has changed, and the page asks for that piece.

Events carry no content, only a stamp. Rows are looked at every two seconds, and at once when a live event comes, so nothing
is missed while Valkey is away.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import hdrs, web

from web import parts
from web.chat.live import ROOM, Listener
from web.console import access

STOPPING: web.AppKey[asyncio.Event] = web.AppKey("stopping", asyncio.Event)
LOOK_SECONDS = 2.0
QUIET_SECONDS = 15.0  # after which a line is sent that says nothing: proxies cut silent connections
RECOGNISE_SECONDS = 60.0  # between two looks whether the session still stands

Stamps = Mapping[str, str]  # the present stamp of each event's name
Look = Callable[[], Awaitable[Stamps]]


def prepare(app: web.Application) -> None:
    """Let streams end when the application does."""
    app[STOPPING] = asyncio.Event()

    async def stop(app: web.Application) -> None:
        app[STOPPING].set()

    app.on_shutdown.append(stop)


async def serve(request: web.Request, look: Look, *, conversation_id: str = "") -> web.StreamResponse:
    """Send each event whose stamp has changed, until the page is left or the session ends.

    The stamps that the page was drawn with stand in the query; without them each event is sent at first.

    Args:
        request: A GET of a `Route`; the page's element has ``sse-connect`` with its address.
        look: Gives the stamps; called about every two seconds, so it must be quick.
        conversation_id: Whose live events are reasons to look at once.
    """
    response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"})
    response.headers[hdrs.CACHE_CONTROL] = "no-store"
    await response.prepare(request)
    async with _hints(request, conversation_id) as hints:
        with contextlib.suppress(ConnectionError):
            await _run(request, response, look, hints)
    return response


async def _run(request: web.Request, response: web.StreamResponse, look: Look, hints: Listener) -> None:
    clock = asyncio.get_running_loop().time
    stopping, seen = request.config_dict[STOPPING], dict(request.query)
    written = recognised = clock()
    while not stopping.is_set() and request.transport is not None and not request.transport.is_closing():
        if clock() - recognised > RECOGNISE_SECONDS:
            if await access.recognise(request) is None:
                return
            recognised = clock()
        stamps = await look()
        news = "".join(f"event: {name}\ndata: {stamp}\n\n" for name, stamp in stamps.items() if seen.get(name) != stamp)
        if news or clock() - written > QUIET_SECONDS:
            await response.write((news or ": \n\n").encode())
            written = clock()
        seen = dict(stamps)
        await _rest(hints, stopping)


async def _rest(hints: Listener, stopping: asyncio.Event) -> None:
    """Until something may have changed."""
    waits = [asyncio.ensure_future(hints.get()), asyncio.ensure_future(stopping.wait())]
    try:
        await asyncio.wait(waits, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    while not hints.empty():
        hints.get_nowait()


@asynccontextmanager
async def _hints(request: web.Request, conversation_id: str) -> AsyncIterator[Listener]:
    if not conversation_id:
        yield asyncio.Queue(ROOM)
        return
    async with parts.of(request).live.listen(conversation_id) as listener:
        yield listener
