"""Vectors on disk: a text is encoded once per installation, so that processes start quickly."""

import os
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from knowledge_base.encoder import Encoder, Vectors


class VectorStore:
    """Vectors by the hash of their text, in one file for each encoder. Losing the file costs time, nothing else."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Use `vectors-<encoder>.npz` in a folder, usually `var/`."""
        self._path = folder / f"vectors-{encoder.name}.npz"
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def missing(self, texts: Sequence[str]) -> int:
        """Count the texts that would have to be encoded."""
        self._load_if_useful(texts)
        return sum(_key(text) not in self._known for text in set(texts))

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row for each text; new ones are encoded and kept. Blocks."""
        self._load_if_useful(texts)
        new = [text for text in dict.fromkeys(texts) if _key(text) not in self._known]
        if new:
            self._known.update(zip(map(_key, new), self._encoder.encode(new), strict=True))
            self._save(texts)
        return np.stack([self._known[_key(text)] for text in texts]) if texts else self._encoder.encode([])

    def _load_if_useful(self, texts: Sequence[str]) -> None:
        if all(_key(text) in self._known for text in texts):
            return
        try:
            with np.load(self._path, allow_pickle=False) as file:
                self._known = dict(zip(file["keys"].tolist(), file["vectors"], strict=True)) | self._known
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return  # no file yet, or a broken one: it will be written anew

    def _save(self, texts: Sequence[str]) -> None:
        """Replace the file in one step: processes that write at once lose each other's news, never the file."""
        wanted = {_key(text) for text in texts}
        if len(self._known) > 4 * len(wanted) + 1000:  # forget texts of long ago
            self._known = {key: vector for key, vector in self._known.items() if key in wanted}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._path.parent, suffix=".new")
        with os.fdopen(descriptor, "wb") as file:
            np.savez(file, keys=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
        os.replace(name, self._path)


def _key(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
