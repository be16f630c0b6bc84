"""Live events: what open screens learn at once. Rows are the truth; a lost event is found by the next look at them."""

import json
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from conversations.message import Message

Event = dict[str, Any]  # {"type": "message" | "typing" | "handled" | "unsent", ...}
OUTBOX = "outbox"  # wakes the senders; carries a conversation id


def topic(conversation_id: str) -> str:
    """The pub/sub channel of one conversation."""
    return f"live:{conversation_id}"


async def publish(valkey: Redis, conversation_id: str, event: Event) -> None:
    """Tell open screens; silently nothing when Valkey is away, since they look at the rows too."""
    await _publish(valkey, topic(conversation_id), json.dumps(event, ensure_ascii=False))


async def publish_all(valkey: Redis, conversation_id: str, events: Sequence[Event], *, wake: bool) -> None:
    """Tell open screens several things in one round trip, and the outbox senders, if ``wake``, that something is due."""
    try:
        async with valkey.pipeline(transaction=False) as calls:
            for event in events:
                calls.publish(topic(conversation_id), json.dumps(event, ensure_ascii=False))
            if wake:
                calls.publish(OUTBOX, conversation_id)
            await calls.execute()
    except (RedisError, OSError):
        return


async def wake_senders(valkey: Redis, conversation_id: str) -> None:
    """Tell the outbox senders that something is due; their sweep finds it otherwise."""
    await _publish(valkey, OUTBOX, conversation_id)


def message_event(message: Message) -> Event:
    """A message as screens get it."""
    return {"type": "message", "message": as_data(message)}


def as_data(message: Message) -> dict[str, Any]:
    """A message as JSON data: id, sequence, author, content, event_id, at (ISO, UTC)."""
    return {
        "id": message.id,
        "sequence": message.sequence,
        "author": message.author,
        "content": message.content,
        "event_id": message.event_id,
        "at": message.at.isoformat(),
    }


async def _publish(valkey: Redis, channel: str, text: str) -> None:
    try:
        await valkey.publish(channel, text)
    except (RedisError, OSError):
        return
