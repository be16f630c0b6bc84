"""Packages left out: not in memory for our pipeline, there for one that needs them, and a clear word otherwise."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from bot.runtime.lean.left_out import NEEDED_BY, not_needed_by
from tests.engine.processes import ROOT, EngineProcess


def archive(path: Path, *uses: str) -> Path:
    content = json.dumps({"predict_schema": {"nodes": {str(n): {"uses": use} for n, use in enumerate(uses)}}}).encode()
    with tarfile.open(path, "w:gz") as written:
        entry = tarfile.TarInfo("metadata.json")
        entry.size = len(content)
        written.addfile(entry, io.BytesIO(content))
    return path


def test_our_pipeline_needs_none_of_them(model: Path) -> None:
    assert not_needed_by(model) == set(NEEDED_BY)


def test_a_pipeline_with_diet_needs_tensorflow(tmp_path: Path) -> None:
    left = not_needed_by(archive(tmp_path / "m.tar.gz", "rasa.nlu.classifiers.diet_classifier.DIETClassifier"))

    assert not {"tensorflow", "sklearn"} & left
    assert "matplotlib" in left


def test_a_file_that_cannot_be_read_leaves_nothing_out(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"no archive")

    assert not_needed_by(tmp_path / "broken") == set()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import tensorflow as tf; tf.constant(1)", "tensorflow.constant was called, but tensorflow is left out"),
        ("from tensorflow.keras import Model\nclass M(Model): pass\nM()", "tensorflow is left out"),
    ],
)
def test_whoever_calls_one_is_told(code: str, said: str) -> None:
    begin = "from bot.runtime.lean.left_out import leave_out, NEEDED_BY; leave_out(set(NEEDED_BY))\n"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    done = subprocess.run([sys.executable, "-c", begin + code], env=environment, capture_output=True, text=True, timeout=60)

    assert said in done.stderr
    assert "PRACHA_ENGINE_LEAVE_OUT=false" in done.stderr


def test_the_serving_process_is_small_and_has_no_tensorflow(engine: EngineProcess) -> None:
    assert engine._process
    maps = Path(f"/proc/{engine._process.pid}/maps").read_text(encoding="utf-8")
    status = Path(f"/proc/{engine._process.pid}/status").read_text(encoding="utf-8")

    assert "tensorflow" not in maps
    assert "sklearn" not in maps
    assert int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) < 320_000
