"""A trained model as a reader of messages: its pipeline without its dialogue."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY

from bot.thai.categories import CATEGORY, ThaiCategoryClassifier
from bot.thai.intents import ThaiIntentClassifier

_AT_ONCE = 64


class Understood(NamedTuple):
    """What was understood of one message; `intent` is the classifier's choice even where the fallback stepped in."""

    intent: str | None
    sure: float
    fell_back: bool
    ranking: list[dict[str, Any]]
    category: dict[str, Any]
    entities: list[dict[str, Any]]


class Reader:
    """Reads messages with the pipeline of a model archive."""

    def __init__(self, archive: Path) -> None:
        """Load the archive; its folder lives as long as this object."""
        self._folder = tempfile.TemporaryDirectory(prefix="pracha-model-")
        about, self._runner = load_predict_graph_runner(Path(self._folder.name), archive, LocalModelStorage, DaskGraphRunner)
        # The last node of the graph turns texts that begin with "/" into intents: texts stop at the node before it.
        self._target = about.predict_schema.nodes[str(about.nlu_target)].needs["messages"]
        self.intents = self._labels(ThaiIntentClassifier)
        self.categories = self._labels(ThaiCategoryClassifier)

    def read(self, texts: Sequence[str], nows: Sequence[str] | None = None) -> list[Understood]:
        """Understand texts; `nows` are the times at which they were written, ISO."""
        metadata = [{"now": now} for now in nows] if nows is not None else [{}] * len(texts)
        written = [UserMessage(text, metadata=about) for text, about in zip(texts, metadata, strict=True)]
        found: list[Understood] = []
        for start in range(0, len(written), _AT_ONCE):
            inputs = {PLACEHOLDER_MESSAGE: written[start : start + _AT_ONCE]}
            found += [_understood(message) for message in self._runner.run(inputs, targets=[self._target])[self._target]]
        return found

    def _labels(self, component: type) -> set[str]:
        """Return what a classifier can answer, from its part of the archive; nothing if the pipeline has none."""
        files = Path(self._folder.name).glob(f"*{component.__name__}*/labels.json")
        return {label for file in files for label in json.loads(file.read_text(encoding="utf-8"))["labels"]}


def _understood(message: Any) -> Understood:
    ranking = message.get(INTENT_RANKING_KEY) or []
    chosen = [one for one in ranking if one["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME]
    best = chosen[0] if chosen else {"name": None, "confidence": 0.0}
    fell_back = (message.get(INTENT) or {}).get("name") == DEFAULT_NLU_FALLBACK_INTENT_NAME
    nothing = {"name": None, "confidence": 0.0, "ranking": []}
    entities = message.get(ENTITIES) or []
    return Understood(best["name"], best["confidence"], fell_back, chosen, message.get(CATEGORY) or nothing, entities)
