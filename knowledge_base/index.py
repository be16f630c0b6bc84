"""The index: all published FAQs, ready to be compared with what a citizen asks. Immutable."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowledge_base import background as ground
from knowledge_base.background import Background
from knowledge_base.encoder import Vectors
from knowledge_base.entry import Entry
from knowledge_base.lexical import Lexical
from knowledge_base.wording import Wording, trigrams

Matrix = NDArray[np.float64]
SPARSE = ("words", "words_known", "letters", "letters_known", "words_elsewhere", "letters_elsewhere")
DENSE = (*SPARSE, "nearest", "centre", "answer", "nearest_cosine", "centre_cosine", "nearest_elsewhere", "crowd_elsewhere")


@dataclass(frozen=True)
class Meaning:
    """The vectors of an index: every known question, and for each FAQ the middle of them and its answer in two languages."""

    questions: Vectors
    starts: NDArray[np.int64]
    centres: Vectors
    answers: tuple[Vectors, Vectors]

    def cosines(self, vector: Vectors) -> list[Vectors]:
        """For each FAQ the nearness of its nearest question, of the middle of its questions, and of its answer."""
        nearest = np.maximum.reduceat(self.questions @ vector, self.starts)
        thai, english = self.answers
        return [nearest, self.centres @ vector, np.maximum(thai @ vector, english @ vector)]


@dataclass(frozen=True)
class Index:
    """Compares a question with every FAQ, and with the background, by words, letters and (given vectors) meaning."""

    entries: tuple[Entry, ...]
    wording: Wording
    words: Lexical
    letters: Lexical
    background: Background
    meaning: Meaning | None = None

    @cached_property
    def exact(self) -> dict[str, int]:
        """The FAQ of every known question that belongs to one FAQ only, as its place in `entries`."""
        found: dict[str, int] = {}
        shared: set[str] = set()
        for place, entry in enumerate(self.entries):
            for question in _questions(entry, self.wording):
                shared.update({question} & found.keys())
                found[question] = place
        return {question: place for question, place in found.items() if question not in shared}

    def signals(self, canonical: str, vector: Vectors | None = None, *, without: int | None = None) -> Matrix:
        """Compare a question with every FAQ.

        Args:
            canonical: The question, already in one wording.
            vector: Its vector; None leaves meaning out.
            without: A question of the background to be left out, for calibration.

        Returns:
            One row for each FAQ; the columns are SPARSE or, with a vector, DENSE. Those called known, cosine and
            elsewhere can be compared between questions; the others are z-scores over the FAQs.
        """
        words, letters = self.wording.words(canonical), trigrams(canonical)
        columns = [
            _z(self.words.scores(words)),
            self.words.known(words),
            _z(self.letters.scores(letters)),
            self.letters.known(letters),
            *self._alike(self.background.lexical(words, letters, without)),
        ]
        if vector is not None and self.meaning is not None:
            nearest, centre, answer = self.meaning.cosines(vector)
            columns += [_z(nearest), _z(centre), _z(answer), _spread_out(nearest), _spread_out(centre)]
            columns += map(_spread_out, self._alike(self.background.cosines(vector, without)))
        return np.stack(columns, axis=1).astype(np.float64)

    def _alike(self, values: Sequence[float]) -> list[NDArray[np.float32]]:
        return [np.full(len(self.entries), value, dtype=np.float32) for value in values]


def build(entries: Sequence[Entry], unanswerable: Sequence[str], wording: Wording) -> Index:
    """Index FAQs by words and letters; `with_meaning` adds the rest. Blocks for about 2 ms a FAQ."""
    documents = [_document(entry, wording) for entry in entries]
    return Index(
        entries=tuple(entries),
        wording=wording,
        words=Lexical([[word for text in texts for word in wording.words(text)] for texts in documents]),
        letters=Lexical([[three for text in texts for three in trigrams(text)] for texts in documents]),
        background=ground.build(unanswerable, wording),
    )


def texts_to_encode(index: Index) -> list[str]:
    """The texts whose vectors `with_meaning` wants, in its order: questions, Thai answers, English answers, background."""
    questions = [text for entry in index.entries for text in _questions(entry, index.wording)]
    thai = [index.wording.canonical(f"{entry.question.th} {entry.summary.th}") for entry in index.entries]
    english = [index.wording.canonical(f"{entry.question.en} {entry.summary.en}") for entry in index.entries]
    return [*questions, *thai, *english, *index.background.texts]


def with_meaning(index: Index, vectors: Vectors) -> Index:
    """The same index with the vectors of `texts_to_encode`."""
    if not index.entries:
        return index
    counts = [len(_questions(entry, index.wording)) for entry in index.entries]
    asked, faqs = sum(counts), len(counts)
    questions, thai, english, others = np.split(vectors, [asked, asked + faqs, asked + 2 * faqs])
    starts = np.cumsum([0, *counts[:-1]])
    centres = np.add.reduceat(questions, starts)
    centres = (centres / np.linalg.norm(centres, axis=1, keepdims=True)).astype(np.float32)
    meaning = Meaning(questions, starts, centres, (thai, english))
    return replace(index, meaning=meaning, background=ground.with_vectors(index.background, others))


def _questions(entry: Entry, wording: Wording) -> list[str]:
    """Give a FAQ's questions in one wording, without doubles; never an empty list, for `reduceat` needs one."""
    return list(dict.fromkeys(wording.canonical(text) for text in entry.questions()))


def _document(entry: Entry, wording: Wording) -> list[str]:
    """Give all of a FAQ that words are looked for in: the questions and the Thai answer."""
    parts = [entry.summary.th, *entry.steps, *entry.documents, entry.fee, entry.time, entry.where]
    return _questions(entry, wording) + [wording.canonical(part) for part in parts if part]


def _z(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    spread = scores.std() if scores.size else 0.0
    return (scores - scores.mean()) / spread if spread > 1e-6 else np.zeros_like(scores)


def _spread_out(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring e5's cosines, which lie between 0.75 and 0.95, to the size of the other signals."""
    return (cosines - np.float32(0.85)) * np.float32(20)
