"""An engine's stand-in that speaks its HTTP contract, for tests of what happens around it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.engine_server import EngineServer


class StandInEngine(EngineServer):
    """Answers ``ตอบ: <text>``, the same to the same event; can be told to fail, to wait or to say nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.fail = 0  # how many of the next calls answer 503
        self.wait = 0.0  # seconds before each answer
        self.empty = False
        self.guesses: list[dict[str, Any]] = []
        self.form: str | None = None  # that has asked for what the citizen says
        self.acting: Callable[[dict[str, Any]], Awaitable[None]] | None = None  # what an action of the engine does meanwhile
        self.forgotten: list[tuple[str, str]] = []
        self.now = 0  # calls in flight
        self.most = 0  # the most there ever were at once

    def routes(self, app: web.Application) -> None:
        super().routes(app)
        app.router.add_post("/webhooks/pracha/webhook", self._webhook)
        app.router.add_post("/webhooks/pracha/forget", self._forget)

    async def _webhook(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(self.wait)
        finally:
            self.now -= 1
        if self.fail > 0:
            self.fail -= 1
            return web.json_response({"error": {"code": "action_failed", "message": ""}}, status=503)
        self.asked.append(body)
        if self.acting is not None:
            await self.acting(body)
        said = body["text"] or body["payload"]
        messages = [] if self.empty else [{"type": "text", "text": f"ตอบ: {said}"}]
        understood = {"intent": {"name": "chitchat", "confidence": 0.9}, "guesses": self.guesses, "active_loop": self.form}
        return web.json_response({"messages": messages, **understood, "repeated": False})

    async def _forget(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.fail > 0:
            self.fail -= 1
            return web.json_response({"error": {"code": "trackers_unavailable", "message": ""}}, status=503)
        self.forgotten.append((body["conversation"], body["event_id"]))
        return web.json_response({"forgotten": True})
