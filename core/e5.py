"""Sentences as vectors by multilingual-e5-small, in this process: "ไฟดับ" and "ไม่มีไฟฟ้าใช้" come out near each other."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import e5_model
from core.pieces import pieces

_ASKED = "query: "  # the model was trained with it; all texts are encoded so, since like is compared with like


class E5:
    """The encoder; one may be used by several threads."""

    def __init__(self, constants: Mapping[str, NDArray[Any]] | None = None) -> None:
        """Load network and vocabulary: 0.5 s, 90 MB; a second one 20 MB.

        Args:
            constants: What it multiplies and adds with (`e5_model.constants`), if it was tuned; else as it came.

        Raises:
            RuntimeError: There is no network.
        """
        import onnxruntime

        path, source = e5_model.ensure(), e5_model.source()
        if path is None or source is None:
            raise RuntimeError("no sentence encoder: run `make setup`, or set PRACHA_DENSE=false")
        about = onnxruntime.SessionOptions()
        about.intra_op_num_threads = about.inter_op_num_threads = 1
        self._constants = {  # kept, since the session only points to them
            title: onnxruntime.OrtValue.ortvalue_from_numpy(values) for title, values in (constants or {}).items()
        }
        for title, value in self._constants.items():
            about.add_initializer(title, value)
        self._network: Any = onnxruntime.InferenceSession(path, about, providers=["CPUExecutionProvider"])
        weights = e5_model.read(source)
        self.wide = weights.sizes["wide"]
        self._ends, self._longest = (weights.sizes["bos"], weights.sizes["eos"]), weights.sizes["longest"] - 2
        self._pieces = pieces()
        self._before = 1 + len(self._pieces.cut(_ASKED.strip()))
        self._words, self._places = e5_model.entries(weights)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text; the same text has the same row whatever is beside it.

        Raises nothing on odd text: "" and emoji have vectors too; what is beyond 510 tokens is left out.
        """
        rows = np.empty((len(texts), self.wide), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[:] = _middle(self._run(_ASKED + text, "rows")[0])
        return rows

    def look(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """A text by its last and its inner layer: the middles of both, and the states of its tokens in both, one row a token.

        "ไฟดับ" has four tokens: the space before it, two pieces, the end. What the model wants before a text is left out.
        """
        rows, inner = self._run(_ASKED + text, "rows", "inner")
        return np.hstack([_middle(rows), _middle(inner)]), np.hstack([rows, inner])[self._before :]

    def rows(self, text: str) -> NDArray[np.float32]:
        """The states of a text's tokens in the last layer, beginning and end among them, with nothing put before the text."""
        return self._run(text, "rows")[0]

    def tokens(self, text: str) -> list[int]:
        """A text as the network takes it: the numbers of its pieces between those of beginning and end."""
        return [self._ends[0], *self._pieces.cut(text)[: self._longest], self._ends[1]]

    def entries(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """One row for each token: what the network's first layer is given."""
        rows: NDArray[np.float32] = e5_model.unpack(self._words[list(tokens)]) + self._places[: len(tokens)]
        return rows

    def _run(self, text: str, *wanted: str) -> list[NDArray[np.float32]]:
        # One at a time: the network finds its activations' scale over all it is given at once.
        found = self._network.run(wanted, {"tokens": self.entries(self.tokens(text))[None]})
        return [rows[0] for rows in found]


def _middle(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    middle = rows.mean(axis=0)
    found: NDArray[np.float32] = middle / max(float(np.linalg.norm(middle)), 1e-12)
    return found
