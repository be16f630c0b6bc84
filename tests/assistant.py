"""The assistant of a running system, spoken to at the engine's own door: every answer comes at once and whole."""

from typing import Any

import aiohttp

from conversations.conversation import Conversation, find_or_open
from core.database import Database
from tests.system import RunningSystem


class Assistant:
    """Engine, actions and database of a system."""

    def __init__(self, system: RunningSystem) -> None:
        self.database = Database(f"sqlite+aiosqlite:///{system.folder / 'pracha.sqlite3'}")
        self._url = f"http://127.0.0.1:{system.environment['PRACHA_ENGINE_PORT']}/webhooks/pracha/webhook"
        self._logs = system.folder / "log"
        self._session = aiohttp.ClientSession()
        self._events = 0

    async def close(self) -> None:
        await self._session.close()
        await self.database.close()

    async def citizen(self, name: str) -> Conversation:
        """A conversation of a new citizen."""
        async with self.database.write() as session:
            return await find_or_open(session, "web", "default", name)

    async def say(self, conversation: Conversation, said: str, event: str = "") -> dict[str, Any]:
        """Send words, or a payload that begins with a slash, and give the engine's whole answer."""
        status, answer = await self.post(conversation, said, event)
        assert status == 200, (said, answer, self.log()[-3000:])
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
        async with self._session.post(self._url, json=body) as response:
            return response.status, await response.json()

    def log(self) -> str:
        """What engine and actions wrote."""
        return "".join((self._logs / f"{name}.log").read_text(errors="replace") for name in ("engine", "actions"))
