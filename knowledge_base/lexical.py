"""Lexical comparison: BM25 of a question against documents, over words or letter trigrams.

The weights of a piece are worked out when it is asked for, from how many documents have it now. That is why parts can be
added and joined without cutting any text again, which a library that stores finished scores does not allow.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge_base.postings import Places, Postings, collect

Scores = NDArray[np.float32]


class Lexical:
    """BM25 over documents, immutable once built."""

    def __init__(
        self, documents: Sequence[Sequence[str]] = (), *, parts: Sequence[Postings] = (), k1: float = 1.5, b: float = 0.75
    ) -> None:
        """Index the pieces (words or trigrams) of each document, or take parts that were collected before.

        Args:
            documents: The pieces of each document.
            parts: Documents collected before, instead.
            k1: How much more a piece counts that stands in a document again and again. This and ``b`` are BM25's constants.
            b: How much a long document is held back, 0 to 1.
        """
        self._parts = tuple(parts) or (collect(documents),)
        lengths = np.concatenate([part.lengths for part in self._parts])
        self._count = len(lengths)
        average = float(lengths.mean()) if lengths.any() else 1.0
        self._norms: Scores = (k1 * (1 - b + b * lengths / average)).astype(np.float32)
        self._firsts = [0, *np.cumsum([len(part.lengths) for part in self._parts]).tolist()]
        self._among: Places | None = None

    def among(self, places: NDArray[np.int64]) -> "Lexical":
        """The same for some of the documents only, given in rising order; quick for a few, however many there are."""
        narrowed = Lexical.__new__(Lexical)
        narrowed.__dict__.update(self.__dict__)
        narrowed._among = places.astype(np.int32)
        return narrowed

    def scores(self, pieces: Sequence[str], effort: int | None = None) -> Scores:
        """The BM25 score of each document; zeros where nothing is shared.

        Args:
            pieces: Of the question.
            effort: Look at about so many postings at most, and leave the commonest pieces out; None for all.
        """
        scores = np.zeros(self._size, dtype=np.float32)
        for piece, times in self._worth(pieces, effort):
            weight = np.float32(times * self._rarity(piece))
            for places, rows, counts in self._found(piece):
                often = counts.astype(np.float32)
                scores[rows] += weight * often / (often + self._norms[places])
        return scores

    def most(self, pieces: Sequence[str]) -> float:
        """What a document's score comes near to that holds all pieces again and again."""
        return sum(times * self._rarity(piece) for piece, times in Counter(pieces).items())

    def known(self, pieces: Sequence[str]) -> Scores:
        """How much of what was asked each document contains, rare pieces counting more: 0 to 1.

        Unlike BM25 it can be compared between questions, because pieces that no document has count against all.
        """
        asked = {piece: self._rarity(piece) for piece in dict.fromkeys(pieces)}
        total = sum(asked.values())
        shared = np.zeros(self._size, dtype=np.float32)
        for piece, weight in asked.items():
            for _, rows, _ in self._found(piece):
                shared[rows] += np.float32(weight / total)
        return shared

    @property
    def _size(self) -> int:
        return self._count if self._among is None else len(self._among)

    def _worth(self, pieces: Sequence[str], effort: int | None) -> list[tuple[str, int]]:
        """Give the pieces and how often each is asked for; with an effort the rarest first, as far as it reaches."""
        counted = Counter(pieces)
        if effort is None:
            return list(counted.items())
        chosen: list[tuple[str, int]] = []
        for piece in sorted(counted, key=self._spread):
            effort -= self._spread(piece)
            if chosen and effort < 0:
                break
            chosen.append((piece, counted[piece]))
        return chosen

    def _found(self, piece: str) -> Iterator[tuple[Places, Places, NDArray[np.uint8]]]:
        """Give the documents with a piece by their places, by their rows in the result, and how often they have it."""
        for part, first in zip(self._parts, self._firsts, strict=False):
            within, counts = part.find(piece)
            if not within.size:
                continue
            if self._among is None:
                places = within + np.int32(first)
                yield places, places, counts
                continue
            low, high = np.searchsorted(self._among, [first, first + len(part.lengths)])
            wanted = self._among[low:high] - np.int32(first)
            at = np.searchsorted(within, wanted)
            at[at == len(within)] = 0
            has = within[at] == wanted
            rows = np.arange(low, high, dtype=np.int32)[has]
            yield self._among[rows], rows, counts[at[has]]

    def _spread(self, piece: str) -> int:
        return sum(len(part.find(piece)[0]) for part in self._parts)

    def _rarity(self, piece: str) -> float:
        number = self._spread(piece)
        return math.log(1 + (self._count - number + 0.5) / (number + 0.5))
