"""Lexical comparison: BM25 of a question against documents, over words or letter trigrams."""

import logging
import math
from collections import Counter
from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
logging.getLogger("bm25s").setLevel(logging.WARNING)  # it reports every build otherwise


class Lexical:
    """BM25 over documents, immutable once built."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        """Index the pieces (words or trigrams) of each document."""
        self._count = len(documents)
        seen = Counter(piece for pieces in documents for piece in set(pieces))
        self._weights = {piece: self._rarity(number) for piece, number in seen.items()}
        self._sets = [frozenset(pieces) for pieces in documents]
        self._bm25: bm25s.BM25 | None = None
        if seen:
            self._bm25 = bm25s.BM25()
            self._bm25.index([list(pieces) for pieces in documents], show_progress=False)

    def scores(self, pieces: Sequence[str]) -> Scores:
        """The BM25 score of each document; zeros where nothing is shared."""
        known = [piece for piece in pieces if piece in self._weights]
        if self._bm25 is None or not known:
            return np.zeros(self._count, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def known(self, pieces: Sequence[str]) -> Scores:
        """How much of what was asked each document contains, rare pieces counting more: 0 to 1.

        Unlike BM25 it can be compared between questions, because pieces that no document has count against all.
        """
        asked = {piece: self._weights.get(piece, self._rarity(0)) for piece in set(pieces)}
        total = sum(asked.values())
        if not total:
            return np.zeros(self._count, dtype=np.float32)
        shared = [sum(weight for piece, weight in asked.items() if piece in document) for document in self._sets]
        return np.asarray(shared, dtype=np.float32) / np.float32(total)

    def _rarity(self, number: int) -> float:
        return math.log(1 + (self._count - number + 0.5) / (number + 0.5))
