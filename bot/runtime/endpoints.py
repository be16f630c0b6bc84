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

ACTION_SECONDS = 15.0  # less than the 20 s that our caller waits
_REJECTED = 400  # the SDK's way to say "this action refuses to run now", which is no failure


@dataclass(frozen=True)
class Endpoints:
    """What `endpoints.yml` names."""

    actions_url: str | None
    trackers_url: str


class ActionEndpoint(EndpointConfig):
    """The server of the custom actions; anything but a proper answer is an ActionFailed."""

    async def request(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Run an action and return its events and responses."""
        action = (kwargs.get("json") or {}).get("next_action", "action")
        kwargs["timeout"] = aiohttp.ClientTimeout(total=ACTION_SECONDS)
        try:
            answer = await super().request(*args, **kwargs)
        except ClientResponseError as error:
            if error.status == _REJECTED:
                raise
            raise ActionFailed(action, f"status {error.status}") from error
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise ActionFailed(action, type(error).__name__) from error
        if not isinstance(answer, dict):
            raise ActionFailed(action, "the answer is no JSON object")
        return answer


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
