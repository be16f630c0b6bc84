"""The engine over HTTP: /webhooks/pracha/{webhook, parse, forget} and health."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.runtime.engine import Engine, Utterance
from bot.runtime.errors import BadRequest, EngineError

logger = logging.getLogger(__name__)

MAX_ID = 200  # characters


class PrachaInput(InputChannel):
    """The only door of the engine. Its caller, and nobody else, is expected on the same machine."""

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, which is also its place under /webhooks."""
        return "pracha"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Make the routes; they use the Engine at `app.ctx.engine`, not Rasa's handler."""
        routes = Blueprint("pracha")
        routes.add_route(_health, "/", methods=["GET"])
        routes.add_route(_webhook, "/webhook", methods=["POST"])
        routes.add_route(_parse, "/parse", methods=["POST"])
        routes.add_route(_forget, "/forget", methods=["POST"])
        return routes


def add_error_answers(app: Sanic) -> None:
    """Answer every error as {"error": {"code", "message"}}, and log none of its request."""
    app.error_handler.add(EngineError, _engine_error)
    app.error_handler.add(SanicException, _http_error)
    app.error_handler.add(Exception, _fault)


async def _health(request: Request) -> HTTPResponse:
    return _json({"status": "ok", "model": _engine(request).model_id, "file": _engine(request).file})


async def _webhook(request: Request) -> HTTPResponse:
    reply = await _engine(request).handle(read_utterance(request.body))
    understood = {"intent": reply.intent, "guesses": reply.guesses, "active_loop": reply.active_loop}
    return _json({"messages": reply.messages, **understood, "repeated": reply.repeated})


async def _parse(request: Request) -> HTTPResponse:
    body = _object(request.body)
    text, now = body.get("text"), body.get("now")
    if not isinstance(text, str):
        raise BadRequest("text must be a string")
    if now is not None and not isinstance(now, str):
        raise BadRequest("now must be an ISO time or null")
    return _json(await _engine(request).parse(text, now))


async def _forget(request: Request) -> HTTPResponse:
    conversation, event_id = _ids(_object(request.body))
    return _json({"forgotten": await _engine(request).forget(conversation, event_id)})


def read_utterance(body: bytes) -> Utterance:
    """Read the body of a webhook request.

    Raises:
        BadRequest: If something is missing, too long or of the wrong type, or not exactly one of text and payload is set.
    """
    given = _object(body)
    conversation, event_id = _ids(given)
    text, payload, metadata = given.get("text"), given.get("payload"), given.get("metadata")
    if (text is None) == (payload is None):
        raise BadRequest("exactly one of text and payload must be given")
    said = payload if text is None else text
    if not isinstance(said, str) or not said.strip():
        raise BadRequest("text and payload must be strings that say something")
    if metadata is not None and not isinstance(metadata, dict):
        raise BadRequest("metadata must be an object or null")
    return Utterance(conversation, event_id, text, payload, metadata or {})


def _ids(given: dict[str, Any]) -> tuple[str, str]:
    for name in ("conversation", "event_id"):
        if not isinstance(given.get(name), str) or not 0 < len(given[name]) <= MAX_ID:
            raise BadRequest(f"{name} must be a string of 1 to {MAX_ID} characters")
    return given["conversation"], given["event_id"]


def _object(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except ValueError as error:
        raise BadRequest("the body is no JSON") from error
    if not isinstance(given, dict):
        raise BadRequest("the body must be a JSON object")
    return given


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.ctx.engine
    return engine


def _engine_error(request: Request, error: EngineError) -> HTTPResponse:
    if error.status != BadRequest.status:
        logger.error("%s: %s", error.code, error)
    return _error(error.status, error.code, str(error))


def _http_error(request: Request, error: SanicException) -> HTTPResponse:
    codes = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    status = error.status_code or 500
    return _error(status, codes.get(status, "http_error"), "not available here")


def _fault(request: Request, error: Exception) -> HTTPResponse:
    logger.error("engine_failed: %s", type(error).__name__)
    return _error(EngineError.status, EngineError.code, type(error).__name__)


def _error(status: int, code: str, message: str) -> HTTPResponse:
    return _json({"error": {"code": code, "message": message}}, status)


def _json(content: dict[str, Any], status: int = 200) -> HTTPResponse:
    # Escaped, because a citizen's text may hold half of a broken pair of surrogates, which UTF-8 cannot carry.
    return HTTPResponse(json.dumps(content), status=status, content_type="application/json")
