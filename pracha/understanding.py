"""How well a model understands, measured by the engine's environment; and whether a fresh model is worse than the last."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from core.settings import ROOT, Settings
from pracha.model import ENGINE_PYTHON, engine_environment
from pracha.process import end_with_parent

TESTS = ROOT / "tests" / "data"
FILES = ("intents_unseen.jsonl", "reports_unseen.jsonl")


@dataclass(frozen=True)
class Score:
    """What a model makes of the project's test set: right answers by kind, and of how many."""

    right: dict[str, int]
    asked: dict[str, int]

    @property
    def share(self) -> float:
        """The share of all answers that is right."""
        return sum(self.right.values()) / sum(self.asked.values())

    def beside(self, last: "Score") -> list[str]:
        """Lines that show both."""
        return [
            f"  {kind:<10} {self.right[kind] / count:6.1%} of {count}, the last model {last.right[kind] / last.asked[kind]:6.1%}"
            for kind, count in self.asked.items()
        ]


def evaluate(settings: Settings, *arguments: str) -> int:
    """Run `python -m bot.evaluation` with arguments, its output as ours; gives its code."""
    command = [str(ENGINE_PYTHON), "-m", "bot.evaluation", *arguments]
    done = subprocess.run(  # noqa: S603 - our own module
        command, cwd=ROOT, env=engine_environment(settings, threads=2), check=False, preexec_fn=end_with_parent
    )
    return done.returncode


def score(settings: Settings, trained: Path) -> Score | None:
    """Measure a model on the project's test set; None if there is no such set here, or the model cannot be read any more."""
    if not all((TESTS / name).is_file() for name in FILES):
        return None
    command = [str(ENGINE_PYTHON), "-m", "bot.evaluation", "project", str(TESTS), "--model", str(trained)]
    done = subprocess.run(  # noqa: S603 - our own module
        command, cwd=ROOT, env=engine_environment(settings, threads=2), check=False, preexec_fn=end_with_parent,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    if done.returncode != 0:
        return None
    found = json.loads(done.stdout.splitlines()[-1])
    return Score(found["right"], found["asked"])
