"""The promise: whatever process dies and whatever platforms answer, each accepted message is answered once and in order.

A thousand messages of a hundred citizens come over all channels. Platforms deliver some twice and shuffle what they
deliver together, and answer our sending with 429, 500, cut connections and silence; dispatcher, sender, engine and Valkey
are killed in turn, and Valkey is emptied once.
"""

import asyncio
import json
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import aiohttp
import pytest
from redis.asyncio import Redis

from channels import registry
from channels.contract import Channel
from channels.handler import APOLOGY
from channels.line.send import TOKEN_LIFE
from conversations.content import outward
from core.settings import Settings
from tests.citizens import Citizen, LineCitizen, MetaCitizen, TelegramCitizen, line_webhook, meta_webhook, post
from tests.proxy import Faults, Taken
from tests.standins import Platforms
from tests.system import RunningSystem

EACH, TURNS = 20, 10  # citizens of a channel, messages of a citizen
FAULTS = Faults(busy=0.04, broken=0.04, cut=0.02, lost=0.01, hangs=0.004)
LINES = (
    "สวัสดีค่ะ", "ทำอะไรได้บ้าง", "ขอบคุณค่ะ", "บัตรประชาชนหายต้องทำยังไง", "ขอบคุณมากครับ", "คุณคือใคร",
    "สวัสดีครับ", "ช่วยอะไรได้บ้าง", "ขอบคุณนะคะ", "สวัสดีตอนเย็นค่ะ",
)  # fmt: skip
KILLED = ("dispatcher-1", "sender-1", "engine", "valkey", "emptied", "sender-1", "dispatcher-1", "actions", "sender-1")
EVERY = 3.5  # seconds between two kills
SHAKEN = 3.0  # seconds around a sender's death in which a call may have lost its answer


@pytest.mark.timeout(420)
async def test_every_message_is_answered_once_and_in_order(system: RunningSystem, platforms: Platforms) -> None:
    chance = random.Random(7)
    citizens = _citizens(platforms)
    platforms.fail(FAULTS)
    deaths: list[float] = []
    async with aiohttp.ClientSession() as http:
        work = [_deliver(http, system, pair, chance) for pair in zip(citizens[::2], citizens[1::2], strict=True)]
        work += [_converse(http, system, f"promise-{number}") for number in range(EACH)]
        await asyncio.gather(_kill_in_turn(system, deaths), *work)
    platforms.fail(Faults())
    await _everything_settled(system)
    rows = _Rows(system)
    names = [*(str(citizen.id) for citizen in citizens), *(f"promise-{number}" for number in range(EACH))]
    assert rows.states("inbox", names) == {"done": TURNS * len(names)}
    assert rows.states("outbox", names).keys() == {"sent"}
    for name in names:
        rows.check_transcript(name)
    doubled = sum(_check_screen(citizen, rows, system, deaths) for citizen in citizens)
    failed = sum(proxy.failed for proxy in platforms.proxies.values())
    print(f"\n{TURNS * len(names)} messages, {failed} failed calls, {len(KILLED)} kills, {doubled} repeats after a lost answer")
    assert failed > 50
    assert not platforms.judges["line"].violations()
    assert not platforms.judges["telegram"].violations()
    assert not platforms.judges["graph"].violations()


def _citizens(platforms: Platforms) -> list[Any]:
    return [
        *(LineCitizen(f"line-{number}", platforms) for number in range(EACH)),
        *(TelegramCitizen(f"telegram-{number}", platforms) for number in range(EACH)),
        *(MetaCitizen(f"messenger-{number}", platforms, "messenger") for number in range(EACH)),
        *(MetaCitizen(f"instagram-{number}", platforms, "instagram") for number in range(EACH)),
    ]


async def _deliver(
    http: aiohttp.ClientSession, system: RunningSystem, pair: tuple[Citizen, Citizen], chance: random.Random
) -> None:
    """Two messages of each of two citizens at a time, shuffled; a third of the deliveries comes twice."""
    await asyncio.sleep(chance.uniform(0, 3))
    for turn in range(0, TURNS, 2):
        said = [[citizen.text(LINES[(turn + more) % len(LINES)]) for more in (0, 1)] for citizen in pair]
        events = [event for two in said for event in two]
        if isinstance(pair[0], TelegramCitizen):
            webhooks = [pair[0].webhook([event]) for event in events]
        else:
            chance.shuffle(events)
            line = isinstance(pair[0], LineCitizen)
            webhooks = [line_webhook(pair[0].platforms, events) if line else meta_webhook(pair[0].channel, events)]
        for webhook in webhooks:
            await post(system.url, webhook, http)
            if chance.random() < 0.33:
                await post(system.url, webhook, http)
        await asyncio.sleep(chance.uniform(2, 8))


async def _converse(http: aiohttp.ClientSession, system: RunningSystem, name: str) -> None:
    """The same over the JSON API, which gives the answer at once when it can."""
    for turn in range(TURNS):
        body = {"conversation": name, "text": LINES[turn], "event_id": f"{name}-event-{turn:02d}"}
        for _ in range(100):
            try:
                headers = {"X-API-Key": system.api_key}
                async with http.post(f"{system.url}/api/v1/chat", json=body, headers=headers) as answer:
                    if answer.status in {200, 504}:  # 504: accepted, the answer is still being made
                        break
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.3)
        else:
            pytest.fail("never accepted")


