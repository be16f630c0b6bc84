"""Sessions in Valkey: how long they live, what ends them, and what is kept of them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from core import clock
from helpdesk.staff import Member
from tests.valkey import BundledValkey
from web.console.session import Sessions, SessionsAway, name

MEMBER = Member("stf_1", "suda", "สุดา", frozenset({"curator"}), datetime(2026, 11, 22, tzinfo=UTC))


@pytest.fixture
def sessions(valkey: Redis) -> Sessions:
    return Sessions(valkey)


def later(monkeypatch: pytest.MonkeyPatch, **how: float) -> None:
    moment = datetime.now(UTC) + timedelta(**how)
    monkeypatch.setattr(clock, "now", lambda: moment)


async def only_key(valkey: Redis) -> str:
    [key] = [key async for key in valkey.scan_iter(match="pracha:session:*")]
    return str(key)


async def test_a_token_opens_its_session_and_no_other_does(sessions: Sessions) -> None:
    token, begun = await sessions.begin(MEMBER)
    assert await sessions.find(token) == begun
    assert begun.staff == "stf_1"
    assert await sessions.find(token[:-1]) is None
    assert await sessions.find("") is None


async def test_valkey_never_sees_the_token(sessions: Sessions, valkey: Redis) -> None:
    token, _ = await sessions.begin(MEMBER)
    key = await only_key(valkey)
    assert key.startswith("pracha:session:")
    assert token not in key + str(await valkey.get(key))


async def test_two_log_ins_are_two_sessions_with_two_csrf_tokens(sessions: Sessions) -> None:
    (first, one), (second, other) = await sessions.begin(MEMBER), await sessions.begin(MEMBER)
    assert len({first, second, one.csrf, other.csrf}) == 4
    await sessions.end(first)
    assert await sessions.find(first) is None
    assert await sessions.find(second) == other


async def test_it_ends_two_hours_after_the_last_request(
    sessions: Sessions, valkey: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = await sessions.begin(MEMBER)
    key = await only_key(valkey)
    assert 7195 <= await valkey.ttl(key) <= 7200
    await valkey.expire(key, 10)
    later(monkeypatch, minutes=30)
    found = await sessions.find(token)
    assert found is not None
    assert found.seen == clock.now().timestamp()
    assert 7195 <= await valkey.ttl(key) <= 7200


async def test_requests_of_the_same_minute_write_nothing(sessions: Sessions, valkey: Redis) -> None:
    token, _ = await sessions.begin(MEMBER)
    key = await only_key(valkey)
    await valkey.expire(key, 100)
    await sessions.find(token)
    assert await valkey.ttl(key) <= 100


async def test_it_ends_twelve_hours_after_log_in_whatever_is_done(
    sessions: Sessions, valkey: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = await sessions.begin(MEMBER)
    key = await only_key(valkey)
    later(monkeypatch, hours=11, minutes=30)
    assert await sessions.find(token) is not None
    assert await valkey.ttl(key) <= 1800
    later(monkeypatch, hours=12, seconds=1)
    assert await sessions.find(token) is None
    assert not await valkey.exists(key)


async def test_a_session_that_ended_while_it_was_looked_at_stays_ended(
    sessions: Sessions, valkey: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = await sessions.begin(MEMBER)
    later(monkeypatch, minutes=5)
    get = valkey.get

    async def get_and_log_out(key: str) -> str:
        stored: str = await get(key)
        await sessions.end(token)
        return stored

    monkeypatch.setattr(valkey, "get", get_and_log_out)
    await sessions.find(token)
    monkeypatch.undo()
    assert await sessions.find(token) is None


async def test_it_belongs_to_the_member_as_they_were(sessions: Sessions) -> None:
    _, session = await sessions.begin(MEMBER)
    assert session.belongs_to(MEMBER)
    assert not session.belongs_to(replace(MEMBER, id="stf_2"))
    assert not session.belongs_to(replace(MEMBER, changed_at=MEMBER.changed_at + timedelta(microseconds=1)))


@pytest.mark.parametrize("stored", ["", "{", "[]", '{"staff": "stf_1"}', json.dumps({"another": "version"})])
async def test_what_another_version_wrote_is_no_session(sessions: Sessions, valkey: Redis, stored: str) -> None:
    token, _ = await sessions.begin(MEMBER)
    await valkey.set(await only_key(valkey), stored)
    assert await sessions.find(token) is None


async def test_a_member_sees_their_own_sessions_and_ends_them(sessions: Sessions) -> None:
    other = replace(MEMBER, id="stf_2")
    first, _ = await sessions.begin(MEMBER, agent="Firefox", address="192.0.2.1")
    second, _ = await sessions.begin(MEMBER, agent="Chrome")
    foreign, _ = await sessions.begin(other)
    listed = await sessions.of(MEMBER)
    assert set(listed) == {name(first), name(second)}
    assert (listed[name(first)].agent, listed[name(first)].address) == ("Firefox", "192.0.2.1")
    assert not any(token in str(listed) for token in (first, second))
    await sessions.end_named(MEMBER, [name(second), name(foreign), "nothing"])
    assert set(await sessions.of(MEMBER)) == {name(first)}
    assert await sessions.find(second) is None
    assert await sessions.find(foreign) is not None


async def test_sessions_from_before_a_change_are_listed_no_longer(sessions: Sessions) -> None:
    await sessions.begin(MEMBER)
    assert await sessions.of(replace(MEMBER, changed_at=MEMBER.changed_at + timedelta(seconds=1))) == {}


async def test_a_proof_is_fresh_for_ten_minutes(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    token, begun = await sessions.begin(MEMBER)
    assert begun.fresh
    later(monkeypatch, minutes=11)
    assert not begun.fresh
    await sessions.prove(token)
    found = await sessions.find(token)
    assert found is not None
    assert found.fresh


async def test_a_proof_makes_no_session_live_longer(sessions: Sessions, valkey: Redis) -> None:
    token, _ = await sessions.begin(MEMBER)
    await valkey.expire(await only_key(valkey), 100)
    await sessions.prove(token)
    assert await valkey.ttl(await only_key(valkey)) <= 100


async def test_valkey_away_is_told_apart_from_no_session(sessions: Sessions, bundled: BundledValkey) -> None:
    token, _ = await sessions.begin(MEMBER)
    bundled.kill()
    for work in (sessions.find(token), sessions.begin(MEMBER), sessions.end(token)):
        with pytest.raises(SessionsAway):
            await work
