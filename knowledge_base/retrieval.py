"""Retrieval over plain passages: the search's parts on collections of others, for measuring them beside plain BM25."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

import bm25s
import numpy as np
from numpy.typing import NDArray

from core import thai
from knowledge_base.encoder import Encoder, Vectors
from knowledge_base.lexical import Lexical
from knowledge_base.wording import trigrams

Matrix = NDArray[np.float32]
_PIECE = 300  # letters; a passage is as near in meaning as its nearest piece
_DEPTH = 10


class CollectionError(ValueError):
    """A file cannot be used; the message names it and the line: "questions.jsonl, line 3: ..."."""


@dataclass(frozen=True)
class Collection:
    """Passages, questions on them, and for each question the place of its passage."""

    passages: tuple[str, ...]
    questions: tuple[str, ...]
    right: NDArray[np.intp]


@dataclass(frozen=True)
class Ranking:
    """How well a way of searching ranks: shares and means over all questions, each from 0 to 1."""

    recall_at_1: float
    mrr: float
    ndcg_at_10: float


class Retriever:
    """Ranks passages for a question by words, letters and, if there is an encoder, meaning."""

    def __init__(self, passages: Sequence[str], encoder: Encoder | None = None) -> None:
        """Index the passages. Blocks; with an encoder for some 0.2 s a piece of 300 letters."""
        clean = [thai.normalise(passage) for passage in passages]
        self._words = Lexical([_words(text) for text in clean])
        self._letters = Lexical([trigrams(text) for text in clean])
        self._encoder = encoder
        self._pieces: Vectors | None = None
        if encoder is not None and clean:
            pieces = [[text[start : start + _PIECE] for start in range(0, max(len(text), 1), _PIECE)] for text in clean]
            self._starts = np.cumsum([0, *(len(some) for some in pieces[:-1])])
            self._pieces = encoder.encode([piece for some in pieces for piece in some])

    def signals(self, question: str) -> dict[str, Matrix]:
        """How well each passage fits by each way: "words", "letters" and, with an encoder, "meaning"."""
        clean = thai.normalise(question)
        found = {
            "words": self._words.scores(_words(clean)),
            "letters": self._letters.scores(trigrams(clean)),
        }
        if self._encoder is not None and self._pieces is not None:
            near = self._pieces @ self._encoder.encode([clean])[0]
            found["meaning"] = np.maximum.reduceat(near, self._starts).astype(np.float32)
        return found

    def scores(self, question: str) -> Matrix:
        """How well each passage fits by all ways together: the sum of their z-scores."""
        return fused(self.signals(question))


def fused(signals: Mapping[str, Matrix]) -> Matrix:
    """Add the z-scores of all ways; they weigh the same."""
    total: Matrix = np.sum([_z(scores) for scores in signals.values()], axis=0)
    return total


def read(contexts: Path, questions: Path) -> Collection:
    """Read a collection from JSON lines.

    Args:
        contexts: {"cid", "text"} a line.
        questions: {"question", "cid"} a line.

    Raises:
        CollectionError: A line cannot be used, or a question names a passage that is not there.
    """
    places: dict[str, int] = {}
    texts: list[str] = []
    for place, row in _rows(contexts, "cid", "text"):
        if row["cid"] in places:
            raise CollectionError(f"{place}: the cid {row['cid']!r} stands in an earlier line too")
        places[row["cid"]] = len(texts)
        texts.append(row["text"])
    asked: list[str] = []
    right: list[int] = []
    for place, row in _rows(questions, "question", "cid"):
        if row["cid"] not in places:
            raise CollectionError(f"{place}: there is no passage with the cid {row['cid']!r} in {contexts.name}")
        asked.append(row["question"])
        right.append(places[row["cid"]])
    return Collection(tuple(texts), tuple(asked), np.array(right, dtype=np.intp))


def compare(collection: Collection, encoder: Encoder | None = None) -> dict[str, Ranking]:
    """Rank everything in every way, for a table.

    Returns:
        "BM25, newmm words" and "BM25, letter trigrams" as bm25s ranks by itself; with an encoder "meaning"; and "fused".
    """
    retriever = Retriever(collection.passages, encoder)
    places: dict[str, list[int]] = {}
    for name, scores in _baselines(collection).items():
        places[name] = [_place(row, right) for row, right in zip(scores, collection.right, strict=True)]
    for question, right in zip(collection.questions, collection.right, strict=True):
        signals = retriever.signals(question)
        if "meaning" in signals:
            places.setdefault("meaning", []).append(_place(signals["meaning"], right))
        places.setdefault("fused", []).append(_place(fused(signals), right))
    return {name: rank(found) for name, found in places.items()}


def evaluate_retrieval(contexts: Path, questions: Path, encoder: Encoder | None, out: TextIO) -> Ranking:
    """Compare on a collection and print a table; the last line is JSON with the figures of "fused".

    Raises:
        CollectionError: A file cannot be used.
    """
    collection = read(contexts, questions)
    out.write(f"{len(collection.passages)} passages, {len(collection.questions)} questions\n")
    compared = compare(collection, encoder)
    out.write(f"{'':<24}{'recall_at_1':>12}{'mrr':>8}{'ndcg_at_10':>12}\n")
    for name, one in compared.items():
        out.write(f"{name:<24}{one.recall_at_1:>12.4f}{one.mrr:>8.4f}{one.ndcg_at_10:>12.4f}\n")
    out.write(json.dumps(asdict(compared["fused"])) + "\n")
    return compared["fused"]


def rank(places: Sequence[int]) -> Ranking:
    """Give the figures for the places of the right passages, counted from 1."""
    found = np.array(places, dtype=np.float64)
    gains = np.where(found <= _DEPTH, 1 / np.log2(found + 1), 0)
    return Ranking(*(round(float(figures.mean()), 4) for figures in (found == 1, 1 / found, gains)))


def _baselines(collection: Collection) -> dict[str, list[Matrix]]:
    cuts = {"BM25, newmm words": _words, "BM25, letter trigrams": trigrams}
    found: dict[str, list[Matrix]] = {}
    for name, cut in cuts.items():
        library = bm25s.BM25()
        library.index([list(cut(thai.normalise(text))) or [""] for text in collection.passages], show_progress=False)
        found[name] = []
        for question in collection.questions:
            pieces = [piece for piece in cut(thai.normalise(question)) if piece in library.vocab_dict]
            scores = library.get_scores(pieces) if pieces else np.zeros(len(collection.passages))
            found[name].append(np.asarray(scores, dtype=np.float32))
    return found


def _place(scores: Matrix, right: int) -> int:
    """Give the place of the right passage, counted from 1; of equals it counts as the last."""
    return int((scores >= scores[right]).sum())


def _z(scores: Matrix) -> Matrix:
    spread = scores.std()
    return (scores - scores.mean()) / spread if spread > 1e-6 else np.zeros_like(scores)


def _words(clean: str) -> list[str]:
    return [word for word in thai.words(clean) if any(letter.isalnum() for letter in word)]


def _rows(path: Path, *parts: str) -> list[tuple[str, dict[str, str]]]:
    """Read JSON lines that have these parts as text, each with where it stands; empty lines are passed over."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise CollectionError(f"{path.name} cannot be read as UTF-8 text: {problem}") from problem
    found = [
        (place, _row(place, line, parts))
        for place, line in ((f"{path.name}, line {number}", line) for number, line in enumerate(lines, start=1))
        if line.strip()
    ]
    if not found:
        raise CollectionError(f"{path.name} holds no line")
    return found


def _row(place: str, line: str, parts: Sequence[str]) -> dict[str, str]:
    try:
        row = json.loads(line)
    except ValueError as problem:
        raise CollectionError(f"{place}: this is not JSON: {problem}") from problem
    if not isinstance(row, dict):
        raise CollectionError(f"{place}: this must be an object like {{{', '.join(repr(part) for part in parts)}}}")
    for part in parts:
        if isinstance(row.get(part), int) and not isinstance(row[part], bool):
            row[part] = str(row[part])
        if not isinstance(row.get(part), str) or not row[part].strip():
            raise CollectionError(f"{place}: the part {part!r} must be there and be text")
    return row
