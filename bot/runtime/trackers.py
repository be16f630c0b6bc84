"""Trackers in Valkey: the one record of what was said, and of which events were answered.

`tracker:<conversation>` holds the last turns and the state they left. What is older moves to the hash `older:<conversation>`:
the events by their place in the conversation, and `id:<event id>` for every utterance among them. A turn reads and writes only
the first; the second is read when an old event is asked again, when something is taken back, and when policies want more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as LateAnswer

from bot.runtime.errors import TrackersUnavailable
from bot.runtime.lean.event_types import read_events
from bot.runtime.lean.jsontext import dumps, loads
from bot.runtime.lean.snapshot import restore, snapshot_of
from bot.runtime.lean.tracker import LeanTracker
from bot.runtime.turns import LEASE_MILLISECONDS, Turn

KEY_PREFIX = "tracker:"
OLDER_PREFIX = "older:"
KEPT_SECONDS = 30 * 24 * 3600
TURNS_KEPT = 4  # at hand for a turn, and sent to custom actions; all others are kept apart
_ANSWER_SECONDS = 3
_WAIT_SECONDS = 18.0  # for another worker's turn; less than the 20 s that our caller waits
_ASKED_AGAIN = 0.02  # seconds between two looks at a conversation that another worker has

_SAVE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
if ARGV[4] == 'anew' then redis.call('DEL', KEYS[3]) end
for place = 5, #ARGV, 2 do redis.call('HSET', KEYS[3], ARGV[place], ARGV[place + 1]) end
redis.call('PEXPIRE', KEYS[3], ARGV[3])
redis.call('DEL', KEYS[1])
return 1
"""

_Answer = TypeVar("_Answer")
Written = dict[str, Any]


@dataclass
class Kept:
    """What is kept of a conversation while a turn has it."""

    turn: Turn
    events: list[Written] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)  # how many events each of the last turns has
    first: int = 0  # how many events of the conversation are kept apart
    state: Written | None = None  # what the last turn left; None if the events must be played
    answered: bool = False  # whether the event that is asked is among those kept apart
    loaded: int = 0  # how many of those kept apart have been read and stand at the beginning of `events`


