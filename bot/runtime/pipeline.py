"""What a model must have before it may be trained or served."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from bot.runtime.errors import StartRefused

TOKENIZER = "ThaiTokenizer"


def check_config(path: Path) -> dict[str, Any]:
    """Read `config.yml` and make sure that Thai is cut into words.

    Raises:
        StartRefused: If the file is missing or its language is `th` and its pipeline has no ThaiTokenizer.
    """
    import rasa.shared.utils.io

    if not path.is_file():
        raise StartRefused(f"{path} is missing")
    config: dict[str, Any] = rasa.shared.utils.io.read_config_file(path)
    components = [step.get("name", "") for step in config.get("pipeline") or []]
    _check(str(path), config.get("language"), components)
    import_components()
    return config


def check_model(path: Path) -> None:
    """Make sure that a model archive was trained with ThaiTokenizer if its language is `th`.

    Raises:
        StartRefused: If the file is no model, has no dialogue, or cannot cut Thai.
    """
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    import_components()
    try:
        about = LocalModelStorage.metadata_from_archive(path)
    except Exception as error:  # an archive can be broken in many ways, all meaning the same here
        raise StartRefused(f"{path} is not a model that can be read ({type(error).__name__})") from error
    if about.core_target is None:
        raise StartRefused(f"{path} has no dialogue: it was trained without stories and rules")
    _check(str(path), about.language, [node.uses.__name__ for node in about.predict_schema.nodes.values()])


def import_components() -> None:
    """Import the modules of our components, so that Rasa knows them by their short names too."""
    for module in ("tokenizer", "intents", "categories", "numbers", "dates", "places"):
        importlib.import_module(f"bot.thai.{module}")


def _check(what: str, language: str | None, components: list[str]) -> None:
    if language == "th" and not any(name.split(".")[-1] == TOKENIZER for name in components):
        raise StartRefused(
            f"{what} has the language th but no {TOKENIZER} in its pipeline: without it a Thai sentence is one long word"
        )
