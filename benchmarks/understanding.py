"""Our pipeline beside stock Rasa pipelines on the same foreign data: ``make bench-understanding DATA=folder``.

The folder holds train.jsonl and dev.jsonl of MASSIVE th-TH ({"text", "intent"}; CC BY 4.0, not part of this repository). All
pipelines are trained on the same rows and tested on the same; `--rows` takes that many of the training rows by lot (their file
goes by topics), `--epochs` bounds DIET. Runs in the engine's environment. The last line is JSON: accuracies and the
milliseconds a message takes.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.runtime.logs import configure_logs, quiet_surroundings

ROOT = Path(__file__).resolve().parent.parent
_SEED = 7
_FEATURES = [
    {"name": "WhitespaceTokenizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]


def pipelines(epochs: int) -> dict[str, list[dict[str, Any]]]:
    """Ours, ours without sentence vectors, and the two that Rasa's documentation starts with."""
    from bot.evaluation.foreign import steps

    ours = steps(ROOT / "config.yml")
    return {
        "ours": ours,
        "ours_without_vectors": [{**step, "dense": False} if "dense" in step else step for step in _explicit(ours)],
        "rasa_logistic_regression": [*_FEATURES, {"name": "LogisticRegressionClassifier"}],
        "rasa_diet": [*_FEATURES, {"name": "DIETClassifier", "epochs": epochs, "entity_recognition": False}],
    }


def _explicit(steps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**step, "dense": True} if step["name"].endswith("ThaiSentenceVectors") else step for step in steps]


def measure(pipeline: list[dict[str, Any]], learnt: list[dict[str, Any]], asked: list[dict[str, Any]]) -> dict[str, float]:
    """Train and test one pipeline."""
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.evaluation.figures import accuracy, calibration_error, macro_f1
    from bot.evaluation.foreign import judge, train_pipeline

    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pracha-bench-") as folder:
        data = TrainingData([Message({TEXT: row["text"], INTENT: row["intent"]}) for row in learnt])
        components = train_pipeline(pipeline, data, Path(folder))
        trained = time.monotonic() - began
        judged = judge(components, asked, "intent")
        began = time.monotonic()
        for row in asked[:100]:
            judge(components, [row], "intent")
        each = (time.monotonic() - began) / len(asked[:100])
    return {
        "accuracy": round(accuracy(judged), 4),
        "macro_f1": round(macro_f1(judged), 4),
        "ece": round(calibration_error(judged), 4),
        "training_seconds": round(trained, 1),
        "milliseconds": round(each * 1000, 2),
    }


def main() -> int:
    """Measure all pipelines one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=3000, help="training rows; 0 for all (55 minutes, most of it DIET's)")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--only", nargs="*", default=[], help="names of pipelines")
    options = parser.parse_args()
    quiet_surroundings()
    configure_logs()
    from bot.evaluation import rows

    learnt = rows.read(options.folder / "train.jsonl", ("text", "intent"))
    learnt = random.Random(_SEED).sample(learnt, min(options.rows or len(learnt), len(learnt)))
    known = {row["intent"] for row in learnt}
    asked = [row for row in rows.read(options.folder / "dev.jsonl", ("text", "intent")) if row["intent"] in known]
    print(f"{len(learnt)} training rows, {len(asked)} unseen ones, {len(known)} intents", flush=True)
    found = {}
    for name, pipeline in pipelines(options.epochs).items():
        if options.only and name not in options.only:
            continue
        found[name] = measure(pipeline, learnt, asked)
        print(f"{name:>26}  " + "  ".join(f"{key} {value}" for key, value in found[name].items()), flush=True)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
