"""The sentence encoder's vocabulary: text as the pieces that it was trained with, and what its network is given of each."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core import e5_model

if TYPE_CHECKING:
    from core.e5_model import Weights

_SPACE = "\u2581"  # how the vocabulary writes a space


class Pieces:
    """Cuts texts into numbered pieces: "ไฟดับ" into the space before it, "ไฟ" and "ดับ"."""

    def __init__(self, weights: Weights) -> None:
        """Take the pieces with their scores and vectors, and what single letters are replaced by."""
        sizes, tensors = weights.sizes, weights.tensors
        self.wide = sizes["wide"]
        self._ends, self._most = (sizes["bos"], sizes["eos"]), sizes["longest"] - 2
        self._words = tensors["emb.word"].reshape(-1, self.wide // 32)
        self._places = tensors["emb.pos"].reshape(-1, self.wide) + tensors["emb.type"][: self.wide]
        self._numbers = {piece: number for number, piece in enumerate(weights.pieces)}
        self._scores = weights.scores.tolist()
        self._unknown = sizes["unk"]
        self._unknown_score = min(self._scores) - 10
        self._longest = max(map(len, self._numbers))
        self._replacements = weights.replacements

    def cut(self, text: str) -> list[int]:
        """Return the likeliest pieces of a text (unigram language model, Viterbi), as numbers of the vocabulary."""
        text = text.translate(self._replacements)
        while "  " in text:
            text = text.replace("  ", " ")
        text = (text if text.startswith(" ") else f" {text}").replace(" ", _SPACE)
        best = [0.0] + [-math.inf] * len(text)
        via: list[tuple[int, int]] = [(0, 0)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(start + self._longest, len(text)) + 1):
                number = self._numbers.get(text[start:end])
                if number is None:
                    if end > start + 1:
                        continue
                    number, score = self._unknown, self._unknown_score
                else:
                    score = self._scores[number]
                if best[start] + score > best[end]:
                    best[end], via[end] = best[start] + score, (start, number)
        found, end = [], len(text)
        while end:
            end, number = via[end]
            found.append(number)
        return found[::-1]

    def tokens(self, text: str) -> list[int]:
        """Return a text as the network takes it: the numbers of its pieces between those of beginning and end."""
        return [self._ends[0], *self.cut(text)[: self._most], self._ends[1]]

    def entries(self, text: str) -> NDArray[np.float32]:
        """Return one row for each token of a text: what the network's first layer is given."""
        tokens = self.tokens(text)
        rows: NDArray[np.float32] = e5_model.unpack(self._words[tokens]) + self._places[: len(tokens)]
        return rows


@cache
def pieces() -> Pieces:
    """Return the vocabulary, one for all encoders of a process (70 MB); RuntimeError where the weights are missing."""
    return Pieces(e5_model.weights())
