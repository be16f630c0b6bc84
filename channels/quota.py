"""The quota: how many messages a month a platform lets us push, asked for now and then and kept for operators."""

import asyncio
from collections.abc import Iterable
from typing import Protocol, runtime_checkable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from channels import account
from channels.contract import Channel
from core import clock
from core.database import Database

log = structlog.get_logger()
EVERY = 600.0  # seconds
TIMEOUT = 30.0
LEVELS = (80, 100)  # per cent used that are warned of


@runtime_checkable
class Limited(Protocol):
    """A channel whose platform counts what is pushed."""

    async def quota(self) -> tuple[int | None, int]:
        """The month's limit (None: no limit) and how many of it are used."""
        ...


async def watch(database: Database, channels: Iterable[Channel]) -> None:
    """Ask all channels that have a quota at once and then every ten minutes, until cancelled."""
    limited = [channel for channel in channels if isinstance(channel, Limited)]
    warned: dict[tuple[str, str], int] = {}
    while limited:
        for channel in limited:
            await _ask(database, channel, warned)
        await asyncio.sleep(EVERY)


async def _ask(database: Database, channel: Channel, warned: dict[tuple[str, str], int]) -> None:
    key = channel.name, channel.account
    try:
        assert isinstance(channel, Limited)  # noqa: S101 - `watch` has looked
        async with asyncio.timeout(TIMEOUT):
            limit, used = await channel.quota()
        async with database.write() as session:
            await account.note(session, *key, quota_limit=limit, quota_used=used, quota_at=clock.now())
    except (SQLAlchemyError, OSError) as error:
        log.warning("quota_not_kept", channel=key[0], account=key[1], error=type(error).__name__)
        return
    except Exception as error:  # a platform's error of any kind: the quota is only told, nothing hangs on it
        log.warning("quota_not_known", channel=key[0], account=key[1], error=type(error).__name__)
        return
    _warn(key, limit, used, warned)


def _warn(key: tuple[str, str], limit: int | None, used: int, warned: dict[tuple[str, str], int]) -> None:
    level = max((level for level in LEVELS if limit is not None and used * 100 >= limit * level), default=0)
    if level > warned.get(key, 0):
        log.warning("quota_running_out" if level < 100 else "quota_spent", channel=key[0], account=key[1], used=used, limit=limit)
    warned[key] = level
