"""The sentence encoder once more, all its layers tuned to what one project wants to know of its messages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.thai.calibration import softmax
from bot.thai.sentences import LONGEST
from core import e5_model
from core.e5 import E5
from core.pieces import pieces

FEWEST = 5000  # messages to learn from; training takes minutes
_HEAT = 0.8  # of its scores: trained towards smoothed labels, they claim too little
_FILE = "encoder.npz"
_OUTER = ("outer", "outer_base")

Arrays = dict[str, np.ndarray]


class TunedEncoder:
    """Weighs the labels by the middle of a message's tokens, as an encoder sees them that was trained for these labels.

    It is the network of `core.e5` with other numbers in it, which lie in the model archive (22 MB).
    """

    def __init__(self, arrays: Arrays) -> None:
        """Take the network's constants and, as `outer` and `outer_base`, the labels' weights; RuntimeError without an encoder."""
        self._arrays = arrays
        self._outer, self._base = (arrays[name] for name in _OUTER)
        self._encoder = E5({title: values for title, values in arrays.items() if title not in _OUTER})

    @classmethod
    def train(cls, texts: Sequence[str], targets: np.ndarray, count: int) -> TunedEncoder:
        """Tune it: minutes, for each thousand messages one.

        Args:
            texts: Clean messages, such as "ไฟดับทั้งซอย".
            targets: The number of the right label of each.
            count: How many labels there are.

        Returns:
            The tuned encoder.
        """
        from bot.thai.fine_tuning import fine_tune

        tensors, outer, base = fine_tune([pieces().entries(text[:LONGEST]) for text in texts], targets, count)
        return cls({**e5_model.constants(tensors), "outer": outer / np.float32(_HEAT), "outer_base": base / np.float32(_HEAT)})

    def chances(self, text: str) -> np.ndarray:
        """Return the probability of each label for a clean message."""
        return softmax(self._encoder.rows(text[:LONGEST]).mean(axis=0) @ self._outer + self._base)

    def save(self, folder: Path) -> None:
        """Write it into a folder of the model archive."""
        np.savez(folder / _FILE, **self._arrays)

    @classmethod
    def load(cls, folder: Path) -> TunedEncoder:
        """Read it from a folder of the model archive."""
        with np.load(folder / _FILE) as file:
            return cls(dict(file))

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Tell whether a folder of the model archive has one."""
        return (folder / _FILE).exists()
