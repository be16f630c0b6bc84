"""Presence: which members of staff have a screen open, kept in Valkey. It may be emptied at any moment.

Screens say every two seconds that they are there. Whoever draws conclusions from an absence must have seen it for much longer,
since a Valkey that has just been emptied knows nobody.
"""

from collections.abc import Iterable
from datetime import timedelta

from redis.asyncio import Redis

from core import clock

LASTS = timedelta(seconds=30)  # after its last sign a screen is gone
_DESK = "presence:desk"
_RECEPTION = "presence:reception"


async def beat(valkey: Redis, actor: str, conversation_id: str | None = None, *, receives: bool = True) -> None:
    """A screen of ``actor`` (``staff:stf_…``) is open, and shows a conversation if it is said.

    ``receives`` is False for who does not see the queue, and for whom nobody should be asked to wait.

    Raises:
        redis.exceptions.RedisError, OSError: when Valkey is away.
    """
    now = clock.now()
    async with valkey.pipeline(transaction=False) as calls:
        for key in _keys(conversation_id, receives):
            calls.zadd(key, {actor: now.timestamp()})
            calls.zremrangebyscore(key, "-inf", (now - LASTS).timestamp())
            calls.expire(key, LASTS)
        await calls.execute()


async def leave(valkey: Redis, actor: str, conversation_id: str) -> None:
    """A screen that showed this conversation was closed; another one of ``actor`` says so with its next sign.

    Raises:
        redis.exceptions.RedisError, OSError: when Valkey is away.
    """
    await valkey.zrem(_shows(conversation_id), actor)


async def at_desk(valkey: Redis) -> set[str]:
    """Everybody who has a screen of the chats open.

    Raises:
        redis.exceptions.RedisError, OSError: when Valkey is away, which says nothing about anybody.
    """
    return await _there(valkey, _DESK)


async def at_reception(valkey: Redis) -> set[str]:
    """Those of them who see the queue.

    Raises:
        redis.exceptions.RedisError, OSError: when Valkey is away, which says nothing about anybody.
    """
    return await _there(valkey, _RECEPTION)


async def looking(valkey: Redis, conversation_id: str) -> set[str]:
    """Everybody who has this conversation open.

    Raises:
        redis.exceptions.RedisError, OSError: when Valkey is away.
    """
    return await _there(valkey, _shows(conversation_id))


async def _there(valkey: Redis, key: str) -> set[str]:
    return {str(actor) for actor in await valkey.zrangebyscore(key, (clock.now() - LASTS).timestamp(), "+inf")}


def _keys(conversation_id: str | None, receives: bool) -> Iterable[str]:
    yield _DESK
    if receives:
        yield _RECEPTION
    if conversation_id is not None:
        yield _shows(conversation_id)


def _shows(conversation_id: str) -> str:
    return f"presence:chat:{conversation_id}"
