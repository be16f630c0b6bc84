"""Who is at their desk, and whether somebody may come."""

from datetime import datetime, timedelta

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as ValkeyAway

from conversations import presence
from conversations.reception import Reception
from core import clock
from tests.valkey import BundledValkey

MINE, OTHERS = "staff:stf_a", "staff:stf_b"


async def always(_moment: datetime) -> bool:
    return True


async def never(_moment: datetime) -> bool:
    return False


async def test_a_screen_is_there_until_it_has_been_silent_for_a_while(valkey: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    await presence.beat(valkey, MINE, "cnv_1")
    await presence.beat(valkey, OTHERS)
    assert await presence.at_desk(valkey) == {MINE, OTHERS}
    assert await presence.looking(valkey, "cnv_1") == {MINE}
    later = clock.now() + presence.LASTS + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert await presence.at_desk(valkey) == set()
    await presence.beat(valkey, OTHERS)
    assert await presence.at_desk(valkey) == {OTHERS}


async def test_who_leaves_a_chat_is_still_at_the_desk(valkey: Redis) -> None:
    await presence.beat(valkey, MINE, "cnv_1")
    await presence.leave(valkey, MINE, "cnv_1")
    assert await presence.looking(valkey, "cnv_1") == set()
    assert await presence.at_desk(valkey) == {MINE}


async def test_somebody_may_come_when_the_office_is_open_and_a_screen_is_there(valkey: Redis) -> None:
    assert not await Reception(valkey, always).somebody()
    await presence.beat(valkey, MINE)
    assert await Reception(valkey, always).somebody()
    assert not await Reception(valkey, never).somebody()


async def test_without_valkey_nobody_is_said_to_be_away(bundled: BundledValkey, valkey: Redis) -> None:
    bundled.kill()
    with pytest.raises((ValkeyAway, OSError)):
        await presence.at_desk(valkey)
    assert await Reception(valkey, always).somebody()
    assert not await Reception(valkey, never).somebody()
