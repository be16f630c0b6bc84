"""docs/security.md names a test for each point; each of them is really there."""

import re

import pytest

from core.settings import ROOT

TABLE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(unit/[\w/]+\.py)::(\w+)`", TABLE)))


def test_the_table_is_found() -> None:
    assert len(NAMED) > 40
    assert TABLE.count("`unit/") == len(re.findall(r"`(unit/[\w/]+\.py)::(test_\w+)`", TABLE))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_the_test_of_a_point_is_there(file: str, test: str) -> None:
    text = (ROOT / "tests" / file).read_text(encoding="utf-8")
    assert re.search(rf"^(async )?def {test}\(", text, re.MULTILINE)
