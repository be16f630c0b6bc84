"""A small sequence model that marks which words of a message name a place, learnt from the `[...](place)` markup."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.thai.gazetteer import Gazetteer
from bot.thai.landmarks import Span, Word
from bot.thai.place_words import AREA_SIGNS, BEGINNINGS, BESIDE, LANDMARKS, STOPS

_FILE = "places.crfsuite"
_REACH = 3  # how many words to each side are looked at
_CLOSE = 1  # and how many of them letter by letter
_LONGEST_NAME = 5  # words
_FIRST, _INSIDE, _LAST, _ONLY, _OUTSIDE = "B", "I", "E", "S", "O"
# Measured by python -m bot.runtime.measure; BIOES tags find 2 in 100 phrases more than BIO tags.
_SETTINGS = {"c1": 0.03, "c2": 0.1, "max_iterations": 80, "feature.possible_transitions": True}


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
    def train(cls, examples: Sequence[tuple[Sequence[Word], Sequence[Span]]], gazetteer: Gazetteer, folder: Path) -> PlaceTagger:
        """Learn from messages (their words, and the spans of their places), using `folder` for the model file."""
        import pycrfsuite

        trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
        trainer.set_params(_SETTINGS)
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
        for place, (tag, (_, start, end)) in enumerate(zip(tags, words, strict=True)):
            sure = self._tagger.marginal(tag, place)
            if tag in (_INSIDE, _LAST) and place and tags[place - 1] != _OUTSIDE and found:
                first, _, least = found[-1]
                found[-1] = (first, end, min(least, sure))
            elif tag != _OUTSIDE:
                found.append((start, end, sure))
        return found


def features(words: Sequence[Word], gazetteer: Gazetteer) -> list[dict[str, Any]]:
    """Describe each word by itself and by its neighbours."""
    known = _known_names(words, gazetteer)
    own = [_described(words, place, known[place]) for place in range(len(words))]
    letters = [_letters(word) for word, _, _ in words]
    result = []
    for place in range(len(words)):
        described: dict[str, Any] = {"bias": 1.0}
        for step in range(-_REACH, _REACH + 1):
            if not 0 <= place + step < len(words):
                described[f"{step}:edge"] = True
                continue
            described.update({f"{step}:{key}": value for key, value in own[place + step].items()})
            if abs(step) <= _CLOSE:
                described.update({f"{step}:{key}": value for key, value in letters[place + step].items()})
        described.update(_patterns(words, own, place))
        result.append(described)
    return result


def _known_names(words: Sequence[Word], gazetteer: Gazetteer) -> list[str]:
    """Mark the words that make up names of the gazetteer: first or later word, and the level of the name."""
    marks = [""] * len(words)
    for first in range(len(words)):
        name = ""
        for last in range(first, min(first + _LONGEST_NAME, len(words))):
            if last > first and words[last][1] != words[last - 1][2]:
                break
            name += words[last][0]
            level = gazetteer.level(name) if len(name) > 2 else None
            if level:
                for place in range(first, last + 1):
                    marks[place] = f"{'first' if place == first else 'later'} {level}"
    return marks


def _described(words: Sequence[Word], place: int, known: str) -> dict[str, Any]:
    word = words[place][0]
    gap = place > 0 and words[place][1] > words[place - 1][2]
    return {"word": word, "kind": _kind(word), "gap": gap, "name": known}


def _letters(word: str) -> dict[str, Any]:
    """Describe how a word is written: what no dictionary knows still begins and ends like its kind."""
    described: dict[str, Any] = {"long": min(len(word), 6)}
    for length in (1, 2, 3):
        described[f"first{length}"] = word[:length]
        described[f"last{length}"] = word[-length:]
    beginning = max((start for start in BEGINNINGS if word.startswith(start)), key=len, default="")
    if beginning:
        described["beginning"] = beginning
    return described


def _patterns(words: Sequence[Word], own: list[dict[str, Any]], place: int) -> dict[str, str]:
    """Describe a word and its neighbours together, by their kinds and the gaps between them."""

    def seen(step: int, key: str) -> str:
        return str(own[place + step][key]) if 0 <= place + step < len(own) else "#"

    before, here, after = seen(-1, "kind"), seen(0, "kind"), seen(1, "kind")
    return {
        "pair": f"{words[place - 1][0] if place else '#'} {words[place][0]}",
        "kinds before": f"{before} {here}",
        "kinds after": f"{here} {after}",
        "kinds around": f"{before} {here} {after}",
        "kinds far before": f"{seen(-2, 'kind')} {before} {here}",
        "gaps": f"{here} {seen(0, 'gap')} {seen(1, 'gap')}",
        "gap before": f"{before} {seen(0, 'gap')} {here}",
    }


def _kind(word: str) -> str:
    if word[0].isdigit():
        return "number"
    for kind, members in (("area", AREA_SIGNS), ("beside", BESIDE), ("landmark", LANDMARKS), ("stop", STOPS)):
        if word in members:
            return kind
    return "latin" if word[0].isascii() and word[0].isalpha() else "thai" if word[0].isalpha() else "mark"


def _tags(words: Sequence[Word], spans: Sequence[Span]) -> list[str]:
    """Tag each word as the first, an inner, the last or the only one of a place, or as outside of any."""
    holders = [next((span for span in spans if start < span[1] and span[0] < end), None) for _, start, end in words]
    tags = []
    for place, holder in enumerate(holders):
        begins = place == 0 or holders[place - 1] != holder
        ends = place + 1 == len(holders) or holders[place + 1] != holder
        if holder is None:
            tags.append(_OUTSIDE)
        elif begins:
            tags.append(_ONLY if ends else _FIRST)
        else:
            tags.append(_LAST if ends else _INSIDE)
    return tags
