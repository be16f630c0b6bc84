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


def test_what_an_older_version_did_not_write_is_added_and_nothing_else_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRACHA_VAR", str(tmp_path))
    (tmp_path / "secrets.env").write_text("PRACHA_VALKEY_PASSWORD=old\n# a word of the operator\n")
    known = secrets.ensure(tmp_path)
    assert known.valkey_password.get_secret_value() == "old"
    assert len(known.secret_key.get_secret_value()) >= 32
    assert (tmp_path / "secrets.env").read_text().startswith("PRACHA_VALKEY_PASSWORD=old\n# a word of the operator\n")
    assert secrets.ensure(tmp_path).secret_key == known.secret_key
    settings.cache_clear()
