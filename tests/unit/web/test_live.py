"""Live events: a quiet connection is asked now and then whether it is still there, and no more."""

import asyncio
from contextlib import suppress

from redis.asyncio import Redis

from web.chat.live import Live


async def calls(valkey: Redis, command: str) -> int:
    return int((await valkey.info("commandstats")).get(f"cmdstat_{command}", {}).get("calls", 0))


async def test_a_quiet_connection_is_asked_once_in_a_while(valkey: Redis) -> None:
    live = Live(valkey, silence=0.2)
    running = asyncio.create_task(live.run())
    await asyncio.sleep(1.3)
    asked = await calls(valkey, "ping")
    async with live.listen("cnv_1") as listener:
        await valkey.publish("live:cnv_1", '{"type": "typing"}')
        async with asyncio.timeout(5):
            assert await listener.get() == {"type": "typing"}
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert 1 <= asked <= 7
    assert live.up


async def test_a_connection_that_says_nothing_more_is_given_up(valkey: Redis) -> None:
    live = Live(valkey, silence=0.2)
    running = asyncio.create_task(live.run())
    async with asyncio.timeout(5):
        while not live.up:
            await asyncio.sleep(0.02)
        await valkey.execute_command("CLIENT", "PAUSE", 1500, "ALL")
        while live.up:
            await asyncio.sleep(0.02)
    async with asyncio.timeout(10):
        while not live.up:
            await asyncio.sleep(0.02)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
