"""The background: questions that no FAQ answers. A question that is nearer to them than to any FAQ gets no answer."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from knowledge_base.content import FOLDER
from knowledge_base.encoder import Vectors
from knowledge_base.lexical import Lexical
from knowledge_base.wording import Wording, trigrams

_LINE = re.compile(r"(?:(?P<topic>[a-z0-9-]+): +)?(?P<question>.+)")
_SEVERAL = 3  # that many of the nearest together say more than the one


def read_unanswerable(known_ids: Collection[str], folder: Path = FOLDER) -> list[str]:
    """Read `unanswerable.txt`: one question a line, lines that begin with # are remarks.

    A line "passport-lost: พาสปอร์ตหายที่สนามบินต้องแจ้งใคร" counts only while there is no FAQ of that id.
    """
    path = folder / "unanswerable.txt"
    if not path.exists():
        return []
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    parted = (_LINE.fullmatch(line) for line in lines if line and not line.startswith("#"))
    return [line["question"] for line in parted if line and line["topic"] not in known_ids]


@dataclass(frozen=True)
class Background:
    """Compares a question with the unanswerable ones. Immutable."""

    texts: tuple[str, ...]
    words: Lexical
    letters: Lexical
    vectors: Vectors | None = None

    def lexical(self, words: Sequence[str], letters: Sequence[str], without: int | None = None) -> list[float]:
        """How much of a question's words and letters the nearest unanswerable one shares, 0 to 1.

        Args:
            words: The question's words.
            letters: Its trigrams.
            without: An unanswerable question to be left out, for calibration.
        """
        return [_top(self.words.known(words), without, 1), _top(self.letters.known(letters), without, 1)]

    def cosines(self, vector: Vectors, without: int | None = None) -> list[float]:
        """How near in meaning the nearest unanswerable one is, and the nearest three on average."""
        if self.vectors is None or not len(self.vectors):
            return [0.0, 0.0]
        near = self.vectors @ vector
        return [_top(near, without, 1), _top(near, without, _SEVERAL)]


def build(questions: Sequence[str], wording: Wording) -> Background:
    """Index unanswerable questions by words and letters."""
    texts = tuple(wording.canonical(question) for question in questions)
    return Background(texts, Lexical([wording.words(text) for text in texts]), Lexical([trigrams(text) for text in texts]))


def with_vectors(background: Background, vectors: Vectors) -> Background:
    """The same with one vector for each text."""
    return replace(background, vectors=vectors)


def _top(scores: Vectors, without: int | None, count: int) -> float:
    """Give the mean of the highest scores."""
    if without is not None:
        scores = np.delete(scores, without)
    return float(np.sort(scores)[-count:].mean()) if scores.size else 0.0
