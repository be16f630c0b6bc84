"""Requests: each gets an id, one line in the log and a place in the metrics, with nothing personal in any of them."""

import re
import time

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import Counter, Histogram

from core import ids
from web import failures

log = structlog.get_logger()

COUNT = Counter("pracha_http_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("pracha_http_seconds", "Seconds until a request was answered", ["route"])
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUIET = ("/assets/", "/static/", "/webhooks/", "/healthz", "/readyz", "/metrics")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Name the request, answer it, count it. Neither the query nor the body is looked at."""
    given = request.headers.get("X-Request-ID", "")
    request_id = given if _GIVEN_ID.fullmatch(given) else ids.new_id("req")
    began = time.monotonic()
    with structlog.contextvars.bound_contextvars(request=request_id):
        try:
            response = await handler(request)
        except web.HTTPException as redirect:  # `web.failures` lets no other pass
            _count(request, redirect.status, time.monotonic() - began)
            redirect.headers["X-Request-ID"] = request_id
            raise
        _count(request, response.status, time.monotonic() - began)
    if not response.prepared:
        response.headers["X-Request-ID"] = request_id
        if not request.content.is_eof():
            response.force_close()  # refused before all of it came: what still comes must not be read as the next request
    return response


def _count(request: web.Request, status: int, seconds: float) -> None:
    pattern = failures.route(request)
    method = request.method if request.method in _METHODS else "other"  # anybody may invent a method; a label may not grow
    COUNT.labels(method, pattern, status).inc()
    if status == 101:
        return
    SECONDS.labels(pattern).observe(seconds)
    if not request.path.startswith(_QUIET):
        log.info("request", method=method, route=pattern, status=status, ms=round(seconds * 1000))
