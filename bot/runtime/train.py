"""Train a model: `python -m bot.runtime.train --out var/models/current.tar.gz`."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

from bot.runtime.errors import StartRefused
from bot.runtime.logs import configure_logs, quiet_surroundings

LEARNT_FROM = ("nlu", "rules", "stories")  # the folders of nlu_data that a model learns from


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    options = _parser().parse_args(arguments)
    quiet_surroundings()
    configure_logs()
    try:
        train(options.config, options.domain, options.data, options.out)
    except StartRefused as refusal:
        print(f"not trained: {refusal}", file=sys.stderr)
        return 1
    return 0


def train(config: Path, domain: Path, data: Path, out: Path) -> None:
    """Train a model and put it in the place of `out` at once, so that no reader ever sees half of one.

    Args:
        config: The pipeline and the policies.
        domain: The domain, a file or a folder.
        data: The folder with nlu/, rules/ and stories/.
        out: The model archive to be replaced.

    Raises:
        StartRefused: If there is nothing to train from or the training failed, with the reason.
    """
    from bot.runtime.pipeline import check_config

    began = time.monotonic()
    check_config(config)
    folders = [str(data / name) for name in LEARNT_FROM if (data / name).is_dir()]
    if not domain.exists() or not folders:
        raise StartRefused(f"{domain} and a folder of {', '.join(LEARNT_FROM)} under {data} are needed")
    print(f"training from {config}, {domain} and {', '.join(folders)}", flush=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".training-") as place:
        fresh = _trained(config, domain, folders, Path(place))
        os.replace(fresh, out)
    size = out.stat().st_size / 1e6
    print(f"trained {out} ({size:.1f} MB) in {time.monotonic() - began:.0f} s", flush=True)


def _trained(config: Path, domain: Path, folders: list[str], place: Path) -> Path:
    """Run Rasa's training with its chatter kept back, and tell of that only what explains a failure."""
    from rasa.model_training import train as train_rasa

    chatter = io.StringIO()
    try:
        with contextlib.redirect_stdout(chatter), contextlib.redirect_stderr(chatter):
            result = train_rasa(
                str(domain), str(config), folders, str(place), force_training=True, fixed_model_name="model.tar.gz"
            )
    except SystemExit as error:
        raise StartRefused(_last_words(chatter.getvalue())) from error
    except Exception as error:  # any failure of a component, told by its kind and place
        raise StartRefused(_explained(error)) from error
    if not result.model:
        raise StartRefused(_last_words(chatter.getvalue()))
    return Path(result.model)


def _explained(error: Exception) -> str:
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    frame = traceback.extract_tb(cause.__traceback__)[-1]
    return f"{type(cause).__name__}: {cause} ({Path(frame.filename).name}:{frame.lineno})"


def _last_words(chatter: str) -> str:
    lines = [line.strip() for line in chatter.splitlines() if line.strip()]
    return " ".join(lines[-3:]) or "Rasa gave no reason"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.runtime.train", description="Train the dialogue engine.")
    parser.add_argument("--out", type=Path, default=Path("var/models/current.tar.gz"))
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--domain", type=Path, default=Path("domain.yml"))
    parser.add_argument("--data", type=Path, default=Path("nlu_data"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
