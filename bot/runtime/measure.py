"""Measure on unseen messages, by five-fold cross-validation: `python -m bot.runtime.measure`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.runtime.logs import quiet_surroundings

FOLDS = 5
_SEED = 11


def main(arguments: list[str] | None = None) -> int:
    """Print the accuracies of intents, categories and places; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.runtime.measure", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("nlu_data/nlu"))
    parser.add_argument("--mistakes", action="store_true", help="print every wrong place and the commonest confusions")
    options = parser.parse_args(arguments)
    quiet_surroundings()
    examples = read_examples(options.data)
    print(f"{len(examples)} examples")
    _report("intent", *_labelled(examples, "intent"), options.mistakes)
    reports = [example for example in examples if example["category"]]
    if reports:
        _report("category", *_labelled(reports, "category"), options.mistakes)
    marked = {example["intent"] for example in examples if example["places"]}
    measure_places([example for example in examples if example["intent"] in marked], options.mistakes)
    return 0


def read_examples(folder: Path) -> list[dict[str, Any]]:
    """Read the training examples: text, words, intent, category and the spans of places."""
    from rasa.shared.importers.utils import training_data_from_paths

    from core import thai

    data = training_data_from_paths(sorted(str(path) for path in folder.glob("*.yml")), "th")
    return [
        {
            "text": example.get("text"),
            "words": thai.spans(example.get("text")),
            "intent": example.get("intent"),
            "category": (example.get("intent_response_key") or "/").split("/", 1)[1],
            "places": [
                (entity["start"], entity["end"]) for entity in example.get("entities") or [] if entity["entity"] == "place"
            ],
        }
        for example in data.intent_examples
    ]


def folds_of(labels: Sequence[str]) -> np.ndarray:
    """Deal the examples of each label over the folds."""
    order = np.random.default_rng(_SEED).permutation(len(labels))
    order = order[np.argsort(np.array(labels)[order], kind="stable")]
    folds = np.empty(len(labels), dtype=int)
    folds[order] = np.arange(len(labels)) % FOLDS
    return folds


def _labelled(examples: list[dict[str, Any]], key: str) -> tuple[list[dict[str, Any]], list[str], list[Any]]:
    from bot.thai.linear import LinearModel

    labels = [example[key] for example in examples]
    documents = [[word for word, _, _ in example["words"]] for example in examples]
    folds = folds_of(labels)
    rankings: list[Any] = [None] * len(examples)
    for fold in range(FOLDS):
        learnt = np.flatnonzero(folds != fold)
        model = LinearModel.train([documents[place] for place in learnt], [labels[place] for place in learnt])
        for place in np.flatnonzero(folds == fold):
            rankings[place] = model.rank(documents[place])
    return examples, labels, rankings


def _report(what: str, examples: list[dict[str, Any]], labels: list[str], rankings: list[Any], mistakes: bool) -> None:
    right = np.array([ranking[0][0] == label for ranking, label in zip(rankings, labels, strict=True)])
    in_three = np.mean([label in [name for name, _ in ranking[:3]] for ranking, label in zip(rankings, labels, strict=True)])
    sure = np.array([ranking[0][1] for ranking in rankings])
    per_label = [right[[label == name for label in labels]].mean() for name in sorted(set(labels))]
    print(
        f"{what}: {right.mean():.1%} right, {np.mean(per_label):.1%} mean over labels, {in_three:.1%} among the first three,"
        f" mean confidence {sure.mean():.1%}"
    )
    for low, high in ((0, 0.2), (0.2, 0.35), (0.35, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        here = (sure >= low) & (sure < high)
        if here.any():
            print(f"  confidence {low:.2f} to {min(high, 1):.2f}: {here.sum():5d} messages, {right[here].mean():.1%} right")
    if mistakes:
        pairs = Counter((label, ranking[0][0]) for ranking, label in zip(rankings, labels, strict=True) if ranking[0][0] != label)
        for (label, said), count in pairs.most_common(15):
            print(f"  {count:4d} {label} read as {said}")


def measure_places(examples: list[dict[str, Any]], mistakes: bool) -> None:
    """Compare the rules and the sequence model by exact phrases."""
    from bot.thai.gazetteer import Gazetteer
    from bot.thai.landmarks import find_phrases
    from bot.thai.place_tagger import PlaceTagger

    gazetteer = Gazetteer.read()
    folds = folds_of([example["category"] or example["intent"] for example in examples])
    by_rule = [find_phrases(example["words"], gazetteer) for example in examples]
    by_model: list[Any] = [None] * len(examples)
    for fold in range(FOLDS):
        learnt = [(examples[place]["words"], examples[place]["places"]) for place in np.flatnonzero(folds != fold)]
        with tempfile.TemporaryDirectory() as folder:
            tagger = PlaceTagger.train(learnt, gazetteer, Path(folder))
        for place in np.flatnonzero(folds == fold):
            by_model[place] = [(start, end) for start, end, _ in tagger.find(examples[place]["words"])]
    wanted = [example["places"] for example in examples]
    _report_places("rules", wanted, by_rule)
    _report_places("model", wanted, by_model)
    if mistakes:
        for example, found in zip(examples, by_model, strict=True):
            if found != example["places"]:
                print(" ", example["text"], [_cut(example, example["places"]), _cut(example, found)])


def _report_places(what: str, wanted: list[Any], found: list[Any]) -> None:
    hits = sum(len(set(one) & set(other)) for one, other in zip(wanted, found, strict=True))
    precision = hits / max(sum(map(len, found)), 1)
    recall = hits / max(sum(map(len, wanted)), 1)
    same = np.mean([set(one) == set(other) for one, other in zip(wanted, found, strict=True)])
    print(
        f"place by {what}: exact phrase precision {precision:.1%}, recall {recall:.1%},"
        f" F1 {2 * precision * recall / max(precision + recall, 1e-9):.1%}; {same:.1%} of messages wholly right"
    )


def _cut(example: dict[str, Any], spans: Sequence[tuple[int, int]]) -> list[str]:
    return [example["text"][start:end] for start, end in spans]


if __name__ == "__main__":
    sys.exit(main())
