"""One running system for all scenarios."""

from collections.abc import Iterator

import pytest

from tests.system import RunningSystem


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """The whole system, started once by `pracha run` and ended as Ctrl-C does."""
    running = RunningSystem(tmp_path_factory.mktemp("system"), PRACHA_API_RATE="100000/minute", PRACHA_CITIZEN_RATE="2000/minute")
    running.start()
    yield running
    assert running.stop() == 0
