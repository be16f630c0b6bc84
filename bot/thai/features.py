"""What a classifier looks at: the words of a message, pairs of words, and pieces of its letters."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

MAX_WORDS = 200  # what a message is about stands at its beginning; the rest only costs time
MAX_LETTERS = 4
MAX_WORD = 30  # letters of a word that are looked at; longer ones are addresses of web pages and nonsense

Document = Sequence[str]  # the clean words of one message


def pieces(document: Document) -> tuple[Counter[str], Counter[str]]:
    """Count what is seen in a message.

    Args:
        document: Its words, such as ["ไฟ", "ดับ"].

    Returns:
        Words and pairs (ไฟ, ดับ, "ไฟ ดับ"), and pieces of one to four letters of the whole ("ฟดับ"), its ends marked by a
        space. These go across words, since words are often cut otherwise than they were in training.
    """
    kept = list(document[:MAX_WORDS])
    by_word = Counter(kept)
    by_word.update(f"{first} {second}" for first, second in pairwise(kept))
    whole = f" {''.join(word[:MAX_WORD] for word in kept)} "
    by_letter = Counter(
        whole[start : start + length] for length in range(1, MAX_LETTERS + 1) for start in range(len(whole) - length + 1)
    )
    return by_word, by_letter


class Vocabulary:
    """The known pieces with their weights: rare ones say more than common ones (TF-IDF)."""

    def __init__(self, words: dict[str, int], letters: dict[str, int], rarity: np.ndarray) -> None:
        """Take the number of each piece and, by that number, its rarity."""
        self._words = words
        self._letters = letters
        self._rarity = rarity

    def __len__(self) -> int:
        """Return how many pieces are known."""
        return len(self._rarity)

    @classmethod
    def learn(cls, documents: Iterable[Document]) -> Vocabulary:
        """Collect the pieces of all messages; pieces of letters must have been seen twice."""
        counted = [pieces(document) for document in documents]
        words: Counter[str] = Counter()
        letters: Counter[str] = Counter()
        for by_word, by_letter in counted:
            words.update(by_word.keys())
            letters.update(by_letter.keys())
        kept_words = sorted(words)
        kept_letters = sorted(piece for piece, seen in letters.items() if seen > 1)
        seen = np.array([words[p] for p in kept_words] + [letters[p] for p in kept_letters], dtype=np.float64)
        rarity = np.log((1 + len(counted)) / (1 + seen)) + 1
        first = len(kept_words)
        return cls(
            {piece: number for number, piece in enumerate(kept_words)},
            {piece: first + number for number, piece in enumerate(kept_letters)},
            rarity.astype(np.float32),
        )

    def knows(self, document: Document) -> bool:
        """Tell whether any whole word of a message is known."""
        return any(word in self._words for word in document[:MAX_WORDS])

    def row(self, document: Document) -> tuple[np.ndarray, np.ndarray]:
        """Return the numbers of the known pieces of a message and their weights."""
        by_word, by_letter = pieces(document)
        words, word_weights = self._weighed(by_word, self._words)
        letters, letter_weights = self._weighed(by_letter, self._letters)
        return np.concatenate([words, letters]), np.concatenate([word_weights, letter_weights])

    def matrix(self, documents: Sequence[Document]) -> csr_matrix:
        """Return the rows of many messages as one sparse matrix, for training."""
        from scipy.sparse import csr_matrix

        rows = [self.row(document) for document in documents]
        ends = np.cumsum([0] + [len(numbers) for numbers, _ in rows])
        numbers = np.concatenate([numbers for numbers, _ in rows])
        weights = np.concatenate([weights for _, weights in rows])
        return csr_matrix((weights, numbers, ends), shape=(len(rows), len(self)))

    def _weighed(self, seen: Counter[str], known: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
        """Weigh one kind of pieces, so that words and letters each count as one whole."""
        found = [(known[piece], 1 + math.log(count)) for piece, count in seen.items() if piece in known]
        numbers = np.array([number for number, _ in found], dtype=np.int64)
        weights = np.array([count for _, count in found], dtype=np.float32) * self._rarity[numbers]
        length = float(np.linalg.norm(weights)) or 1.0
        return numbers, weights / length

    def save(self, folder: Path) -> None:
        """Write it into a folder of the model archive."""
        known = {"words": list(self._words), "letters": list(self._letters)}
        (folder / "vocabulary.json").write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
        np.save(folder / "rarity.npy", self._rarity)

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """Read it from a folder of the model archive."""
        known = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        words, letters = known["words"], known["letters"]
        return cls(
            {piece: number for number, piece in enumerate(words)},
            {piece: len(words) + number for number, piece in enumerate(letters)},
            np.load(folder / "rarity.npy"),
        )
