"""The channels of this installation, by (channel, account)."""

from redis.asyncio import Redis

from channels.contract import Channel
from channels.web.channel import WebChannel
from core.database import Database
from core.settings import Settings


def platforms(settings: Settings) -> dict[tuple[str, str], Channel]:
    """An adapter for every account that the settings name. A platform's code is loaded only where it has an account."""
    found: list[Channel] = []
    limit = settings.upload_limit
    if settings.line:
        from channels.line.channel import LineChannel

        found += [LineChannel(name, account, limit=limit) for name, account in settings.line.items()]
    if settings.telegram:
        from channels.telegram.channel import TelegramChannel

        found += [TelegramChannel(name, account, limit=limit) for name, account in settings.telegram.items()]
    if settings.messenger or settings.instagram:
        from channels.meta.channel import MetaChannel

        found += [MetaChannel("messenger", name, settings.messenger, limit=limit) for name in settings.messenger]
        found += [MetaChannel("instagram", name, settings.instagram, limit=limit) for name in settings.instagram]
    return {(channel.name, channel.account): channel for channel in found}


def configured(database: Database, valkey: Redis, settings: Settings) -> dict[tuple[str, str], Channel]:
    """The platforms' adapters, and those of the web and the API, which need no settings."""
    own = [WebChannel("web", database, valkey), WebChannel("api", database, valkey)]
    return {**{(channel.name, channel.account): channel for channel in own}, **platforms(settings)}
