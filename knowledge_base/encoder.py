"""Encoders: sentences as vectors whose nearness is nearness of meaning. Search works without one."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core import e5_model
from core.e5 import E5

Vectors = NDArray[np.float32]
_LONGEST = 512  # letters; the time grows with the length


class Encoder(Protocol):
    """Turns texts into vectors. An agency may bring its own.

    An implementer must give the same vector for the same text, each of length 1, and must allow calls from several
    threads. It must not raise on odd text (empty, emoji, very long) and must not use the network. It may block: callers
    run it in an executor and never cancel it.
    """

    @property
    def name(self) -> str:
        """What made the vectors, with its version; vectors of another name are not used."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text."""


class SmallE5:
    """multilingual-e5-small in 8 bits, inside the process: half a second to load, some 5 ms for a question."""

    def __init__(self) -> None:
        """Load the model."""
        self._model = E5()
        self._name = e5_model.name()

    @property
    def name(self) -> str:
        """The model with the versions of what made it."""
        return self._name

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text; all are encoded as questions, because questions are compared with questions."""
        return self._model.encode([text[:_LONGEST] for text in texts])


def available() -> bool:
    """Whether the model can run here: set-up has made its network, or it can be made."""
    return e5_model.ensure() is not None


def open_encoder(*, dense: bool) -> Encoder | None:
    """The encoder of this process for FAQs, whitened; None if the settings say no or the machine cannot."""
    from knowledge_base import whitening  # it needs this module

    plain = open_plain_encoder(dense=dense)
    found = whitening.read() if plain else None
    return whitening.Whitened(plain, found) if plain and found and found.encoder == plain.name else plain


def open_plain_encoder(*, dense: bool) -> Encoder | None:
    """The same without whitening, for texts that are no FAQs, and for calibration."""
    return SmallE5() if dense and available() else None
