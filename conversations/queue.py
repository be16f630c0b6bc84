"""The stream `ready`: the ids of conversations that have something to handle.

Valkey only wakes workers. The rows in the database are the truth, so a lost entry costs a moment, never a message.
"""

from collections.abc import Iterable

from redis.asyncio import Redis
from redis.exceptions import ResponseError

READY = "ready"
GROUP = "dispatchers"
LENGTH = 10_000  # entries are hints; a longer backlog is found by the sweep


async def announce(valkey: Redis, conversation_ids: Iterable[str]) -> None:
    """Put conversations on the stream, in one round trip.

    Raises:
        redis.exceptions.RedisError, OSError: when Valkey is away and the sweep must find them.
    """
    async with valkey.pipeline(transaction=False) as pipeline:
        for conversation_id in conversation_ids:
            pipeline.xadd(READY, {"conversation": conversation_id}, maxlen=LENGTH, approximate=True)
        await pipeline.execute()


async def ensure_group(valkey: Redis) -> None:
    """Make stream and consumer group unless they stand (they vanish when Valkey is emptied)."""
    try:
        await valkey.xgroup_create(READY, GROUP, id="0", mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise
