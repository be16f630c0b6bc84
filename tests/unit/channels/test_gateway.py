"""The one door for events: nothing is lost, doubled or stored under the wrong citizen, whatever arrives together."""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

import orjson
import pytest
from prometheus_client import REGISTRY
from redis.asyncio import Redis
from sqlalchemy import Connection, func, select

from channels import inbox
from channels.contract import Inbound, Unverified
from channels.gateway import ID_LENGTH, Gateway
from channels.inbox import RECEIVED, UNREADABLE, Accepted, InboxEvent
from conversations import queue
from conversations.content import Inward
from conversations.conversation import Conversation
from conversations.person import ChannelIdentity, Person
from core import clock
from core.database import Database
from tests.unit.channels.letterbox import SIGNED, Letterbox
from tests.valkey import BundledValkey

T = TypeVar("T")


@pytest.fixture
async def gateway(database: Database, valkey: Redis) -> AsyncIterator[Gateway]:
    made = Gateway(database, valkey)
    yield made
    await made.close()


async def post(gateway: Gateway, *events: Any, account: str = "main") -> list[Accepted]:
    return await gateway.receive(Letterbox(account), json.dumps(events).encode(), SIGNED)


def event(number: int, who: str = "somchai", **more: Any) -> dict[str, Any]:
    return {"who": who, "id": f"e{number}", "text": f"ข้อ {number}", **more}


async def rows(database: Database) -> list[InboxEvent]:
    async with database.read() as session:
        return list(await session.scalars(select(InboxEvent).order_by(InboxEvent.id)))


async def count(database: Database, table: type[Any]) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_a_webhook_is_stored_and_the_dispatchers_are_told(gateway: Gateway, database: Database, valkey: Redis) -> None:
    (accepted,) = await post(gateway, event(1, details={"reply_token": "r"}, reference="m1"))
    (row,) = await rows(database)
    assert accepted == Accepted(row.conversation_id or "", "e1", fresh=True)
    assert (row.channel, row.account, row.event_id, row.reference, row.state) == ("letterbox", "main", "e1", "m1", RECEIVED)
    assert (row.content, row.details) == ({"kind": "text", "text": "ข้อ 1"}, {"reply_token": "r"})
    await gateway.close()
    ((_, told),) = await valkey.xrange(queue.READY)
    assert told == {"conversation": row.conversation_id}


async def test_a_redelivery_is_stored_once_and_wakes_again(gateway: Gateway, database: Database, valkey: Redis) -> None:
    first = await post(gateway, event(1))
    again = await post(gateway, event(1), event(2))
    assert [one.fresh for one in (*first, *again)] == [True, False, True]
    assert [row.event_id for row in await rows(database)] == ["e1", "e2"]
    await gateway.close()
    assert await valkey.xlen(queue.READY) == 2


async def test_the_same_event_twice_in_one_body_is_fresh_once(gateway: Gateway, database: Database) -> None:
    accepted = await post(gateway, event(1), event(1))
    assert [one.fresh for one in accepted] == [True, False]
    assert len(await rows(database)) == 1


async def test_a_batch_of_many_citizens_is_split_by_citizen_and_account(gateway: Gateway, database: Database) -> None:
    names = [f"citizen-{number % 7}" for number in range(40)]
    events = [event(number, who, account="second" if number % 2 else None) for number, who in enumerate(names)]
    accepted = await post(gateway, *events)
    assert [one.event_id for one in accepted] == [one["id"] for one in events]
    async with database.read() as session:
        known = {(one.account, one.external_id): one.id for one in await session.scalars(select(Conversation))}
    assert len(known) == 14
    for one, place, number in zip(accepted, events, range(40), strict=True):
        assert one.conversation_id == known["second" if number % 2 else "main", place["who"]]
    assert await count(database, Person) == await count(database, ChannelIdentity) == 14


