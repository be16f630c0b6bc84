"""One event of a conversation answered once, whatever is repeated and whoever dies."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.endpoints import ActionEndpoint
from bot.runtime.forget import forget
from bot.runtime.guesses import asked_by, guesses
from bot.runtime.lean.processor import LeanProcessor
from bot.runtime.lean.tracker import HistoryNeeded, LeanTracker
from bot.runtime.messages import Message, answers_to
from bot.runtime.payload import parse_payload
from bot.runtime.processor import SilentChannel
from bot.runtime.trackers import Kept, ValkeyTrackerStore, has_said

CHANNEL = "pracha"
_LOST = "?"  # of an old turn it is not known any more whether a form had asked for it


@dataclass(frozen=True)
class Utterance:
    """What a citizen said (`text`) or pressed (`payload`); exactly one of them is set."""

    conversation: str
    event_id: str
    text: str | None
    payload: str | None
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """The answers to an utterance, how it was understood, and whether it had been answered before."""

    messages: list[Message]
    intent: dict[str, Any]
    repeated: bool
    guesses: list[dict[str, Any]]  # the likeliest intents, best first
    active_loop: str | None  # the form that had asked for the utterance


class Engine:
    """The dialogue over one trained model.

    The tracker is the record: the citizen's utterance carries the event id, so an event that is found there has been
    answered and its answers follow it. One event of a conversation runs at a time, over all
    workers; conversations run side by side.
    """

    def __init__(self, model: Path, trackers: ValkeyTrackerStore, actions_url: str | None) -> None:
        """Load a model archive; this takes seconds."""
        self.file = model.name
        self._actions = ActionEndpoint(actions_url) if actions_url else None
        self._trackers = trackers
        self._processor = LeanProcessor(model, trackers, self._actions)
        trackers.states_needed, trackers.model_id = self._processor.states_needed, self.model_id
        self._working: set[asyncio.Future[Reply]] = set()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @property
    def model_id(self) -> str:
        """Return the id that training gave to the model."""
        return self._processor.model_metadata.model_id

    async def handle(self, utterance: Utterance) -> Reply:
        """Answer an utterance, or say again what was answered to it.

        A caller that goes away does not stop the work: the answer is kept for its next attempt.

        Raises:
            EngineError: If it could not be answered; then nothing of it is kept.
        """
        work = asyncio.ensure_future(self._in_turn(utterance))
        self._working.add(work)
        work.add_done_callback(self._working.discard)
        return await asyncio.shield(work)

    async def finished(self, seconds: float) -> None:
        """Wait until all that is being answered is answered, or for so long."""
        if self._working:
            await asyncio.wait(self._working, timeout=seconds)
            await asyncio.sleep(0.05)  # for the answers to be written

    async def parse(self, text: str, now: str | None = None) -> dict[str, Any]:
        """Return intent, category and entities of a text, without any conversation."""
        message = _message(Utterance("parse", "parse", text, None, {"now": now} if now else {}))
        parsed = await self._processor.parse_message(message)
        return {key: parsed.get(key) for key in ("text", "intent", "intent_ranking", "category", "entities")}

    async def forget(self, conversation: str, event_id: str) -> bool:
        """Blank what an utterance said in the record of its conversation; returns whether it was there.

        Raises:
            EngineError: If the record cannot be reached; then it may be asked again.
        """
        async with self._turn(conversation):
            return await self._trackers.change(conversation, lambda events: forget(events, event_id))

    async def close(self) -> None:
        """Close the connections."""
        if self._actions is not None:
            await self._actions.close()
        await self._trackers.close()

    async def _in_turn(self, utterance: Utterance) -> Reply:
        async with self._turn(utterance.conversation):
            return await self._answer(utterance)

    def _turn(self, conversation: str) -> asyncio.Lock:
        return self._turns.setdefault(conversation, asyncio.Lock())

    async def _answer(self, utterance: Utterance) -> Reply:
        try:
            return await self._attempt(utterance, whole=False)
        except HistoryNeeded:
            # Nothing was kept, so it runs again; what actions do outside carries a key and is not done twice.
            return await self._attempt(utterance, whole=True)

    async def _attempt(self, utterance: Utterance, *, whole: bool) -> Reply:
        kept = await self._trackers.take(utterance.conversation, utterance.event_id, whole=whole)
        try:
            return await self._turned(utterance, kept, whole)
        finally:
            await kept.turn.release()

    async def _turned(self, utterance: Utterance, kept: Kept, whole: bool) -> Reply:
        tracker = self._tracker(utterance.conversation, kept)
        place = has_said(tracker, utterance.event_id)
        if place is not None:
            return _reply(tracker, place, repeated=True, before=_LOST)
        if kept.answered and not whole:
            raise HistoryNeeded
        message, before = _message(utterance), tracker.active_loop_name
        if utterance.payload is not None:
            message.parse_data = parse_payload(utterance.payload, self._processor.domain)
        await self._processor.answer(message, tracker)
        await self._trackers.write(tracker, kept)
        return _reply(tracker, has_said(tracker, utterance.event_id) or 0, repeated=False, before=before)

    def _tracker(self, conversation: str, kept: Kept) -> LeanTracker:
        tracker = self._trackers.tracker_of(conversation, kept)
        tracker.model_id = self.model_id
        tracker.assistant_id = self._processor.model_metadata.assistant_id
        return tracker


def _message(utterance: Utterance) -> UserMessage:
    said = utterance.text if utterance.payload is None else utterance.payload
    message = UserMessage(
        said,
        output_channel=SilentChannel(),
        sender_id=utterance.conversation,
        input_channel=CHANNEL,
        message_id=utterance.event_id,
        metadata=utterance.metadata,
    )
    message.text = said  # Rasa strips it, which would shift the offsets of all entities
    return message


def _reply(tracker: DialogueStateTracker, place: int, repeated: bool, before: str | None) -> Reply:
    events = list(tracker.events)
    said: UserUttered = events[place]
    intent = {"name": said.intent.get("name"), "confidence": float(said.intent.get("confidence") or 0.0)}
    return Reply(answers_to(events, place), intent, repeated, guesses(said), asked_by(events, place, before))
