"""Sentences as vectors by multilingual-e5-small, in this process: "ไฟดับ" and "ไม่มีไฟฟ้าใช้" come out near each other."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import e5_model

_ASKED = "query: "  # the model was trained with it; all texts are encoded so, since like is compared with like
_SPACE = "\u2581"  # how the vocabulary writes a space


class E5:
    """The encoder; one may be used by several threads."""

    def __init__(self) -> None:
        """Load network and vocabulary: 0.5 s, 90 MB. Raises RuntimeError where there is no network."""
        import onnxruntime

        path, source = e5_model.ensure(), e5_model.source()
        if path is None or source is None:
            raise RuntimeError("no sentence encoder: run `make setup`, or set PRACHA_DENSE=false")
        about = onnxruntime.SessionOptions()
        about.intra_op_num_threads = about.inter_op_num_threads = 1
        self._network: Any = onnxruntime.InferenceSession(path, about, providers=["CPUExecutionProvider"])
        weights = e5_model.read(source)
        sizes, tensors = weights.sizes, weights.tensors
        self.wide = sizes["wide"]
        self._ends, self._unknown, self._longest = (sizes["bos"], sizes["eos"]), sizes["unk"], sizes["longest"] - 2
        self._numbers = {piece: number for number, piece in enumerate(weights.pieces)}
        self._scores = weights.scores.tolist()
        self._unknown_score = min(self._scores) - 10
        self._piece_letters = max(map(len, self._numbers))
        self._replacements = weights.replacements
        self._before = 1 + len(self.tokens(_ASKED.strip()))
        self._words = tensors["emb.word"].reshape(-1, self.wide // 32)
        self._places = tensors["emb.pos"].reshape(-1, self.wide) + tensors["emb.type"][: self.wide]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text; the same text has the same row whatever is beside it.

        Raises nothing on odd text: "" and emoji have vectors too; what is beyond 510 tokens is left out.
        """
        rows = np.empty((len(texts), self.wide), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[:] = _middle(self._run(text, "rows")[0])
        return rows

    def look(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """A text by its last and its inner layer: the middles of both, and the states of its tokens in both, one row a token.

        "ไฟดับ" has four tokens: the space before it, two pieces, the end. What the model wants before a text is left out.
        """
        rows, inner = self._run(text, "rows", "inner")
        return np.hstack([_middle(rows), _middle(inner)]), np.hstack([rows, inner])[self._before :]

    def _run(self, text: str, *wanted: str) -> list[NDArray[np.float32]]:
        # One at a time: the network finds its activations' scale over all it is given at once.
        tokens = [self._ends[0], *self.tokens(_ASKED + text)[: self._longest], self._ends[1]]
        state = e5_model.unpack(self._words[tokens]) + self._places[: len(tokens)]
        return [found[0] for found in self._network.run(wanted, {"tokens": state[None]})]

    def tokens(self, text: str) -> list[int]:
        """The likeliest pieces of a text (unigram language model, Viterbi), as numbers of the vocabulary."""
        text = text.translate(self._replacements)
        while "  " in text:
            text = text.replace("  ", " ")
        text = (text if text.startswith(" ") else f" {text}").replace(" ", _SPACE)
        best = [0.0] + [-math.inf] * len(text)
        via: list[tuple[int, int]] = [(0, 0)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(start + self._piece_letters, len(text)) + 1):
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


def _middle(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    middle = rows.mean(axis=0)
    found: NDArray[np.float32] = middle / max(float(np.linalg.norm(middle)), 1e-12)
    return found
