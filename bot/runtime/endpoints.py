"""`endpoints.yml`: where the custom actions are and where the trackers are kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import rasa.shared.utils.io
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.runtime.errors import ActionFailed, StartRefused
from bot.runtime.lean.jsontext import loads

ACTION_SECONDS = 15.0  # less than the 20 s that our caller waits
_FAILED = 400  # statuses from here on are no answer
_TALK = {400, 449}  # but these are: the SDK's ways to say "this action refuses to run now" and "I do not have this domain"
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Endpoints:
    """What `endpoints.yml` names."""

    actions_url: str | None
    trackers_url: str


class ActionEndpoint(EndpointConfig):
    """The server of the custom actions; anything but a proper answer is an ActionFailed. Connections stay open."""

    _session: aiohttp.ClientSession | None = None

    async def ask(self, call: bytes, action: str) -> dict[str, Any]:
        """Have an action run; returns its events and responses.

        Args:
            call: The call as JSON.
            action: The name of the action, for what may go wrong.

        Raises:
            ClientResponseError: If the action refuses to run or asks for the domain.
            ActionFailed: If there is no proper answer in time.
        """
        try:
            status, body = await self._posted(call)
            answer = loads(body) if status < _FAILED else None
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise ActionFailed(action, type(error).__name__) from error
        if status in _TALK:
            raise ClientResponseError(status, "", body.decode(errors="replace"))
        if status >= _FAILED:
            raise ActionFailed(action, f"status {status}")
        if not isinstance(answer, dict):
            raise ActionFailed(action, "the answer is no JSON object")
        return answer

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _posted(self, call: bytes) -> tuple[int, bytes]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ACTION_SECONDS), headers=_JSON)
        async with self._session.post(self.url, data=call) as answer:
            return answer.status, await answer.read()


def read_endpoints(path: Path) -> Endpoints:
    """Read `endpoints.yml`; `${NAME}` in it is filled in from the environment.

    Raises:
        StartRefused: If the file is missing or wrong, or names no place for trackers.
    """
    if not path.is_file():
        raise StartRefused(f"{path} is missing: it must name the tracker store and the action server")
    try:
        content = rasa.shared.utils.io.read_config_file(path)
    except Exception as error:  # the reader raises a dozen kinds, all meaning the same here
        raise StartRefused(f"{path} cannot be read: {' '.join(str(error).split())}") from error
    trackers = (content.get("tracker_store") or {}).get("url")
    if not trackers:
        raise StartRefused(f"{path} names no tracker_store with a url such as redis://127.0.0.1:6390/0")
    return Endpoints((content.get("action_endpoint") or {}).get("url"), trackers)
