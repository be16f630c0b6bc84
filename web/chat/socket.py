"""The chat socket: ``GET /chat/socket``."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import WSCloseCode, WSMsgType, web
from prometheus_client import Gauge

from web import address, parts
from web.chat import frames
from web.chat.visit import Visit
from web.failures import Failure

log = structlog.get_logger()

MOST = 100  # open sockets of one address
OPENING_RATE = "240/minute"  # sockets one address may open: reconnecting widgets behind one network address are many
FRAME_LIMIT = 64 * 1024  # bytes; the longest allowed text is 4,000 characters
HELLO_WITHIN = 10.0  # seconds
HEARTBEAT = 25.0  # seconds between pings; proxies cut silent connections after 60

OPEN = Gauge("pracha_chat_sockets", "Open chat sockets")
SOCKETS = web.AppKey("sockets", set[web.WebSocketResponse])
ADDRESSES = web.AppKey("addresses", Counter[str])


async def handle(request: web.Request) -> web.WebSocketResponse:
    """Serve one socket until either side leaves."""
    known = parts.of(request)
    client = address.client(request, known.settings.trusted_proxies)
    if request.config_dict[ADDRESSES][client] >= MOST:
        raise Failure(429, "too_many_sockets", retry_after=60)
    if wait := await known.rates.wait(OPENING_RATE, "socket", client):
        raise Failure(429, retry_after=wait)
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=FRAME_LIMIT)
    if not socket.can_prepare(request).ok:
        raise Failure(400, "no_upgrade", "ที่อยู่นี้ใช้สำหรับ WebSocket เท่านั้นค่ะ", "This address speaks WebSocket only.")
    await socket.prepare(request)
    async with _counted(request, socket, client):
        await _serve(Visit(known, socket, client), socket)
    return socket


async def close_all(app: web.Application) -> None:
    """Say goodbye on shutdown; browsers come back by themselves."""
    sockets = app[SOCKETS]
    for socket in tuple(sockets):
        await socket.close(code=WSCloseCode.GOING_AWAY, message=b"restarting")


@asynccontextmanager
async def _counted(request: web.Request, socket: web.WebSocketResponse, client: str) -> AsyncIterator[None]:
    addresses, sockets = request.config_dict[ADDRESSES], request.config_dict[SOCKETS]
    addresses[client] += 1
    sockets.add(socket)
    OPEN.inc()
    try:
        yield
    finally:
        OPEN.dec()
        sockets.discard(socket)
        addresses[client] -= 1
        if addresses[client] <= 0:
            del addresses[client]


async def _serve(visit: Visit, socket: web.WebSocketResponse) -> None:
    try:
        if await _greeted(visit, socket):
            await _talk(visit, socket)
    except ConnectionError:
        return  # the visitor may leave at any moment
    except Exception as error:
        # The browser comes back by itself and finds everything in the rows.
        log.error("socket failed", kind=type(error).__name__)
        await socket.close(code=WSCloseCode.INTERNAL_ERROR)
    finally:
        visit.leave()


async def _talk(visit: Visit, socket: web.WebSocketResponse) -> None:
    following = asyncio.create_task(visit.follow())
    reading = asyncio.create_task(_read(visit, socket))
    try:
        # Half a socket would look alive and stay silent: when one half ends, the other ends too.
        await asyncio.wait({following, reading}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (following, reading):
            task.cancel()
        ended = await asyncio.gather(following, reading, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error


async def _greeted(visit: Visit, socket: web.WebSocketResponse) -> bool:
    try:
        frame = frames.read(await socket.receive_str(timeout=HELLO_WITHIN))
    except (TimeoutError, TypeError, frames.Malformed):
        frame = {"type": ""}
    if frame["type"] != "hello":
        await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"hello expected")
        return False
    await visit.welcome(frame)
    return True


async def _read(visit: Visit, socket: web.WebSocketResponse) -> None:
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            continue
        try:
            await visit.receive(frames.read(message.data))
        except frames.Malformed:
            await frames.refuse(socket, "malformed")