async def test_events_are_handled_by_rank_not_by_arrival(gateway: Gateway, database: Database) -> None:
    await post(gateway, event(3, rank=30), event(1, rank=10))
    await post(gateway, event(2, rank=20))
    (conversation, *_) = [row.conversation_id for row in await rows(database)]
    async with database.read() as session:
        assert [row.event_id for row in await inbox.waiting(session, conversation or "")] == ["e1", "e2", "e3"]


async def test_the_rank_is_the_platforms_time_unless_it_numbers_its_events(gateway: Gateway, database: Database) -> None:
    await post(gateway, event(1, at=1_800_000_000.25), event(2, rank=7))
    assert [row.rank for row in await rows(database)] == [1_800_000_000_250, 7]


class Counting(Database):
    """Counts its quick transactions."""

    transactions = 0

    async def transact(self, work: Callable[[Connection], T]) -> T:
        self.transactions += 1
        return await super().transact(work)


async def test_a_crowd_is_stored_in_few_transactions(database: Database, valkey: Redis) -> None:
    counting = Counting(str(database.engine.url))
    gateway = Gateway(counting, valkey)
    await asyncio.gather(*(post(gateway, event(number, f"citizen-{number % 20}")) for number in range(300)))
    assert counting.transactions <= 3
    assert len(await rows(database)) == 300
    assert await count(database, Conversation) == 20
    await gateway.close()
    await counting.close()


async def test_two_gateways_on_one_database_keep_events_and_citizens_single(database: Database, valkey: Redis) -> None:
    other = Database(str(database.engine.url))  # as another process would open it
    gateways = [Gateway(database, valkey), Gateway(other, valkey)]
    twice = [
        webhook
        for number in range(60)
        for webhook in (
            post(gateways[number % 2], event(number, f"c{number % 9}")),
            post(gateways[1 - number % 2], event(number, f"c{number % 9}")),
        )
    ]
    accepted = [one for answer in await asyncio.gather(*twice) for one in answer]
    assert sum(one.fresh for one in accepted) == 60 == len(await rows(database))
    assert await count(database, Person) == await count(database, Conversation) == 9
    for gateway in gateways:
        await gateway.close()
    await other.close()


async def test_an_event_the_database_refuses_harms_no_other(gateway: Gateway, database: Database) -> None:
    async def refused() -> None:
        no_time = Inbound("somchai", "bad", clock.now().replace(tzinfo=None), Inward(kind="text", text="x"))
        with pytest.raises(Exception, match="zone"):
            await gateway.accept("letterbox", "main", [no_time])

    await asyncio.gather(*(post(gateway, event(number)) for number in range(20)), refused(), post(gateway, event(20)))
    assert [row.event_id for row in await rows(database)] == [f"e{number}" for number in range(21)]


async def test_a_cancelled_caller_harms_nobody(gateway: Gateway, database: Database) -> None:
    tasks = [asyncio.create_task(post(gateway, event(number))) for number in range(30)]
    await asyncio.sleep(0)
    for task in tasks[::3]:
        task.cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(one, asyncio.CancelledError) is (place % 3 == 0) for place, one in enumerate(done))
    await gateway.close()
    assert {f"e{n}" for n in range(30) if n % 3} <= {row.event_id for row in await rows(database)}
    assert (await post(gateway, event(31)))[0].fresh


async def test_of_a_message_whose_unsend_came_first_neither_words_nor_files_are_kept(
    gateway: Gateway, database: Database
) -> None:
    await post(gateway, event(1, event="unsend", text="", reference="m1"))
    await post(gateway, event(2, media=[{"kind": "image", "id": "1"}], reference="m1"), event(3, reference="m3"))
    await post(gateway, event(4, "somying", reference="m1"))
    await post(gateway, event(5, reference="m5"), event(6, event="unsend", text="", reference="m5"))
    contents = {row.event_id: row.content for row in await rows(database)}
    assert contents["e2"] == contents["e5"] == {"kind": "event", "event": "unsent"}
    assert contents["e3"]["text"] == "ข้อ 3"
    assert contents["e4"]["text"] == "ข้อ 4"  # another citizen's message may have the same number


