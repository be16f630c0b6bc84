"""The webhooks that LINE's and Meta's documentation shows, really signed, through the gateway into the inbox."""

import base64
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from sqlalchemy import select

from channels.contract import Unverified
from channels.gateway import Gateway
from channels.inbox import RECEIVED, InboxEvent
from channels.line.channel import LineChannel
from channels.meta.channel import MetaChannel
from core.database import Database
from core.settings import LineAccount, MetaAccount

SECRET = "a secret of the tests"
LIMIT = 1_000_000


@pytest.fixture
async def gateway(database: Database, valkey: Redis) -> AsyncIterator[Gateway]:
    made = Gateway(database, valkey)
    yield made
    await made.close()


async def rows(database: Database) -> list[InboxEvent]:
    async with database.read() as session:
        return list(await session.scalars(select(InboxEvent).order_by(InboxEvent.id)))


async def test_every_example_of_line_reaches_the_inbox(shared: Path, gateway: Gateway, database: Database) -> None:
    account = LineAccount(channel_secret=SecretStr(SECRET), access_token=SecretStr("t"))
    line = LineChannel("main", account, limit=LIMIT)
    ids: set[str] = set()
    for _, example in json.loads((shared / "specs/line/docs-webhook-examples.json").read_text(encoding="utf-8")):
        body = json.dumps(example).encode()
        signature = base64.b64encode(hmac.digest(SECRET.encode(), body, "sha256")).decode()
        accepted = await gateway.receive(line, body, {"x-line-signature": signature})
        assert len(accepted) == len(example["events"])
        ids |= {event["webhookEventId"] for event in example["events"]}
    stored = await rows(database)
    assert {row.state for row in stored} == {RECEIVED}
    assert [row.event_id for row in stored] == list(dict.fromkeys(row.event_id for row in stored))
    assert {row.event_id for row in stored} == ids  # many examples share one id, and are one event


async def test_every_example_of_meta_reaches_the_inbox(shared: Path, gateway: Gateway, database: Database) -> None:
    account = MetaAccount(page_id="1", access_token=SecretStr("t"), app_secret=SecretStr(SECRET))
    channels = {
        "page": MetaChannel("messenger", "main", {"main": account}, limit=LIMIT),
        "instagram": MetaChannel("instagram", "main", {"main": account}, limit=LIMIT),
    }
    examples: dict[str, Any] = json.loads(
        (shared / "specs/meta/messenger-instagram-webhook-examples.json").read_text(encoding="utf-8")
    )
    for name, example in examples.items():
        if not isinstance(example, dict):
            continue
        body = json.dumps(example).encode()
        signature = "sha256=" + hmac.new(SECRET.encode(), body, "sha256").hexdigest()
        channel = channels[example["object"]]
        assert len(await gateway.receive(channel, body, {"X-Hub-Signature-256": signature})) == 1, name
        with pytest.raises(Unverified):
            await gateway.receive(channel, body + b" ", {"X-Hub-Signature-256": signature})
    stored = await rows(database)
    assert len(stored) == len(examples) - 1  # one entry tells where the others come from
    assert {row.state for row in stored} == {RECEIVED}
