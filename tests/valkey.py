"""A real Valkey for tests: the bundled binary on a free port, killable."""

import asyncio
import shutil
import signal
import subprocess
from pathlib import Path

from pydantic import SecretStr
from redis.exceptions import RedisError

from core import valkey
from core.settings import Settings
from tests.ports import free_port


class BundledValkey:
    """One server in its own folder, started as `pracha run` starts it."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(
            var=folder, valkey_port=free_port(), valkey_password=SecretStr("for-tests"), redis_url=SecretStr("")
        )
        self.url = self.settings.valkey_url
        self._process: subprocess.Popen[bytes] | None = None

    async def ensure_empty(self) -> None:
        """Start it where it was killed, and forget everything."""
        if self._process is None:
            await self.start()
        client = valkey.connect(self.url)
        await client.flushall()
        await client.aclose()

    async def start(self) -> None:
        self._process = subprocess.Popen(valkey.server_command(self.settings), stdout=subprocess.DEVNULL)
        client = valkey.connect(self.url)
        for _ in range(200):
            try:
                await client.ping()
                break
            except (RedisError, OSError):
                await asyncio.sleep(0.02)
        await client.aclose()

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def empty(self) -> None:
        """Forget everything, also on disk. The server must be dead."""
        shutil.rmtree(self.settings.var / "valkey", ignore_errors=True)
