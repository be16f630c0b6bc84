"""Actions on a temporary database, called as the SDK calls them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from redis.asyncio import Redis

import conversations.feedback  # noqa: F401 - declares a table
import helpdesk.case  # noqa: F401 - declares tables
import knowledge_base.questions  # noqa: F401 - declares tables
from actions import backend
from actions.action import TurnAction
from conversations.attachment import Attachment
from conversations.conversation import Conversation
from conversations.person import ChannelIdentity, Person
from conversations.reception import Reception
from core.database import Database
from core.settings import Settings
from knowledge_base.search import Search
from tests.curated import copy_into
from tests.ports import free_port

Said = list[dict[str, Any]]
Run = Callable[..., Awaitable[tuple[dict[str, Any], Said]]]


def tracker(
    conversation: Conversation,
    said: str = "",
    intent: str = "nlu_fallback",
    *,
    confidence: float = 0.9,
    slots: dict[str, Any] | None = None,
    entities: list[dict[str, Any]] | None = None,
    category: list[tuple[str, float]] | None = None,
    event: str = "e1",
    before: str = "",
    done: tuple[str, ...] = (),
    loop: str | None = None,
) -> Tracker:
    """What the engine sends of one message: words are ranked among intents, payloads are not."""
    ranking = [{"name": intent, "confidence": confidence}]
    if not said.startswith("/"):
        ranking.append({"name": "chitchat", "confidence": 0.01})
    guesses = [{"name": name, "confidence": chance} for name, chance in category or []]
    message = {
        "text": said,
        "intent": ranking[0],
        "intent_ranking": ranking,
        "entities": entities or [],
        "category": {"ranking": guesses},
        "message_id": event,
        "metadata": {"person_id": conversation.person_id, "channel": "web"},
    }
    events: list[dict[str, Any]] = [{"event": "action", "name": before}] if before else []
    events += [{"event": "user", "text": said}, *({"event": "action", "name": name} for name in done)]
    return Tracker(conversation.id, slots or {}, message, events, False, None, {"name": loop} if loop else {}, None)


@pytest.fixture
def citizen() -> Conversation:
    """A citizen of whom nothing is stored; `known` stores them."""
    return Conversation(id="cnv_somchai", person_id="per_somchai")


class Desk(Reception):
    """A reception that is told whether somebody may come, instead of asking clock and Valkey."""

    def __init__(self) -> None:
        object.__setattr__(self, "manned", False)
        object.__setattr__(self, "valkey", Redis(port=free_port()))

    async def somebody(self) -> bool:
        return bool(self.manned)

    def man(self) -> None:
        object.__setattr__(self, "manned", True)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def shared_backend(database: Database, tmp_path: Path, desk: Desk) -> AsyncIterator[backend.Backend]:
    search = Search(database, Settings(var=tmp_path, dense=False))
    ready = backend.Backend(database, search, desk)
    backend.use(ready)
    yield ready
    await search.close()


@pytest.fixture
def seeded(shared_backend: backend.Backend, curated: Path) -> None:
    copy_into(shared_backend.database, curated)


@pytest.fixture
async def known(shared_backend: backend.Backend, citizen: Conversation) -> Conversation:
    return await store(shared_backend, citizen)


@pytest.fixture
async def stranger(shared_backend: backend.Backend) -> Conversation:
    return await store(shared_backend, Conversation(id="cnv_somying", person_id="per_somying"))


async def store(shared: backend.Backend, who: Conversation) -> Conversation:
    async with shared.database.write() as session:
        session.add(Person(id=who.person_id))
        await session.flush()
        identity = ChannelIdentity(channel="web", account="default", external_id=who.id, person_id=who.person_id)
        session.add(identity)
        await session.flush()
        columns = {"identity_id": identity.id, "channel": "web", "account": "default", "external_id": who.id}
        session.add(Conversation(id=who.id, person_id=who.person_id, **columns))
    return who


@pytest.fixture
async def photo(shared_backend: backend.Backend, known: Conversation) -> str:
    async with shared_backend.database.write() as session:
        stored = Attachment(conversation_id=known.id, media_type="image/jpeg", name="a.jpg", size=1, sha256="0")
        session.add(stored)
        await session.flush()
        return stored.id


@pytest.fixture
def run(citizen: Conversation) -> Run:
    """Run an action for the citizen; gives the slots it set (and other events by name) and what it said."""

    async def run(
        action: type[TurnAction], said: str = "", intent: str = "nlu_fallback", **more: Any
    ) -> tuple[dict[str, Any], Said]:
        dispatcher = CollectingDispatcher()
        who = more.pop("who", citizen)
        events = await action().run(dispatcher, tracker(who, said, intent, **more), {})
        changed = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
        changed.update({event["event"]: event.get("name") for event in events if event["event"] != "slot"})
        return changed, dispatcher.messages

    return run


def responses(said: Said) -> list[str]:
    """The names of the responses that were uttered, and the types of contents."""
    return [message["response"] or message["custom"].get("type", "") for message in said]


def place(value: str, start: int = 0, **areas: str) -> dict[str, Any]:
    return {"entity": "place", "value": value, "start": start, "end": start + len(value), **areas}