async def _kill_in_turn(system: RunningSystem, deaths: list[float]) -> None:
    for name in KILLED:
        await asyncio.sleep(EVERY)
        if name == "emptied":
            client = Redis.from_url(system.valkey_url())
            await client.flushall()
            await client.aclose()
            name = "valkey"
        if name.startswith("sender"):
            deaths.append(time.monotonic())
        system.kill(name)


async def _everything_settled(system: RunningSystem) -> None:
    rows = _Rows(system)
    async with asyncio.timeout(200):
        while rows.one("select count(*) from inbox where state = 'received'"):
            await asyncio.sleep(0.3)
        while rows.one("select count(*) from outbox where state in ('pending', 'sending')"):
            await asyncio.sleep(0.3)


class _Rows:
    """The system's database, read beside it."""

    def __init__(self, system: RunningSystem) -> None:
        self._file = system.folder / "pracha.sqlite3"

    def one(self, query: str) -> Any:
        return self.all(query)[0][0]

    def all(self, query: str, *values: Any) -> list[Any]:
        with sqlite3.connect(self._file) as database:
            return database.execute(query, values).fetchall()

    def states(self, table: str, names: Sequence[str]) -> dict[str, int]:
        """How many rows of these citizens are in each state."""
        query = f"select {table}.state from {table} join conversation on conversation.id = conversation_id where external_id in "
        return dict(Counter(state for (state,) in self.all(f"{query}({','.join('?' * len(names))})", *names)))

    def transcript(self, external_id: str) -> list[tuple[str, str, dict[str, Any], str]]:
        """(author, event id, content, message id) of everything said."""
        query = (
            "select author, event_id, content, message.id from message join conversation on conversation.id = conversation_id"
            " where external_id = ? order by sequence"
        )
        return [(author, event, json.loads(content), key) for author, event, content, key in self.all(query, str(external_id))]

    def check_transcript(self, external_id: str) -> None:
        """What was sent stands there once, in order, each followed by its own answers."""
        said = self.transcript(external_id)
        assert [content["text"] for author, _, content, _ in said if author == "citizen"] == list(LINES[:TURNS])
        events = [event for author, event, _, _ in said if author == "citizen"]
        answered = [event for author, event, _, _ in said if author != "citizen"]
        assert list(dict.fromkeys(answered)) == events
        assert [event for _, event, _, _ in said] == sorted((event for _, event, _, _ in said), key=events.index)
        assert not any(content.get("text") == APOLOGY.text for _, _, content, _ in said)


def _check_screen(citizen: Any, rows: _Rows, system: RunningSystem, deaths: list[float]) -> int:
    """What the platform took for a citizen is the transcript, in order and once; gives how often a repeat was unavoidable.

    Telegram and Meta know no idempotency key: where our sender was killed or the answer was lost after the platform took a
    message, it may stand there twice. LINE's reply token tells as long as it lives; only a reply that could not be repeated
    before then is pushed, and may stand there twice. Nothing else may.
    """
    channel = _channels(system)[(citizen.channel, "main")]
    expected = [
        _bare(payload)
        for author, _, content, key in rows.transcript(citizen.id)
        if author != "citizen"
        for payload in channel.render(outward(content), key)
    ]
    calls = [(taken, _bare(payload)) for taken, payload in citizen.taken()]
    screen = [f"{one.at:.2f} {one.path} {'heard' if one.heard else 'lost'} {text[:60]}" for one, text in calls]
    said = [one[:60] for one in expected]
    story = "\n".join([f"{citizen.channel} {citizen.id}, senders died at {deaths}", *said, "on the screen:", *screen])
    avoidable = [
        not any(same == payload and _in_doubt(citizen, first, taken, deaths) for first, same in calls[:number])
        for number, (taken, payload) in enumerate(calls)
    ]
    places = {0}  # how much of the transcript may be on the screen so far: two messages may say the same
    for (_, payload), strict in zip(calls, avoidable, strict=True):
        on = {place + 1 for place in places if place < len(expected) and expected[place] == payload}
        places = on if strict else on | {place for place in places if payload in expected[:place]}
        assert places, f"{payload}\n{story}"
    assert len(expected) in places, story
    return len(calls) - len(expected)


def _in_doubt(citizen: Any, first: Taken, second: Taken, deaths: list[float]) -> bool:
    """Whether nobody could know at the second call that the first had arrived."""
    if first.heard and not any(abs(death - first.at) < SHAKEN for death in deaths):
        return False
    if not isinstance(citizen, LineCitizen):
        return True
    replied = first.path.endswith("/reply") and second.path.endswith("/push")
    return replied and second.at - citizen.asked[first.body["replyToken"]] > TOKEN_LIFE.total_seconds()


def _bare(payload: Any) -> str:
    """A payload without what is moved to the last of several or tells us about it."""
    aside = {"quickReply", "quick_replies", "metadata", "reply_markup", "method", "chat_id"}
    return json.dumps({key: value for key, value in payload.items() if key not in aside}, sort_keys=True, ensure_ascii=False)


def _channels(system: RunningSystem) -> dict[tuple[str, str], Channel]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in system.environment.items():
            if name.startswith("PRACHA_"):
                patch.setenv(name, value)
        return registry.platforms(Settings())
