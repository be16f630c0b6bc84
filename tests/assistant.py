"""The assistant without the rest: the engine, the action server, a Valkey and a seeded database, spoken to over HTTP."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from conversations.conversation import Conversation, find_or_open
from core.database import Base, Database
from core.settings import ROOT, Settings
from knowledge_base import content, questions  # noqa: F401 - declares tables
from pracha import model
from pracha.tables import import_all
from tests.valkey import BundledValkey, free_port

START_SECONDS = 120


class RunningAssistant:
    """Engine and actions as `pracha run` starts them, in a folder of their own."""

    def __init__(self, folder: Path, trained: Path | None = None) -> None:
        self.folder = folder
        self.valkey = BundledValkey(folder)
        self.settings = Settings(
            var=folder,
            database_url=f"sqlite+aiosqlite:///{folder / 'talk.sqlite3'}",
            redis_url=SecretStr(self.valkey.url),
            engine_port=free_port(),
            actions_port=free_port(),
        )
        self.database = Database(self.settings.database)
        self._model = trained or Path(os.environ.get("PRACHA_MODEL", "") or model.path(Settings()))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._session: aiohttp.ClientSession | None = None
        self._events = 0

    async def start(self) -> None:
        """Seed the database, train if nobody has, and start the two processes."""
        import_all()
        async with self.database.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with self.database.write() as session:
            await content.seed(session)
        if not self._model.exists():
            await asyncio.to_thread(model.train, Settings())
        await self.valkey.start()
        self._run(sys.executable, "-m", "actions.server", "--port", str(self.settings.actions_port))
        engine = ("-m", "bot.runtime.server", "--model", str(self._model), "--endpoints", str(ROOT / "endpoints.yml"))
        self._run(str(model.ENGINE_PYTHON), *engine, "--port", str(self.settings.engine_port))
        self._session = aiohttp.ClientSession()
        await self._until(f"http://127.0.0.1:{self.settings.actions_port}/health")
        await self._until(f"{self.settings.engine_url}/webhooks/pracha/")

    async def stop(self) -> None:
        """End what was started."""
        if self._session is not None:
            await self._session.close()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait(20)
        self.valkey.kill()
        await self.database.close()

    async def citizen(self, name: str) -> Conversation:
        """A conversation of a new citizen."""
        async with self.database.write() as session:
            return await find_or_open(session, "web", "default", name)

    async def say(self, conversation: Conversation, said: str, event: str = "") -> dict[str, Any]:
        """Send words, or a payload that begins with a slash, and give the engine's whole answer."""
        status, answer = await self.post(conversation, said, event)
        assert status == 200, (said, answer, self.log())
        return answer

    async def post(self, conversation: Conversation, said: str, event: str = "") -> tuple[int, dict[str, Any]]:
        """The same, with the status and whatever the answer is."""
        self._events += 1
        person = {"conversation_id": conversation.id, "person_id": conversation.person_id, "channel": "web", "account": "default"}
        body = {
            "conversation": conversation.id,
            "event_id": event or f"event-{self._events}",
            "payload" if said.startswith("/") else "text": said,
            "metadata": {**person, "language": "th"},
        }
        assert self._session is not None
        async with self._session.post(f"{self.settings.engine_url}/webhooks/pracha/webhook", json=body) as response:
            return response.status, await response.json()

    def log(self) -> str:
        """The last of what the processes wrote."""
        return "".join(path.read_text(errors="replace")[-1500:] for path in sorted(self.folder.glob("*.log")))

    def _run(self, *command: str) -> None:
        environment = {
            **model.engine_environment(self.settings),
            "PRACHA_VAR": str(self.folder),
            "DATABASE_URL": self.settings.database_url,
            "REDIS_URL": self.valkey.url,
            "PRACHA_DENSE": "false",  # words are enough here, and start at once
        }
        with (self.folder / f"{len(self._processes)}.log").open("wb") as log:
            self._processes.append(subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log))

    async def _until(self, url: str) -> None:
        assert self._session is not None
        for _ in range(START_SECONDS * 10):
            if any(process.poll() is not None for process in self._processes):
                break
            try:
                async with self._session.get(url) as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
        raise RuntimeError(f"{url} does not answer:\n{self.log()}")
