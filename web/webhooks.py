"""Webhooks: ``POST /webhooks/{channel}/{account}``, where messaging platforms tell what citizens wrote."""

import asyncio

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from channels.contract import Channel, Unverified
from core.database import unavailable
from web import parts
from web.failures import Failure

log = structlog.get_logger()
ADDRESS = "/webhooks/{channel}/{account}"
LIMIT = 4 * 1024 * 1024  # bytes of a body; a batch of a hundred long messages has less than one
PATIENCE = 10.0  # seconds for a body to arrive
AGAIN = 5  # seconds until a platform should repeat what could not be stored


def routes() -> list[web.RouteDef]:
    """Both of them take no cookies and tell browsers nothing."""
    return [web.post(ADDRESS, receive), web.get(ADDRESS, challenge, allow_head=False)]


async def receive(request: web.Request) -> web.Response:
    """200 once all of it is stored. What a repeat would not cure is never a 5xx: platforms hold back all that comes after."""
    channel = _channel(request)
    body = await _body(request)
    try:
        await parts.of(request).gateway.receive(channel, body, request.headers)
    except Unverified:
        return web.Response(status=401)
    except Exception as error:
        if not unavailable(error):
            raise
        log.error("webhook_not_stored", channel=channel.name, account=channel.account, kind=type(error).__name__)
        return web.Response(status=503, headers={"Retry-After": str(AGAIN)})
    return web.Response(text="ok")


async def challenge(request: web.Request) -> web.Response:
    """Meta asks once whether the address is ours before it sends anything there."""
    answer = getattr(_channel(request), "challenge", None)
    if answer is None:
        raise web.HTTPMethodNotAllowed("GET", ["POST"])
    words: str | None = answer(request.query)
    return web.Response(status=403) if words is None else web.Response(text=words)


def _channel(request: web.Request) -> Channel:
    channel = parts.of(request).platforms.get((request.match_info["channel"], request.match_info["account"]))
    if channel is None:
        raise Failure(404)
    return channel


async def _body(request: web.Request) -> bytes:
    """The bytes as the platform signed them."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Failure(415)  # no platform compresses, and what unpacks may be a thousand times as large
    if (request.content_length or 0) > LIMIT:
        raise Failure(413)
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > LIMIT:
                    raise Failure(413)
    except TimeoutError as error:
        raise Failure(408) from error
    except (web.RequestPayloadError, HttpProcessingError, ValueError) as error:
        raise Failure(400) from error
    return bytes(body)
