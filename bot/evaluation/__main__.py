"""Measure how a model understands: `python -m bot.evaluation intents asked.jsonl --model var/models/pracha-….tar.gz`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.evaluation.rows import BadFile
from bot.runtime.logs import configure_logs, quiet_surroundings


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the last line is JSON, and a file that cannot be used ends it with a sentence and code 1."""
    options = _parser().parse_args(arguments)
    quiet_surroundings()
    configure_logs()
    try:
        figures = _measured(options)
    except BadFile as problem:
        print(problem, file=sys.stderr)
        return 1
    print(json.dumps(figures))
    return 0


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    if options.what == "pipeline":
        from bot.evaluation.foreign import evaluate

        with tempfile.TemporaryDirectory(prefix="pracha-pipeline-") as folder:
            return _rounded(evaluate(options.config, options.train, options.test, options.label, Path(folder), sys.stdout))
    from bot.evaluation import project, understanding
    from bot.evaluation.model import Reader

    if options.what == "project":
        return project.score(Reader(options.model), options.folder)
    understanding.check(options.what, options.file)  # before the seconds that a model takes to load
    measure = {"intents": understanding.intents, "reports": understanding.reports, "dates": understanding.dates}
    return _rounded(measure[options.what](Reader(options.model), options.file, sys.stdout))


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.evaluation", description="Measure how a model understands.")
    kinds = parser.add_subparsers(dest="what", required=True)
    for what in ("intents", "reports", "dates"):
        kind = kinds.add_parser(what)
        kind.add_argument("file", type=Path)
        kind.add_argument("--model", type=Path, required=True)
    project = kinds.add_parser("project", help="right answers on the project's test set, for the comparison of two models")
    project.add_argument("folder", type=Path)
    project.add_argument("--model", type=Path, required=True)
    pipeline = kinds.add_parser("pipeline")
    pipeline.add_argument("--config", type=Path, default=Path("config.yml"))
    pipeline.add_argument("--train", type=Path, required=True)
    pipeline.add_argument("--test", type=Path, required=True)
    pipeline.add_argument("--label", default="intent")
    return parser


if __name__ == "__main__":
    sys.exit(main())
