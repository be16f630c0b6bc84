"""The project's pipeline on data by others: trained on one file, tested on another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_config_file

from bot.evaluation import rows
from bot.evaluation.figures import Judged, accuracy
from bot.evaluation.understanding import Figures, show

_CONTEXT = ExecutionContext(GraphSchema({}))


def evaluate(config: Path, train: Path, test: Path, label: str, storage: Path, out: TextIO) -> Figures:
    """Train the components of `config` that make an intent of a text, and test them; entities and fallback are left out.

    Args:
        config: The project's config.yml.
        train: A file of {"text", label}.
        test: The same, unseen.
        label: The key of the label.
        storage: An empty folder for what the components keep.
        out: Where to print.

    Raises:
        BadFile: with the row.
    """
    learnt, asked = rows.read(train, ("text", label)), rows.read(test, ("text", label))
    rows.check_known(test, asked, label, {row[label] for row in learnt}, f"{label} of {train.name}")
    print(f"training on {len(learnt)} messages with {len({row[label] for row in learnt})} labels", file=out, flush=True)
    data = TrainingData([Message({TEXT: row["text"], INTENT: row[label]}) for row in learnt])
    components = train_pipeline(steps(config), data, storage)
    judged = judge(components, asked, label)
    show(label, judged, out)
    return {"accuracy": accuracy(judged)}


def train_pipeline(pipeline: Sequence[dict[str, Any]], data: TrainingData, storage: Path) -> list[Any]:
    """Train components one after the other, up to the first that makes intents, each as Rasa's graph does."""
    storage.mkdir(parents=True, exist_ok=True)
    kept = LocalModelStorage.create(storage)
    trained = []
    for number, step in enumerate(pipeline):
        registered = DefaultV1Recipe._from_registry(step["name"])
        settings = {**registered.clazz.get_default_config(), **step}
        settings.pop("name")
        component: Any = registered.clazz.create(settings, kept, Resource(str(number)), _CONTEXT)
        if registered.is_trainable:
            component.train(data)
        if hasattr(component, "process_training_data"):
            data = component.process_training_data(data)
        trained.append(component)
        if DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER in registered.types:
            return trained
    raise rows.BadFile("the pipeline has no intent classifier")


def judge(components: Sequence[Any], asked: Sequence[rows.Row], label: str) -> list[Judged]:
    """Put rows through trained components and compare."""
    messages = [Message({TEXT: row["text"]}) for row in asked]
    for component in components:
        messages = component.process(messages)
    judged = []
    for row, message in zip(asked, messages, strict=True):
        best = message.get(INTENT) or {"name": None, "confidence": 0.0}
        judged.append(Judged(row[label], best["name"], best["confidence"]))
    return judged


def steps(config: Path) -> list[dict[str, Any]]:
    """Read the pipeline."""
    found: list[dict[str, Any]] = read_config_file(config)["pipeline"]
    return found
