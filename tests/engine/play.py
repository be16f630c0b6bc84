"""One dialogue played by Rasa's own processor and by the engine; both are asked the same and see the same actions."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any
from unittest import mock

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.runtime.endpoints import ActionEndpoint
from bot.runtime.engine import CHANNEL, Engine, Utterance
from bot.runtime.lean.jsontext import dumps, loads
from bot.runtime.payload import parse_payload
from bot.runtime.processor import SilentChannel
from tests.engine.dialogues import LATER, Dialogue

LATER_SECONDS = 13 * 3600
NO_DOMAIN = 449
_real_time = __import__("time").time

Record = dict[str, list[tuple[dict[str, Any], Any]]]


class Clock:
    """The time of day, which tests may put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return _real_time() + self.ahead


class WholeTrackers(InMemoryTrackerStore):
    """Rasa's store in memory, with all sessions of a conversation."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        return await self.retrieve_full_tracker(sender_id)


class RecordingEndpoint(EndpointConfig):
    """The real action server, as Rasa calls it; what was asked and answered is kept by conversation."""

    def __init__(self, url: str, record: Record) -> None:
        super().__init__(url)
        self._record = record

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        asked = json.loads(json.dumps({key: value for key, value in kwargs["json"].items() if key != "domain"}))
        try:
            answer = await super().request(*args, **kwargs)
        except ClientResponseError as error:
            self._record[asked["sender_id"]].append((asked, error))
            raise
        self._record[asked["sender_id"]].append((asked, json.loads(json.dumps(answer))))
        return answer


class ReplayingEndpoint(ActionEndpoint):
    """What the action server answered Rasa, given to the engine in the same order; differences in the calls are kept."""

    def __init__(self, record: Record) -> None:
        super().__init__("http://nowhere.test")
        self._record = record
        self._next: defaultdict[str, int] = defaultdict(int)
        self.before: dict[str, int] = {}
        self.differences: list[str] = []
        self._domain: str | None = None

    def begin(self, conversation: str) -> None:
        """Note where a turn begins, to go back there if it runs again."""
        self.before[conversation] = self._next[conversation]

    def again(self, conversation: str) -> None:
        self._next[conversation] = self.before[conversation]

    async def ask(self, call: bytes, action: str) -> dict[str, Any]:
        asked = loads(call)
        if asked.pop("domain", None) is not None:
            self._domain = asked["domain_digest"]
        if asked.pop("domain_digest") != self._domain:
            raise ClientResponseError(NO_DOMAIN, "", "")
        conversation = asked["sender_id"]
        wanted, answer = self._record[conversation][self._next[conversation]]
        self._next[conversation] += 1
        self.differences += [f"{conversation} {action}: {one}" for one in call_differences(wanted, asked)]
        if isinstance(answer, ClientResponseError):
            raise answer
        return json.loads(json.dumps(answer))  # actions change what they were answered


def call_differences(wanted: dict[str, Any], asked: dict[str, Any]) -> list[str]:
    """How two calls of an action differ; the engine's may hold fewer events, but must hold the last of them."""
    ours, theirs = plain(asked), plain(wanted)
    last, all_events = ours["tracker"].pop("events"), theirs["tracker"].pop("events")
    found = [
        f"{key}: {ours['tracker'].get(key)!r} instead of {value!r}"
        for key, value in theirs["tracker"].items()
        if ours["tracker"].get(key) != value
    ]
    if all_events[-len(last) :] != last:
        found.append("the last events differ")
    if sum(event["event"] == "user" for event in last) < min(2, sum(event["event"] == "user" for event in all_events)):
        found.append("too few events")
    return found


def plain(value: Any) -> Any:
    """A value without times and ids that differ from run to run."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if key not in ("timestamp", "latest_event_time", "utter_id")}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


class Players:
    """Rasa and the engine over the same model."""

    def __init__(self, model: Path, engine: Engine, actions_url: str) -> None:
        self.record: Record = defaultdict(list)
        self.clock = Clock()
        self.stock = self._stock(model, actions_url)
        self.engine = engine
        self.replay = ReplayingEndpoint(self.record)
        engine._actions = engine._processor.action_endpoint = self.replay

    def _stock(self, model: Path, actions_url: str) -> MessageProcessor:
        responses = TemplatedNaturalLanguageGenerator({})
        store = WholeTrackers(Domain.empty())
        endpoint = RecordingEndpoint(actions_url, self.record)
        processor = MessageProcessor(model, store, InMemoryLockStore(), responses, endpoint)
        responses.responses, store.domain = processor.domain.responses, processor.domain
        return processor

    async def play(self, citizen: dict[str, str], dialogue: Dialogue) -> list[str]:
        """Play a dialogue by both; gives what is different."""
        name = citizen["conversation_id"]
        with mock.patch("time.time", self.clock):
            stock = await self._by_stock(name, citizen, dialogue)
            ours = await self._by_engine(name, citizen, dialogue)
        found = [f"{name}: {one}" for one in self.replay.differences]
        self.replay.differences.clear()
        if len(stock) != len(ours):
            found.append(f"{name}: {len(ours)} events instead of {len(stock)}")
        for place, (theirs, mine) in enumerate(zip(stock, ours, strict=False)):
            if theirs != mine:
                found.append(f"{name}: event {place} is {mine} instead of {theirs}")
                break
        return found

    async def _by_stock(self, name: str, citizen: dict[str, str], dialogue: Dialogue) -> list[Any]:
        self.clock.ahead = 0
        for number, said in enumerate(self._turns(dialogue)):
            await self.stock.handle_message(self._message(name, number, said, citizen))
        tracker = await self.stock.tracker_store.retrieve(name)
        assert tracker
        return [plain(json.loads(dumps(event.as_dict()))) for event in tracker.events]

    async def _by_engine(self, name: str, citizen: dict[str, str], dialogue: Dialogue) -> list[Any]:
        self.clock.ahead = 0
        for number, said in enumerate(self._turns(dialogue)):
            said = said.replace("PHOTO", citizen["photo"])
            text, payload = (None, said) if said.startswith("/") else (said, None)
            self.replay.begin(name)
            with mock.patch.object(self.engine, "_attempt", self._attempt(name, self.engine._attempt)):
                await self.engine.handle(Utterance(name, f"{name}-{number}", text, payload, _metadata(citizen)))
        tracker = await self.engine._trackers.retrieve(name)
        assert tracker
        return [plain(json.loads(dumps(event.as_dict()))) for event in tracker.events]

    def _attempt(self, name: str, attempt: Any) -> Any:
        async def again(*args: Any, **kwargs: Any) -> Any:
            self.replay.again(name)
            return await attempt(*args, **kwargs)

        return again

    def _turns(self, dialogue: Dialogue) -> Any:
        for said in dialogue:
            if said == LATER:
                self.clock.ahead += LATER_SECONDS
            else:
                yield said

    def _message(self, name: str, number: int, said: str, citizen: dict[str, str]) -> UserMessage:
        said = said.replace("PHOTO", citizen["photo"])
        message = UserMessage(
            said,
            output_channel=SilentChannel(),
            sender_id=name,
            input_channel=CHANNEL,
            message_id=f"{name}-{number}",
            metadata=_metadata(citizen),
        )
        message.text = said
        if said.startswith("/"):
            message.parse_data = parse_payload(said, self.stock.domain)
        return message


def _metadata(citizen: dict[str, str]) -> dict[str, Any]:
    person = {"conversation_id": citizen["conversation_id"], "person_id": citizen["person_id"]}
    return {**person, "channel": "web", "account": "default", "language": "th", "now": "2026-11-05T10:00:00+07:00"}
