"""What the tests' stand-ins for the engine share: a note of what was asked, and the health answer."""

from typing import Any

from aiohttp import web

from tests.http_server import HttpServer


class EngineServer(HttpServer):
    """Serves the engine's routes; a test's own class answers them and notes in ``asked`` what came."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, Any]] = []

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/webhooks/pracha/", self._health)

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})
