"""A small sequence model that marks which words of a message name a place, learnt from the `[...](place)` markup."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.thai.gazetteer import Gazetteer
from bot.thai.landmarks import AREA_SIGNS, BESIDE, LANDMARKS, STOPS, Span, Word

_FILE = "places.crfsuite"
_REACH = 2  # how many words to each side are looked at
_FIRST, _INSIDE, _OUTSIDE = "B", "I", "O"


class PlaceTagger:
    """Marks places word by word (a conditional random field)."""

    def __init__(self, model: bytes, gazetteer: Gazetteer) -> None:
        """Take a trained model as its file's bytes."""
        import pycrfsuite

        self._model = model
        self._gazetteer = gazetteer
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(model)

    @classmethod
    def train(
        cls, examples: Sequence[tuple[Sequence[Word], Sequence[Span]]], gazetteer: Gazetteer, folder: Path
    ) -> PlaceTagger:
        """Learn from messages (their words, and the spans of their places), using `folder` for the model file."""
        import pycrfsuite

        trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
        trainer.set_params({"c1": 0.1, "c2": 0.05, "max_iterations": 80, "feature.possible_transitions": True})
        for words, spans in examples:
            if words:
                trainer.append(features(words, gazetteer), _tags(words, spans))
        trainer.train(str(folder / _FILE))
        return cls.load(folder, gazetteer)

    @classmethod
    def load(cls, folder: Path, gazetteer: Gazetteer) -> PlaceTagger:
        """Read a trained model from a folder of the archive."""
        return cls((folder / _FILE).read_bytes(), gazetteer)

    @staticmethod
    def exists(folder: Path) -> bool:
        """Tell whether a folder holds a trained model."""
        return (folder / _FILE).is_file()

    def find(self, words: Sequence[Word]) -> list[tuple[int, int, float]]:
        """Return the (start, end, confidence) of each place in the text as it was typed."""
        if not words:
            return []
        tags = self._tagger.tag(features(words, self._gazetteer))
        found: list[tuple[int, int, float]] = []
        for place, (tag, (_, start, end)) in enumerate(zip(tags, words)):
            sure = self._tagger.marginal(tag, place)
            if tag == _INSIDE and place and tags[place - 1] != _OUTSIDE and found:
                first, _, least = found[-1]
                found[-1] = (first, end, min(least, sure))
            elif tag != _OUTSIDE:
                found.append((start, end, sure))
        return found


def features(words: Sequence[Word], gazetteer: Gazetteer) -> list[dict[str, Any]]:
    """Describe each word by itself and by its neighbours."""
    own = [_described(words, place, gazetteer) for place in range(len(words))]
    result = []
    for place in range(len(words)):
        described: dict[str, Any] = {"bias": 1.0}
        for step in range(-_REACH, _REACH + 1):
            if 0 <= place + step < len(words):
                described.update({f"{step}:{key}": value for key, value in own[place + step].items()})
            else:
                described[f"{step}:edge"] = True
        if place:
            described["pair"] = f"{words[place - 1][0]} {words[place][0]}"
        result.append(described)
    return result


def _described(words: Sequence[Word], place: int, gazetteer: Gazetteer) -> dict[str, Any]:
    word = words[place][0]
    gap = place > 0 and words[place][1] > words[place - 1][2]
    return {
        "word": word,
        "kind": _kind(word),
        "gap": gap,
        "name": gazetteer.level(word) or "",
        "first": word[:2],
        "last": word[-2:],
        "long": min(len(word), 8),
    }


def _kind(word: str) -> str:
    if word[0].isdigit():
        return "number"
    for kind, members in (("area", AREA_SIGNS), ("beside", BESIDE), ("landmark", LANDMARKS), ("stop", STOPS)):
        if word in members:
            return kind
    return "latin" if word[0].isascii() and word[0].isalpha() else "thai" if word[0].isalpha() else "mark"


def _tags(words: Sequence[Word], spans: Sequence[Span]) -> list[str]:
    tags = []
    for _, start, end in words:
        span = next((span for span in spans if start < span[1] and span[0] < end), None)
        tags.append(_OUTSIDE if span is None else _FIRST if start <= span[0] else _INSIDE)
    return tags
