"""Trackers in Valkey: the one record of what was said, and of which events were answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as LateAnswer

from bot.runtime.errors import TrackersUnavailable

KEY_PREFIX = "tracker:"
KEPT_SECONDS = 30 * 24 * 3600
_ANSWER_SECONDS = 3

_Answer = TypeVar("_Answer")


class ValkeyTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Keeps each tracker whole, as JSON under `tracker:<conversation>`, for thirty days after its last event.

    Rasa's own store falls back to memory when Redis is away and merges sessions at each save. This one raises
    TrackersUnavailable instead, and hands out and takes back the whole conversation.
    """

    def __init__(self, url: str, domain: Domain | None = None) -> None:
        """Take the address, such as redis://:password@127.0.0.1:6390/0; it connects when first used."""
        super().__init__(domain)
        self._valkey: Redis[str] = Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=_ANSWER_SECONDS,
            socket_connect_timeout=_ANSWER_SECONDS,
            retry=Retry(ExponentialBackoff(cap=0.2, base=0.05), 2),
            retry_on_error=[LostConnection, LateAnswer],
        )

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Replace what is kept of a conversation."""
        content = self.serialise_tracker(tracker)
        await _reached(self._valkey.set(KEY_PREFIX + tracker.sender_id, content, ex=KEPT_SECONDS))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the tracker of a conversation with all its sessions, or None if there is none."""
        content = await _reached(self._valkey.get(KEY_PREFIX + sender_id))
        return None if content is None else self.deserialise_tracker(sender_id, content)

    async def change(self, sender_id: str, change: Callable[[list[dict[str, Any]]], bool]) -> bool:
        """Change the kept events of a conversation in place; returns what `change` does, False if nothing is kept.

        The caller sees to it that nobody else writes the conversation meanwhile.
        """
        content = await _reached(self._valkey.get(KEY_PREFIX + sender_id))
        kept = {"events": []} if content is None else json.loads(content)
        changed = change(kept["events"])
        if changed:
            await _reached(self._valkey.set(KEY_PREFIX + sender_id, json.dumps(kept), keepttl=True))
        return changed

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """Return a new tracker without keeping it: a first message that fails must leave nothing behind."""
        return self.init_tracker(sender_id)

    async def keys(self) -> Iterable[str]:
        """Return the conversations that are kept."""
        return [key[len(KEY_PREFIX) :] async for key in self._valkey.scan_iter(f"{KEY_PREFIX}*")]

    async def close(self) -> None:
        """Close the connections."""
        await self._valkey.close()


async def _reached(answer: Awaitable[_Answer]) -> _Answer:
    try:
        return await answer
    except (RedisError, OSError, asyncio.TimeoutError) as error:
        raise TrackersUnavailable(f"Valkey: {type(error).__name__}") from error


def has_said(tracker: DialogueStateTracker, event_id: str) -> int | None:
    """Return the place of the citizen's utterance with this event id among a tracker's events, or None."""
    events: list[Any] = list(tracker.events)
    for place in range(len(events) - 1, -1, -1):
        if getattr(events[place], "message_id", None) == event_id:
            return place
    return None
