"""Heartbeats: how a process without a port says that it lives."""

import asyncio
import contextlib

from redis.asyncio import Redis
from redis.exceptions import RedisError

EVERY, LASTS = 2, 10  # seconds


def key(process: str) -> str:
    """The Valkey key of a process's heartbeat."""
    return f"heartbeat:{process}"


async def beat(valkey: Redis, process: str) -> None:
    """Say so every two seconds until cancelled; the key vanishes ten seconds after the last time."""
    while True:
        with contextlib.suppress(RedisError, OSError):  # a Valkey that is away is reported by the readiness page
            await valkey.set(key(process), "1", ex=LASTS)
        await asyncio.sleep(EVERY)
