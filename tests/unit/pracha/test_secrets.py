"""Secrets are made once and readable by their owner only."""

from pathlib import Path

import pytest

from core.settings import settings
from pracha import secrets


def test_secrets_are_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRACHA_VAR", str(tmp_path))
    secrets.ensure(tmp_path)
    path = tmp_path / "secrets.env"
    first = path.read_text()
    secrets.ensure(tmp_path)
    assert path.read_text() == first
    assert path.stat().st_mode & 0o777 == 0o600
    settings.cache_clear()
