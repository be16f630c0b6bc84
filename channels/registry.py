"""The channels of this installation, by (channel, account)."""

from redis.asyncio import Redis

from channels.contract import Channel
from channels.web.channel import WebChannel
from core.database import Database


def configured(database: Database, valkey: Redis) -> dict[tuple[str, str], Channel]:
    """An adapter for every account that the settings name; the web and the API need no settings."""
    channels: list[Channel] = [WebChannel("web", database, valkey), WebChannel("api", database, valkey)]
    return {(channel.name, channel.account): channel for channel in channels}
