"""An operator with an installation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import settings
from tests.unit.pracha.operator import Operator


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Operator]:
    yield Operator(tmp_path, monkeypatch)
    settings.cache_clear()
