"""The secrets of an installation on embedded defaults: made once, kept in `var/secrets.env`, readable by its owner only."""

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from core.settings import Settings, settings

_SECRETS: dict[str, Callable[[], str]] = {
    "PRACHA_VALKEY_PASSWORD": lambda: secrets.token_urlsafe(24),
    "PRACHA_API_KEYS": lambda: json.dumps([secrets.token_urlsafe(24)]),
    "PRACHA_SECRET_KEY": lambda: secrets.token_urlsafe(32),
}


def ensure(var: Path) -> Settings:
    """Make `var/secrets.env`, or add what an older version did not write; then read the settings again.

    What `.env` says goes before it. What is there is never changed: sealed data would be lost with the key.
    """
    path = var / "secrets.env"
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    there = {line.partition("=")[0] for line in written.splitlines()}
    missing = [f"{name}={make()}" for name, make in _SECRETS.items() if name not in there]
    if missing:
        var.mkdir(parents=True, exist_ok=True)
        write_private(path, "\n".join([*written.splitlines(), *missing]) + "\n")
    settings.cache_clear()
    return settings()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read (mode 600), in one step."""
    part = path.with_suffix(path.suffix + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)
