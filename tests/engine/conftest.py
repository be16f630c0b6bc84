"""One small trained model for all tests of the engine, and one running engine for those over HTTP."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.runtime.logs import quiet_surroundings

quiet_surroundings()

from tests.engine.processes import ROOT, Actions, EngineProcess, Valkey  # noqa: E402 - the environment comes first

PROJECT = Path(__file__).parent / "project"

ENDPOINTS = """
action_endpoint:
  url: ${ACTIONS_URL}
tracker_store:
  url: ${TRACKER_URL}
"""


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a model trained from tests/engine/project with the project's own pipeline."""
    from bot.runtime.train import train

    out = tmp_path_factory.mktemp("model") / "small.tar.gz"
    train(ROOT / "config.yml", PROJECT / "domain.yml", PROJECT, out)
    return out


@pytest.fixture(scope="session")
def assistant_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the assistant itself, trained from the present inputs; PRACHA_MODEL names one that stands already."""
    given = os.environ.get("PRACHA_MODEL")
    if given:
        return Path(given)
    from bot.runtime.train import train

    out = tmp_path_factory.mktemp("assistant") / "model.tar.gz"
    train(ROOT / "config.yml", ROOT / "domain.yml", ROOT / "nlu_data", out)
    return out


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def action_server() -> Iterator[Actions]:
    server = Actions()
    yield server
    server.stop()


@pytest.fixture
def actions(action_server: Actions) -> Actions:
    """The action server, well again and its calls forgotten."""
    action_server.reset()
    return action_server


@pytest.fixture(scope="session")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("endpoints") / "endpoints.yml"
    path.write_text(ENDPOINTS, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def running_engine(
    model: Path, endpoints: Path, valkey: Valkey, action_server: Actions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EngineProcess]:
    log = tmp_path_factory.mktemp("log") / "engine.log"
    process = EngineProcess(model, endpoints, valkey.url, action_server.url, log)
    process.start()
    yield process
    assert process.stop() == 0, "the engine did not end in peace"


@pytest.fixture
def engine(running_engine: EngineProcess, actions: Actions) -> EngineProcess:
    """The running engine, with its action server well again."""
    return running_engine
