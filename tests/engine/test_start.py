"""When the engine must not train or start, and what it says then."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.conftest import PROJECT
from tests.engine.processes import ROOT

NO_TOKENIZER = """
recipe: default.v1
assistant_id: pracha
language: th
pipeline:
  - name: KeywordIntentClassifier
policies:
  - name: RulePolicy
"""


def run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TRACKER_URL": "redis://127.0.0.1:1/0", "ACTIONS_URL": "http://x"}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    for word in words:
        assert word in done.stderr


def test_training_is_refused_without_the_thai_tokenizer(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text(NO_TOKENIZER, encoding="utf-8")
    arguments = ["--config", str(config), "--domain", str(PROJECT / "domain.yml"), "--data", str(PROJECT)]

    done = run("bot.runtime.train", *arguments, "--out", str(tmp_path / "m.tar.gz"))

    assert_refused(done, "language th", "ThaiTokenizer")
    assert not (tmp_path / "m.tar.gz").exists()


def test_a_model_without_the_thai_tokenizer_is_not_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.runtime import pipeline
    from bot.runtime.errors import StartRefused
    from bot.runtime.train import train

    config = tmp_path / "config.yml"
    config.write_text(NO_TOKENIZER, encoding="utf-8")
    monkeypatch.setattr(pipeline, "check_config", lambda path: {})
    train(config, PROJECT / "domain.yml", PROJECT, tmp_path / "m.tar.gz")

    with pytest.raises(StartRefused, match="ThaiTokenizer"):
        pipeline.check_model(tmp_path / "m.tar.gz")


def test_a_missing_model_is_told_plainly(tmp_path: Path, endpoints: Path) -> None:
    done = run("bot.runtime.server", "--model", str(tmp_path / "none.tar.gz"), "--endpoints", str(endpoints))

    assert_refused(done, "no model", "bot.runtime.train")


def test_a_broken_model_is_told_plainly(tmp_path: Path) -> None:
    from bot.runtime.errors import StartRefused
    from bot.runtime.pipeline import check_model

    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"no archive")

    with pytest.raises(StartRefused, match="not a model"):
        check_model(broken)


def test_a_taken_port_is_told_plainly(model: Path, endpoints: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        done = run("bot.runtime.server", "--model", str(model), "--endpoints", str(endpoints), "--port", str(port))

    assert_refused(done, f"port {port} is taken")


def test_endpoints_must_name_a_tracker_store(tmp_path: Path) -> None:
    from bot.runtime.endpoints import read_endpoints
    from bot.runtime.errors import StartRefused

    path = tmp_path / "endpoints.yml"
    path.write_text("action_endpoint:\n  url: http://127.0.0.1:1\n", encoding="utf-8")

    with pytest.raises(StartRefused, match="tracker_store"):
        read_endpoints(path)
