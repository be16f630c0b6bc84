"""A file with the vectors of the last training, so that the next one encodes only what is new."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

Encode = Callable[[Sequence[str]], np.ndarray]


class VectorFile:
    """Vectors by the hash of their text. What the last training did not use is not kept, so the file does not grow."""

    def __init__(self, path: Path | None, encoder: str) -> None:
        """Name the file (None keeps nothing) and the encoder; vectors of another one are not used."""
        self._path = path
        self._encoder = encoder

    def through(self, encode: Encode) -> Encode:
        """Return `encode` with the file before it."""

        def with_file(texts: Sequence[str]) -> np.ndarray:
            keys = [blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest() for text in texts]
            known = self._read()
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            if missing:
                known.update(zip(missing, encode(list(missing.values())), strict=True))
                self._write({key: known[key] for key in keys})
            return np.stack([known[key] for key in keys])

        return with_file

    def _read(self) -> dict[str, np.ndarray]:
        if self._path is None or not self._path.is_file():
            return {}
        try:
            with np.load(self._path, allow_pickle=False) as file:
                if str(file["encoder"]) != self._encoder:
                    return {}
                return dict(zip(file["keys"].tolist(), file["rows"], strict=True))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):  # half a file is as good as none
            return {}

    def _write(self, rows: dict[str, np.ndarray]) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._path.parent, suffix=".npz", delete=False) as fresh:
            np.savez(fresh, encoder=self._encoder, keys=np.array(list(rows)), rows=np.stack(list(rows.values())))
        os.replace(fresh.name, self._path)
