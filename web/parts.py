"""The parts every handler may use, kept on the application under one key."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from redis.asyncio import Redis

from channels.contract import Channel
from channels.engine import Engine
from channels.gateway import Gateway
from core.database import Database
from core.settings import Settings
from knowledge_base.search import Search
from web.chat.live import Live
from web.console.session import Sessions
from web.rates import Rates


@dataclass(frozen=True)
class Parts:
    """What the application was made of; handlers reach it through `of`."""

    settings: Settings
    database: Database
    valkey: Redis
    gateway: Gateway
    search: Search
    engine: Engine
    rates: Rates
    live: Live
    sessions: Sessions
    platforms: Mapping[tuple[str, str], Channel]


PARTS: web.AppKey[Parts] = web.AppKey("parts", Parts)


def of(request: web.Request) -> Parts:
    """The parts of the application that received this request."""
    return request.config_dict[PARTS]
