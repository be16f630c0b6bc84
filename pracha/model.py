"""The assistant's model: trained when what it learns from has changed."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from core.gazetteer import export
from core.settings import ROOT, Settings
from pracha.process import end_with_parent

ENGINE_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
INPUTS = ("config.yml", "domain.yml", "nlu_data", "bot", "core/thai.py", "core/gazetteer.py")


class TrainingFailed(Exception):
    """The model could not be trained; the words say why."""


def fingerprint(root: Path = ROOT) -> str:
    """A hash of config, domain, training data and the engine's code and locked packages (dialogue tests do not count)."""
    digest = hashlib.sha256()
    for path in _files(root):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def path(settings: Settings) -> Path:
    """Where the model for the present inputs lies or will lie."""
    return settings.models / f"pracha-{fingerprint()}.tar.gz"


def ensure(settings: Settings) -> Path:
    """The model for the present inputs, trained first where there is none.

    Raises:
        TrainingFailed: when the engine's training says no.
    """
    present = path(settings)
    return present if present.exists() else train(settings)


def train(settings: Settings) -> Path:
    """Train and keep the model for the present inputs; older ones are thrown away.

    Raises:
        TrainingFailed: when the engine's training says no.
    """
    export(ROOT / "var" / "gazetteer.json")
    target = path(settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [str(ENGINE_PYTHON), "-m", "bot.runtime.train", "--out", str(target)]
    done = subprocess.run(  # noqa: S603 - our own module
        command, cwd=ROOT, env=engine_environment(settings), check=False, preexec_fn=end_with_parent
    )
    if done.returncode != 0 or not target.exists():
        raise TrainingFailed(f"the training ended with code {done.returncode}; its own words stand above")
    for old in target.parent.glob("pracha-*.tar.gz"):
        if old != target:
            old.unlink()
    return target


def engine_environment(settings: Settings) -> dict[str, str]:
    """The environment of the engine's processes: no telemetry, one thread a process, our Valkey and action server."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "ACTIONS_URL": f"http://127.0.0.1:{settings.actions_port}/webhook",
        "TRACKER_URL": settings.valkey_url,
    }


def _files(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        start = root / name
        if start.is_file():
            yield start
        for found in sorted(start.rglob("*")) if start.is_dir() else ():
            parts = found.relative_to(root).parts
            if found.is_file() and not ({".venv", "__pycache__"} & set(parts)) and parts[:2] != ("nlu_data", "tests"):
                yield found
