"""What the tests' stand-ins for the engine share: a real HTTP server on a port of its own, and the health answer."""

from typing import Any

from aiohttp import web

from tests.valkey import free_port


class EngineServer:
    """Serves the engine's routes; a test's own class answers them and notes in ``asked`` what came."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.asked: list[dict[str, Any]] = []
        self._runner: web.AppRunner | None = None

    def routes(self, app: web.Application) -> None:
        """Add what this stand-in answers."""
        app.router.add_get("/webhooks/pracha/", self._health)

    async def start(self) -> None:
        app = web.Application()
        self.routes(app)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})