class ValkeyTrackerStore(TrackerStore):
    """Keeps trackers for thirty days after their last event.

    Rasa's own store falls back to memory when Redis is away and merges sessions at each save. This one raises
    TrackersUnavailable instead, and loses no event of a conversation.
    """

    def __init__(self, url: str, domain: Domain | None = None) -> None:
        """Take the address, such as redis://:password@127.0.0.1:6390/0; it connects when first used."""
        super().__init__(domain)
        self.states_needed: int | None = None  # of policies; None if they may want the whole conversation
        self.model_id: str | None = None
        self._valkey: Redis[bytes] = Redis.from_url(
            url,
            socket_timeout=_ANSWER_SECONDS,
            socket_connect_timeout=_ANSWER_SECONDS,
            retry=Retry(ExponentialBackoff(cap=0.4, base=0.05), 4),
            retry_on_error=[LostConnection, LateAnswer],
        )
        self._save_script = self._valkey.register_script(_SAVE)

    async def take(self, conversation: str, event_id: str, *, whole: bool = False) -> Kept:
        """Take a conversation's turn, waiting for other workers, and read what is kept of it.

        Args:
            conversation: The conversation.
            event_id: The event that is asked, to be looked for among the older ones.
            whole: Whether all events are wanted.

        Raises:
            TrackersUnavailable: If Valkey is away or another worker does not come to an end.
        """
        turn = Turn(self._valkey, conversation)
        kept = await self._taken(turn, conversation, event_id)
        turn.keep()
        if whole or self.states_needed is None or (kept.state or {}).get("model") != self.model_id:
            await self._complete(conversation, kept)
        return kept

    def tracker_of(self, conversation: str, kept: Kept) -> LeanTracker:
        """Make the tracker of a conversation from what is kept of it."""
        tracker = LeanTracker(conversation, self.domain.slots, self.domain)
        events = read_events(kept.events)
        if kept.state is not None:
            restore(tracker, events, kept.state)
        for event in events if kept.state is None else ():
            tracker.update(event)
        return tracker

    async def write(self, tracker: LeanTracker, kept: Kept) -> None:
        """Keep a conversation after a turn and give the turn back.

        Raises:
            TrackersUnavailable: If Valkey is away or another worker has taken over; then nothing is kept.
        """
        read = len(kept.events)
        fresh = [event.as_dict() for event in list(tracker.events)[read:]]
        at_hand = [*kept.events[kept.loaded :], *fresh]
        lengths = [*kept.lengths, len(fresh)][-TURNS_KEPT:]
        moved = at_hand[: len(at_hand) - sum(lengths)]
        content = _record(tracker, at_hand[len(moved) :], lengths, kept.first + len(moved), self._state(tracker))
        await self._save(kept.turn, tracker.sender_id, content, _apart(moved, kept.first), KEPT_SECONDS * 1000)

    async def change(self, conversation: str, change: Callable[[list[Written]], bool]) -> bool:
        """Change the kept events of a conversation; returns what `change` does, False if nothing is kept.

        Raises:
            TrackersUnavailable: If Valkey is away; then nothing is changed.
        """
        kept = await self.take(conversation, "", whole=True)
        try:
            changed = change(kept.events)
            if changed:
                await self._rewrite(conversation, kept)
            return changed
        finally:
            await kept.turn.release()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Do nothing: the engine writes a turn when it has ended."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the tracker of a conversation with all its events, or None if there is none."""
        content = await _reached(self._valkey.get(KEY_PREFIX + sender_id))
        if content is None:
            return None
        kept = _read(Turn(self._valkey, sender_id), content, False)
        await self._complete(sender_id, kept)
        return self.tracker_of(sender_id, kept)

    async def keys(self) -> Iterable[str]:
        """Return the conversations that are kept."""
        return [key.decode()[len(KEY_PREFIX) :] async for key in self._valkey.scan_iter(f"{KEY_PREFIX}*")]

    async def close(self) -> None:
        """Close the connections."""
        await self._valkey.close()

    async def _taken(self, turn: Turn, conversation: str, event_id: str) -> Kept:
        clock = asyncio.get_running_loop()
        end = clock.time() + _WAIT_SECONDS
        while True:
            # In one go; all three are looked at in this order, so what is read is read by the holder.
            asked = self._valkey.pipeline(transaction=False)
            asked.set(turn.key, turn.token, nx=True, px=LEASE_MILLISECONDS)
            asked.get(KEY_PREFIX + conversation)
            asked.hexists(OLDER_PREFIX + conversation, _id(event_id))
            mine, content, answered = await _reached(asked.execute())
            if mine:
                return _read(turn, content, bool(answered))
            if clock.time() > end:
                raise TrackersUnavailable("another worker has this conversation and does not come to an end")
            await asyncio.sleep(_ASKED_AGAIN)

    async def _complete(self, conversation: str, kept: Kept) -> None:
        """Read what is kept apart, too, so that all events can be played."""
        if kept.first:
            apart = await _reached(self._valkey.hgetall(OLDER_PREFIX + conversation))
            places = sorted(int(name) for name in apart if name.isdigit())
            kept.events[:0] = [event for place in places for event in loads(apart[b"%d" % place])]
        kept.loaded, kept.state = kept.first, None

    async def _rewrite(self, conversation: str, kept: Kept) -> None:
        tracker = self.tracker_of(conversation, kept)
        content = _record(tracker, kept.events[kept.loaded :], kept.lengths, kept.first, self._state(tracker))
        left = await _reached(self._valkey.pttl(KEY_PREFIX + conversation))
        await self._save(kept.turn, conversation, content, _apart(kept.events[: kept.loaded], 0), left, "anew")

    async def _save(
        self, turn: Turn, conversation: str, content: bytes, apart: list[bytes], left: int, how: str = "more"
    ) -> None:
        keys = [turn.key, KEY_PREFIX + conversation, OLDER_PREFIX + conversation]
        done = await _reached(self._save_script(keys, [turn.token, content, left, how, *apart]))
        turn.end()
        if not done:
            raise TrackersUnavailable("another worker has taken the conversation over")

    def _state(self, tracker: LeanTracker) -> Written | None:
        if self.states_needed is None:
            return None
        return {**snapshot_of(tracker, self.states_needed), "model": self.model_id}


def _record(tracker: LeanTracker, events: list[Written], lengths: list[int], first: int, state: Written | None) -> bytes:
    return dumps({"name": tracker.sender_id, "events": events, "turns": lengths, "first": first, "state": state})


def _read(turn: Turn, content: bytes | None, answered: bool) -> Kept:
    record = {"events": []} if content is None else loads(content)
    lengths, first = record.get("turns", []), record.get("first", 0)
    return Kept(turn, record["events"], lengths, first, record.get("state"), answered)


def _apart(events: list[Written], place: int) -> list[bytes]:
    """The fields and values under which events are kept apart, one after the other."""
    if not events:
        return []
    ids = [_id(event["message_id"]) for event in events if event["event"] == UserUttered.type_name and event.get("message_id")]
    return [b"%d" % place, dumps(events), *(part for one in ids for part in (one, b"1"))]


def _id(event_id: str) -> bytes:
    return f"id:{event_id}".encode("utf-8", "surrogatepass")


async def _reached(answer: Awaitable[_Answer]) -> _Answer:
    try:
        return await answer
    except (RedisError, OSError, asyncio.TimeoutError) as error:
        raise TrackersUnavailable(f"Valkey: {type(error).__name__}") from error


def has_said(tracker: DialogueStateTracker, event_id: str) -> int | None:
    """Return the place of the citizen's utterance with this event id among a tracker's events, or None."""
    events: list[Event] = list(tracker.events)
    for place in range(len(events) - 1, -1, -1):
        if getattr(events[place], "message_id", None) == event_id:
            return place
    return None
