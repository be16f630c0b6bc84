"""The secrets of an installation on embedded defaults: made once, kept in `var/secrets.env`, readable by its owner only."""

import json
import os
import secrets
from pathlib import Path

from core.settings import Settings, settings


def ensure(var: Path) -> Settings:
    """Make `var/secrets.env` unless it is there, and read the settings again. What `.env` says goes before it."""
    path = var / "secrets.env"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        lines = (
            f"PRACHA_VALKEY_PASSWORD={secrets.token_urlsafe(24)}",
            f"PRACHA_API_KEYS={json.dumps([secrets.token_urlsafe(24)])}",
        )
        write_private(path, "\n".join(lines) + "\n")
    settings.cache_clear()
    return settings()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read (mode 600), in one step."""
    part = path.with_suffix(path.suffix + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)
