"""Postings: which pieces (words or letter trigrams) stand in which documents, and how often. Immutable, and small on disk."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int32]
Flags = NDArray[np.bool_]
_MOST = 255  # a piece that stands more often in one document counts as this often


@dataclass(frozen=True)
class Postings:
    """An inverted index.

    The documents of a piece stand in ``places[starts[n]:starts[n + 1]]`` in rising order, where n is ``terms[piece]``, and
    how often the piece stands in each at the same positions of ``counts``. ``lengths`` are the pieces of each document.
    """

    terms: dict[str, int]
    starts: NDArray[np.int64]
    places: Places
    counts: NDArray[np.uint8]
    lengths: Places

    def find(self, piece: str) -> tuple[Places, NDArray[np.uint8]]:
        """The documents with a piece, and how often it stands in each."""
        number = self.terms.get(piece)
        if number is None:
            return self.places[:0], self.counts[:0]
        start, end = self.starts[number], self.starts[number + 1]
        return self.places[start:end], self.counts[start:end]


def collect(documents: Iterable[Sequence[str]]) -> Postings:
    """Make the postings of documents, each given as its pieces."""
    terms: dict[str, int] = {}
    numbers, counts, lengths, sizes = [], [], [], []
    for document in documents:
        counted = Counter(document)
        numbers.append(np.fromiter((terms.setdefault(piece, len(terms)) for piece in counted), np.int32, len(counted)))
        counts.append(np.minimum(np.fromiter(counted.values(), np.int64, len(counted)), _MOST).astype(np.uint8))
        lengths.append(len(document))
        sizes.append(len(counted))
    flat = np.concatenate(numbers) if numbers else np.empty(0, np.int32)
    order = flat.argsort(kind="stable")
    return Postings(
        terms,
        _starts(np.bincount(flat, minlength=len(terms))),
        np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)[order],
        (np.concatenate(counts) if counts else np.empty(0, np.uint8))[order],
        np.array(lengths, dtype=np.int32),
    )


def merge(parts: Sequence[Postings], kept: Sequence[Flags]) -> Postings:
    """Join postings into one, in the order of the parts.

    Args:
        parts: What to join.
        kept: For each part which of its documents stay.

    Returns:
        The same as `collect` of the documents that stay, but for pieces that no document has any more.
    """
    terms = {piece: number for number, piece in enumerate(dict.fromkeys(piece for part in parts for piece in part.terms))}
    renumbered = [_renumbered(flags, before) for flags, before in zip(kept, _before(kept), strict=True)]
    places: list[Places] = []
    counts: list[NDArray[np.uint8]] = []
    sizes = np.zeros(len(terms), np.int64)
    for piece, number in terms.items():
        for part, flags, new in zip(parts, kept, renumbered, strict=True):
            found, often = part.find(piece)
            if not found.size:
                continue
            stays = flags[found]
            places.append(new[found[stays]])
            counts.append(often[stays])
            sizes[number] += len(places[-1])
    return Postings(
        terms,
        _starts(sizes),
        np.concatenate(places) if places else np.empty(0, np.int32),
        np.concatenate(counts) if counts else np.empty(0, np.uint8),
        np.concatenate([part.lengths[flags] for part, flags in zip(parts, kept, strict=True)]),
    )


def _before(kept: Sequence[Flags]) -> list[int]:
    """How many documents stay before each part."""
    return [sum(int(flags.sum()) for flags in kept[:number]) for number in range(len(kept))]


def _renumbered(flags: Flags, before: int) -> Places:
    numbers: Places = (np.cumsum(flags, dtype=np.int64) - 1 + before).astype(np.int32)
    return numbers


def _starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
