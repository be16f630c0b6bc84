"""The assistant's model: trained when what it learns from has changed."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from core import e5_model
from core.gazetteer import export
from core.settings import ROOT, Settings
from pracha.process import end_with_parent

ENGINE_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
INPUTS = (
    "config.yml",
    "domain.yml",
    "nlu_data",
    "bot",
    "core/thai.py",
    "core/gazetteer.py",
    "core/e5.py",
    "core/e5_model.py",
    "core/pieces.py",
)


class TrainingFailed(Exception):
    """The model could not be trained; the words say why."""


class WorseModel(TrainingFailed):
    """The fresh model understands less than the last one, which stays; the words say by how much."""


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
    """The model for the present inputs, trained first where there is none; the last one where the present is refused.

    Raises:
        TrainingFailed: when the engine's training says no.
    """
    present = path(settings)
    if present.exists():
        return present
    kept = last(settings)
    if kept is not None and _refusal(present).exists():
        return kept
    try:
        return train(settings)
    except WorseModel:
        if kept is None:
            raise
        return kept


def last(settings: Settings) -> Path | None:
    """The model that was kept last, for whatever inputs; None if there is none."""
    kept = sorted(settings.models.glob("pracha-*.tar.gz"), key=lambda file: file.stat().st_mtime)
    return kept[-1] if kept else None


def train(settings: Settings, *, force: bool = False) -> Path:
    """Train a model for the present inputs and keep it unless it understands less than the last.

    The last one is kept too, since an engine may be running with it; older ones are thrown away.

    Raises:
        TrainingFailed: when the engine's training says no.
        WorseModel: when more of the project's test set is misread; not with ``force``.
    """
    export(ROOT / "var" / "gazetteer.json")
    e5_model.ensure()
    target = path(settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".fresh")
    before = last(settings)
    try:
        _run_training(settings, fresh)
        if before is not None:
            _compare(settings, fresh, before, force=force)
        os.replace(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)
    for old in (*target.parent.glob("pracha-*.tar.gz"), *target.parent.glob("pracha-*.refused")):
        if old not in (target, before):
            old.unlink()
    return target


def engine_environment(settings: Settings, threads: int = 1) -> dict[str, str]:
    """The environment of the engine's processes: no telemetry, our Valkey and action server.

    A message is too short to share out among threads: ``threads`` is 1 but for trainings.
    """
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", str(threads)),
        "PRACHA_DENSE": "true" if settings.dense else "false",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "ACTIONS_URL": f"http://127.0.0.1:{settings.actions_port}/webhook",
        "TRACKER_URL": settings.valkey_url,
    }


def _run_training(settings: Settings, out: Path) -> None:
    command = [str(ENGINE_PYTHON), "-m", "bot.runtime.train", "--out", str(out)]
    done = subprocess.run(  # noqa: S603 - our own module
        command, cwd=ROOT, env=engine_environment(settings, threads=os.cpu_count() or 1), check=False, preexec_fn=end_with_parent
    )
    if done.returncode != 0 or not out.exists():
        raise TrainingFailed(f"the training ended with code {done.returncode}; its own words stand above")


def _compare(settings: Settings, fresh: Path, before: Path, *, force: bool) -> None:
    """Show a fresh model beside the last one on the project's test set.

    Raises:
        WorseModel: when the fresh one has fewer right answers.
    """
    from pracha import understanding  # it needs this module

    now, then = understanding.score(settings, fresh), understanding.score(settings, before)
    if now is None or then is None:
        print("not compared: there is no test set here, or the last model cannot be read any more", flush=True)
        return
    print(
        "the fresh model beside the last one, on messages that neither has learnt from:", *now.beside(then), sep="\n", flush=True
    )
    if now.share >= then.share:
        return
    words = f"the fresh model is worse: {now.share:.2%} right instead of {then.share:.2%}"
    if force:
        print(f"{words}; kept all the same, because you said so", flush=True)
        return
    _refusal(path(settings)).touch()
    raise WorseModel(f"{words}. The last one stays. FORCE=1 (pracha train --force) replaces it all the same")


def _refusal(target: Path) -> Path:
    """The mark that the model for these inputs was refused, so that it is not trained again at every start."""
    return target.with_name(target.name.replace(".tar.gz", ".refused"))


def _files(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        start = root / name
        if start.is_file():
            yield start
        for found in sorted(start.rglob("*")) if start.is_dir() else ():
            parts = found.relative_to(root).parts
            if found.is_file() and not ({".venv", "__pycache__"} & set(parts)) and parts[:2] != ("nlu_data", "tests"):
                yield found
