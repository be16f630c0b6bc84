"""The project's own test set: right answers counted, so that two models can be compared."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from bot.evaluation import rows, understanding
from bot.evaluation.model import Reader


def score(reader: Reader, folder: Path) -> dict[str, Any]:
    """Count what a model understands of the unseen messages in a folder.

    Raises:
        BadFile: with the row.
    """
    asked = rows.read(folder / "intents_unseen.jsonl", ("text", "intent"))
    reported = rows.read(folder / "reports_unseen.jsonl", ("text", "category"), ("place",))
    intents = understanding.intents(reader, folder / "intents_unseen.jsonl", io.StringIO())
    reports = understanding.reports(reader, folder / "reports_unseen.jsonl", io.StringIO())
    counts = {"intents": len(asked), "categories": len(reported), "places": sum(bool(row["place"]) for row in reported)}
    shares = {"intents": intents["accuracy"], "categories": reports["category_accuracy"], "places": reports["place_exact"]}
    return {"right": {kind: round(shares[kind] * count) for kind, count in counts.items()}, "asked": counts}
