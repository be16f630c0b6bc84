"""The platforms of a whole system under test: three stand-ins behind their fronts, and the settings that point at them."""

import asyncio
import io
import threading
from pathlib import Path
from typing import Any

from PIL import Image

from tests.platforms import Platform
from tests.proxy import Faults, Proxy

LINE_SECRET = "line-channel-secret"
TELEGRAM_TOKEN, TELEGRAM_SECRET = "123456:telegram-bot-token", "telegram-webhook-secret"
META_SECRET = "meta-app-secret"
PAGE, GRAM = "1001", "2002"

BUSY: dict[str, dict[str, Any]] = {
    "line": {"message": "The API rate limit has been exceeded. Try again later."},
    "telegram": {
        "ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1},
    },
    "graph": {"error": {"message": "Calls to this api have exceeded the rate limit.", "type": "OAuthException", "code": 613}},
}  # fmt: skip


class Platforms:
    """LINE, Telegram and Meta on loopback."""

    def __init__(self, shared: Path) -> None:
        self.judges = {name: Platform(shared, name) for name in BUSY}
        self.proxies = {name: Proxy(judge.url, BUSY[name]) for name, judge in self.judges.items()}
        self._loop = asyncio.new_event_loop()
        # A loop and thread of their own: a test that blocks must not make the platforms silent.
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()
        for name, judge in self.judges.items():
            judge.start()
            self.proxies[name].file = jpeg()
            asyncio.run_coroutine_threadsafe(self.proxies[name].start(), self._loop).result(10)

    def stop(self) -> None:
        for proxy in self.proxies.values():
            asyncio.run_coroutine_threadsafe(proxy.stop(), self._loop).result(20)
        for judge in self.judges.values():
            judge.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def fail(self, faults: Faults) -> None:
        for proxy in self.proxies.values():
            proxy.faults = faults

    def settings(self) -> dict[str, str]:
        """The environment of a system that has one account on each platform."""
        url = {name: proxy.url for name, proxy in self.proxies.items()}
        return {
            "PRACHA_LINE__MAIN__CHANNEL_SECRET": LINE_SECRET,
            "PRACHA_LINE__MAIN__ACCESS_TOKEN": "line-access-token",
            "PRACHA_LINE__MAIN__API_URL": url["line"],
            "PRACHA_LINE__MAIN__DATA_URL": url["line"],
            "PRACHA_TELEGRAM__MAIN__TOKEN": TELEGRAM_TOKEN,
            "PRACHA_TELEGRAM__MAIN__WEBHOOK_SECRET": TELEGRAM_SECRET,
            "PRACHA_TELEGRAM__MAIN__API_URL": url["telegram"],
            **_meta("MESSENGER", PAGE, url["graph"]),
            **_meta("INSTAGRAM", GRAM, url["graph"]),
        }


def _meta(platform: str, page: str, url: str) -> dict[str, str]:
    values = {"PAGE_ID": page, "ACCESS_TOKEN": "meta-access-token", "APP_SECRET": META_SECRET, "API_URL": url}
    return {f"PRACHA_{platform}__MAIN__{name}": value for name, value in values.items()}


def jpeg() -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()
