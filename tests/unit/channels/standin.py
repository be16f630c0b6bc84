"""An engine's stand-in that speaks its HTTP contract, for tests of what happens around it."""

import asyncio
from typing import Any

from aiohttp import web

from tests.valkey import free_port


class StandInEngine:
    """Answers ``ตอบ: <text>``, the same to the same event; can be told to fail, to wait or to say nothing."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.asked: list[dict[str, Any]] = []
        self.fail = 0  # how many of the next calls answer 503
        self.wait = 0.0  # seconds before each answer
        self.empty = False
        self.now = 0  # calls in flight
        self.most = 0  # the most there ever were at once
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/webhooks/pracha/webhook", self._webhook)
        app.router.add_get("/webhooks/pracha/", self._health)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

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
        said = body["text"] or body["payload"]
        messages = [] if self.empty else [{"type": "text", "text": f"ตอบ: {said}"}]
        return web.json_response({"messages": messages, "intent": {"name": "chitchat", "confidence": 0.9}, "repeated": False})