async def test_odd_pieces_are_kept_beside_the_others(gateway: Gateway, database: Database) -> None:
    accepted = await post(
        gateway, "เศษ", event(1), {"who": "x" * (ID_LENGTH + 1), "id": "e2"}, event(3, rank=2**63), event(4, reference="m" * 999)
    )
    assert [one.event_id for one in accepted] == ["e1"]
    stored = await rows(database)
    assert [row.state for row in stored].count(UNREADABLE) == 4
    assert next(row.content["raw"] for row in stored if row.state == UNREADABLE) == '"เศษ"'
    await post(gateway, "เศษ")
    assert len(await rows(database)) == 5


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b'"\\ud800"', b"[" * 5000, b"12", b'[{"broken": "x"}]', b'[{"who": 1}]']
)
async def test_a_body_that_nothing_can_be_made_of_is_kept_as_it_came(gateway: Gateway, database: Database, body: bytes) -> None:
    for _ in range(2):
        assert await gateway.receive(Letterbox(), body, SIGNED) == []
    (row,) = await rows(database)
    assert (row.state, row.conversation_id) == (UNREADABLE, None)
    assert row.content == {"raw": body.decode("utf-8", "replace")}


async def test_a_body_of_thousands_of_odd_pieces_is_kept_as_one(gateway: Gateway, database: Database) -> None:
    await post(gateway, event(1), *range(5000))
    assert [row.state for row in await rows(database)] == [RECEIVED, UNREADABLE]


async def test_characters_that_databases_refuse_are_replaced(gateway: Gateway, database: Database) -> None:
    strange = orjson.dumps([event(1, "som\x00chai", text="a\x00b", details={"k\x00": ["\x00"]}, reference="m\x00")])
    await gateway.receive(Letterbox(), strange, SIGNED)
    lone = Inbound("\ud83d", "e\udca1", clock.now(), Inward(kind="text", text="\ud83d\udca1 \ud83d"))
    await gateway.accept("letterbox", "main", [lone])
    first, second = await rows(database)
    assert (first.content["text"], first.details, first.reference) == ("a\ufffdb", {"k\ufffd": ["\ufffd"]}, "m\ufffd")
    assert (second.event_id, second.content["text"]) == ("e\ufffd", "💡 \ufffd")


async def test_an_unsigned_webhook_leaves_nothing(gateway: Gateway, database: Database) -> None:
    before = unverified()
    with pytest.raises(Unverified):
        await gateway.receive(Letterbox(), orjson.dumps([event(1)]), {})
    assert await rows(database) == []
    assert unverified() == before + 1


def unverified() -> float:
    labels = {"channel": "letterbox", "account": "main", "outcome": "unverified"}
    return REGISTRY.get_sample_value("pracha_webhooks_total", labels) or 0.0


async def test_valkey_away_neither_fails_nor_delays_a_webhook(
    gateway: Gateway, database: Database, bundled: BundledValkey
) -> None:
    bundled.kill()
    began = time.monotonic()
    for number in range(10):
        await post(gateway, event(number))
    assert time.monotonic() - began < 2
    await gateway.close()
    assert len(await rows(database)) == 10


async def test_a_database_that_comes_back_takes_the_next_webhook(database: Database, valkey: Redis, monkeypatch: Any) -> None:
    monkeypatch.setattr("core.sqlite.BUSY_MILLISECONDS", 50)
    gateway = Gateway(database, valkey)
    other = sqlite3.connect(str(database.engine.url).split("///", 1)[1], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    results = await asyncio.gather(*(post(gateway, event(number)) for number in range(5)), return_exceptions=True)
    assert {type(one).__name__ for one in results} == {"OperationalError"}
    other.execute("ROLLBACK")
    other.close()
    assert (await post(gateway, event(1)))[0].fresh
    await gateway.close()
